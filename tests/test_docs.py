"""The documentation site builds without a warning, leads nowhere into the void, and asks nothing of the outside."""

import importlib.util
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from chromium import browsing
from quiet_server import serving

import leadanalytics

ROOT = Path(__file__).parent.parent
HOST = "http://site.example"
EXTRA = "the documentation's tools are not installed: pip install 'leadanalytics[docs]'"


class Page(HTMLParser):
    """What one page of the site leads to, and where in it one can be led."""

    def __init__(self, text):
        super().__init__()
        self.targets, self.anchors = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id":
                self.anchors.add(value)
            elif name in ("href", "src") and value is not None:
                self.targets.add(value)


class Files(SimpleHTTPRequestHandler):
    folder = None

    def __init__(self, *connection):
        super().__init__(*connection, directory=str(self.folder))

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if not importlib.util.find_spec("mkdocs"):
        pytest.skip(EXTRA)
    folder = tmp_path_factory.mktemp("docs") / "site"
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (built.returncode, built.stdout, built.stderr.strip()) == (0, "", "")
    return folder


@pytest.fixture(scope="module")
def pages(site):
    """Every page by its address."""
    return {
        f"{HOST}/{path.parent.relative_to(site).as_posix()}/".replace("/./", "/"): Page(path.read_text("utf-8"))
        for path in site.rglob("index.html")
    }


def test_every_internal_link_leads_to_a_page_and_a_place_on_it(site, pages):
    lost = []
    for address, page in pages.items():
        for target in page.targets:
            url = urlsplit(urljoin(address, target))
            if f"{url.scheme}://{url.netloc}" != HOST:
                continue
            there = f"{HOST}{url.path}"
            if there in pages:
                found = not url.fragment or unquote(url.fragment) in pages[there].anchors
            else:
                found = (site / unquote(url.path).lstrip("/")).is_file()
            if not found:
                lost.append(f"{address}: {target}")
    assert not lost


def test_the_reference_has_every_public_name(pages):
    places = {anchor for address, page in pages.items() if "/reference/" in address for anchor in page.anchors}
    errors = {f"errors.{name}" for name in leadanalytics.errors.__all__}
    wanted = {name for name in leadanalytics.__all__ if name != "errors"} | errors
    assert not {name for name in wanted if f"leadanalytics.{name}" not in places}


def test_every_notebook_is_a_page_with_its_pictures(site):
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        page = (site / "notebooks" / notebook.stem / "index.html").read_text("utf-8")
        pictures = "data:image/png;base64,"
        assert page.count(pictures) == notebook.read_text("utf-8").count(pictures) > 0


@pytest.mark.browser
def test_a_reader_sees_and_searches_it_without_the_outside(site):
    with serving(Files, folder=site) as port, browsing() as tab:
        for path in ("", "reference/reading/", "notebooks/03_funnels/", "glossary/"):
            tab.page.goto(f"http://127.0.0.1:{port}/{path}")
            tab.page.wait_for_load_state("networkidle")
        tab.page.keyboard.press("f")
        tab.page.keyboard.type("Fellegi")
        results = tab.page.locator(".md-search-result__item")
        results.first.wait_for()
        assert "Glossary" in " ".join(results.all_inner_texts())
    assert (tab.outside, tab.errors) == ([], [])


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.stem)
def test_links_between_files_hold_in_the_repository_too(path):
    targets = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", path.read_text(encoding="utf-8"))
    made = {"reference/commands.md"}  # made when the site is
    assert not [target for target in targets if target not in made and not (path.parent / target).exists()]
