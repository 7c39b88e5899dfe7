"""A real browser on this machine, Chromium or Chrome, driven by Playwright; it reaches nothing but this machine."""

import contextlib
import os
import shutil
from types import SimpleNamespace

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
OPTIONS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars", "--no-proxy-server"]
WITHIN = ("http://127.0.0.1:", "http://localhost:", "file:", "data:", "blob:", "about:")


@pytest.fixture
def browser():
    """Give a browser tab with what it should not see: requests to the outside, dialogs, errors of the console."""
    with browsing() as tab:
        yield tab


@contextlib.contextmanager
def browsing(**options):
    """Open a tab, its `page` with lists of what went `outside`, of `dialogs` and `errors`; skip without a browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=_found(), headless=True, args=OPTIONS)
        page = chromium.new_page(**{"viewport": {"width": 1280, "height": 1800}} | options)
        tab = SimpleNamespace(page=page, outside=[], dialogs=[], errors=[])
        page.on("dialog", lambda dialog: (tab.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: tab.errors.append(str(error)))
        page.on("console", lambda message: message.type == "error" and tab.errors.append(message.text))
        page.route("**/*", lambda route: _pass(route, tab.outside))
        try:
            yield tab
        finally:
            chromium.close()


def _pass(route, outside):
    if route.request.url.startswith(WITHIN):
        route.continue_()
    else:
        outside.append(route.request.url)
        route.abort()


def _found():
    """Return the path of a browser; CI must have one."""
    for name in filter(None, (os.environ.get("CHROMIUM"), *NAMES)):
        if path := shutil.which(name):
            return path
    reason = "there is no Chromium: install chromium or Chrome, or name it in the variable CHROMIUM"
    if os.environ.get("LEADANALYTICS_REQUIRE_CHROMIUM"):
        pytest.fail(reason)
    pytest.skip(reason)
