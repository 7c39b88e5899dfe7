"""The first notebook and the explorer, used in a real JupyterLab in a real browser as an analyst would use them."""

import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from chromium import browsing
from jupyter_lab import run_all, serving
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parent.parent
HOSTILE = """\
import leadanalytics as la
from explorer_cases import PAYLOAD, leads_to_explore

hostile = ["first_name", "last_name", "company", "country", "campaign", "offer_name", "email"]
la.explore(leads_to_explore().assign(**{column: PAYLOAD for column in hostile}))
"""
# The picture is another one and is wholly there.
HAS_NEW_PICTURE = """([old]) => { const image = document.querySelector('.la-explorer .widget-image');
    return image && image.src !== old && image.complete && image.naturalWidth > 100; }"""
# The names are buttons beside the table: their lines, and the texts on them, are those of the rows.
IS_ALIGNED = """() => {
    const all = query => [...document.querySelectorAll(query)];
    const line = each => each.getBoundingClientRect().bottom;
    const text = each => { const words = document.createRange(); words.selectNodeContents(each.lastChild);
        return words.getBoundingClientRect().bottom; };
    const names = all('.la-name-head, .la-people-names button');
    const cells = all('.la-explorer th:first-child, .la-explorer td:first-child');
    return cells.length > 1 && cells.every((cell, row) =>
        Math.abs(line(cell) - line(names[row])) < 0.3 && Math.abs(text(cell) - text(names[row])) < 0.3); }"""

pytestmark = [pytest.mark.browser, pytest.mark.notebooks]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Serve a copy of the notebooks, and one whose leads carry scripts; yields the folder and the addresses."""
    with browsing():  # or nothing of this is worth its time
        pass
    folder, home = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copytree(ROOT / "data", folder / "data")
    cell = new_code_cell(f"import sys\nsys.path.insert(0, {str(ROOT / 'tests')!r})\n{HOSTILE}")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=[cell], metadata={"kernelspec": kernel}), folder / "notebooks" / "hostile.ipynb")
    with serving(folder, home) as address_of:
        yield folder, address_of


@pytest.fixture
def tab():
    """Give a tab that has asked nothing of other machines, opened no dialog and complained of nothing."""
    with browsing() as tab:
        yield tab
        assert (tab.outside, tab.dialogs, tab.errors) == ([], [], [])


def field(page, label):
    return page.locator(".la-explorer").get_by_label(label, exact=True)


def test_an_analyst_picks_finds_explains_and_exports(lab, tab):
    folder, address_of = lab
    page = tab.page
    assert run_all(page, address_of("notebooks/00_start_here.ipynb")) == []
    picture = page.locator(".la-explorer .widget-image").first
    picture.wait_for(timeout=30_000)
    assert "as of" in picture.get_attribute("title")
    before = picture.get_attribute("src")

    field(page, "Offer").fill("FlowGuard VM")
    field(page, "Offer").press("Enter")
    page.wait_for_function(HAS_NEW_PICTURE, arg=[before], timeout=20_000)
    headline = page.locator(".la-headline")
    assert "offer FlowGuard VM" in headline.inner_text()
    assert page.evaluate(IS_ALIGNED)
    assert headline.get_attribute("role") == "status"

    before = picture.get_attribute("src")
    field(page, "Within").select_option(label="any time")
    page.wait_for_function(HAS_NEW_PICTURE, arg=[before], timeout=20_000)
    assert field(page, "Within").evaluate("list => list.selectedIndex") == 0  # and not -1, a blank

    export = page.locator(".la-explorer button", has_text="Export")
    field(page, "Find name, company or e-mail").fill("zzzz")
    page.get_by_text("0 customers found by “zzzz”.", exact=True).wait_for()
    page.locator(".la-people").wait_for(state="hidden")
    assert export.is_disabled()

    field(page, "Find name, company or e-mail").fill("harriet")
    page.get_by_text("found by “harriet”").wait_for()
    name = page.locator(".la-people-names button").first
    assert "Harriet" in name.inner_text()
    name.click()
    page.get_by_text("How this customer is counted").wait_for()
    page.get_by_text("Why these records are one customer").wait_for(timeout=60_000)

    shown = int(export.inner_text().split()[1])
    field(page, "Export to (.xlsx or .csv)").fill("exports/harriet.csv")
    export.click()
    page.locator(".la-done").wait_for()
    written = pd.read_csv(folder / "notebooks" / "exports" / "harriet.csv")
    left_out = pd.read_csv(folder / "notebooks" / "exports" / "harriet_left_out.csv")
    assert len(written) + len(left_out) == shown > 0
    assert written["first_name"].str.lower().eq("harriet").all()


def test_names_that_are_scripts_stay_names(lab, tab):
    _, address_of = lab
    page = tab.page
    assert run_all(page, address_of("notebooks/hostile.ipynb")) == []
    page.locator(".la-people-names button").first.click()
    page.get_by_text("Why these records are one customer").wait_for(timeout=60_000)
    field(page, "Company contains").fill("<img src=x onerror=alert(2)>")
    field(page, "Company contains").press("Enter")
    page.get_by_text("company with “<img src=x onerror=alert(2)>”").first.wait_for()
    assert page.locator(".la-explorer img[src=x]").count() == 0
