import asyncio
import html
import re
from datetime import date

import pandas as pd
import pytest
from explorer_cases import PAYLOAD, explorer, leads_to_explore

import leadanalytics as la
from leadanalytics.explorer import listing as listing_room


def words(panel, name):
    return re.sub(r"<[^>]+>", "", panel.texts[name].value)


def test_headline_picture_table_and_code_follow_a_choice():
    panel = explorer()
    before = bytes(panel.pictures["funnel"].value)
    panel.controls["offer"].value = "App"
    assert words(panel, "headline").startswith("1 of 3 customers per offer (offer App)")
    assert bytes(panel.pictures["funnel"].value) != before
    assert panel.export_button.description == "Export 1 customer"
    assert "['app']" in panel.code


def test_what_a_choice_comes_to_is_read_out_to_whoever_does_not_see_it():
    panel = explorer()
    panel.controls["offer"].value = "App"
    _, people, _ = panel.listing.box.children
    for said in (panel.texts["headline"].value, people.value):
        assert 'role="status" aria-live="polite"' in said


def test_only_the_tab_that_is_open_is_drawn():
    panel = explorer()
    curve = list(panel.pictures).index("curve")
    assert not panel.pictures["curve"].value
    panel.tabs.selected_index = curve
    assert panel.pictures["curve"].value
    drawn = bytes(panel.pictures["funnel"].value)
    panel.controls["country"].value = "FR"
    assert bytes(panel.pictures["funnel"].value) == drawn
    panel.tabs.selected_index = 0
    assert bytes(panel.pictures["funnel"].value) != drawn


def test_a_failure_is_said_and_what_was_shown_stays():
    panel = explorer()
    shown = panel.texts["headline"].value
    panel.controls["country"].value = "Germny"
    assert "did you mean" in words(panel, "error")
    assert "The selection before is still shown." in words(panel, "error")
    assert panel.texts["headline"].value == shown
    panel.controls["country"].value = "Germany"
    assert words(panel, "error") == ""


def test_a_range_that_ends_before_it_begins_is_said():
    panel = explorer()
    panel.controls["since"].value, panel.controls["to"].value = date(2024, 6, 9), date(2024, 6, 1)
    assert "begins before it ends" in words(panel, "error").lower()


def test_a_click_explains_the_customer():
    panel = explorer(window="2 days")
    panel.listing.order.value = "furthest step"
    panel.explain(0)
    assert "out of the window" in words(panel, "explanation")
    assert "3 records" in words(panel, "explanation")


def test_a_failure_of_an_explanation_stands_where_it_would():
    panel = explorer()
    del panel.prepared.leads["customer_id"]
    panel.listing.box.children[2].children[0].children[1].click()
    assert "customer_id" in words(panel, "explanation")
    assert words(panel, "error") == ""


def test_what_is_explained_already_stays_where_the_rest_fails():
    panel = explorer()
    del panel.prepared.leads["record_id"]
    panel.listing.box.children[2].children[0].children[1].click()
    assert words(panel, "explanation").startswith("How this customer is counted")
    assert "needs the column 'record_id'" in html.unescape(words(panel, "explanation"))


def test_another_selection_ends_an_explanation_that_is_not_finished():
    async def click_and_change():
        panel = explorer()
        panel.explain(0)
        panel.update()
        await asyncio.sleep(0.3)
        return words(panel, "explanation")

    assert asyncio.run(click_and_change()) == ""


def test_find_looks_through_every_page_and_export_writes_all_that_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(listing_room, "PAGE", 1)
    panel = explorer()
    panel.path.value = str(tmp_path / "list.csv")
    panel.listing.find.value = "contoso"
    assert panel.export_button.description == "Export 2 customers"
    panel.export_button.click()
    assert set(pd.read_csv(tmp_path / "list.csv")["first_name"]) == {"Ana", "Bob"}


def test_nobody_cannot_be_exported():
    panel = explorer()
    panel.listing.find.value = "zzzz"
    assert panel.export_button.disabled
    panel.listing.find.value = ""
    assert not panel.export_button.disabled


def test_an_export_leaves_out_whoever_is_not_to_be_contacted_and_adds_up(tmp_path):
    panel = explorer()
    panel.path.value = str(tmp_path / "list.xlsx")
    panel.export_button.click()
    assert words(panel, "written").startswith("3 customers = 2 written to ")
    assert pd.read_excel(tmp_path / "list_left_out.xlsx", engine="calamine")["reason"].tolist() == ["do not contact"]


def test_an_export_that_fails_says_so_beside_its_button():
    panel = explorer()
    panel.path.value = "list.docx"
    panel.export_button.click()
    assert ".csv or .xlsx" in words(panel, "written")


def test_a_file_that_cannot_be_written_keeps_the_case_of_its_name(tmp_path):
    panel = explorer()
    (tmp_path / "y.csv").mkdir()
    panel.path.value = str(tmp_path / "y.csv")
    panel.export_button.click()
    assert words(panel, "written").startswith("Nothing is exported: y.csv and y_left_out.csv cannot be written")


def test_pages_turn_and_every_customer_is_on_one():
    leads = pd.concat([leads_to_explore().assign(customer_id=f"C-{number}") for number in range(30)])
    panel = la.explore(leads.assign(record_id=range(len(leads)))).panel
    seen = set()
    for _ in range(3):
        first = panel.listing.place * listing_room.PAGE
        seen |= set(panel.shown_customers["customer_id"])
        panel.listing.next_button.click()
    assert first == 24
    assert len(seen) == 30


@pytest.mark.parametrize("column", ["first_name", "company", "country", "campaign", "offer_name", "email", "note"])
def test_text_of_strangers_never_becomes_html(column):
    leads = leads_to_explore()
    panel = la.explore(leads.assign(**{column: PAYLOAD})).panel
    panel.controls["company"].value = PAYLOAD if column == "company" else ""
    panel.explain(0)
    texts = [text.value for text in panel.texts.values()]
    texts += [widget.value for widget in panel.listing.box.children[2].children[1:]]
    assert not [text for text in texts if "<img" in text]


def test_where_no_widget_is_shown_a_sentence_stands_in_its_place():
    assert "run this cell" in repr(la.explore(leads_to_explore()))
