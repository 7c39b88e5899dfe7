import pandas as pd
import pytest
from explorer_cases import PAYLOAD

from leadanalytics.explorer.listing import PAGE, Listing, rows_to_show


def page_of(rows=1, **values):
    person = {"first_name": "Ana", "last_name": "Ruiz", "company": "Contoso", "country": "DE", "do_not_contact": False}
    person |= {"email": "ana@example.com", "step": "Test drive", "status": "open"}
    return pd.DataFrame([person | values] * rows).assign(last_at=pd.Timestamp("2024-06-20", tz="UTC"))


def buttons(listing):
    names = listing.box.children[2].children[0]
    return [button for button in names.children[1:] if button.layout.display != "none"]


def test_a_row_says_how_far_the_customer_is_and_whether_to_contact():
    assert rows_to_show(page_of()).iloc[0, 3:].tolist() == ["Test drive, open", "2024-06-20", "yes"]
    skipped = rows_to_show(page_of(step="", status="bypass", do_not_contact=True))
    assert skipped.iloc[0, 3:].tolist() == ["skipped the first step", "2024-06-20", "never"]
    assert rows_to_show(page_of(step="", status="excluded")).iloc[0, 3] == "excluded"


def test_a_click_on_a_name_picks_its_row_and_marks_it():
    listing, picked = Listing(), []
    listing.on_pick(picked.append)
    listing.show(page_of(rows=3), of=3, said="3 customers")
    for button in buttons(listing)[1:]:
        button.click()
    assert picked == [1, 2]
    assert [button.description for button in buttons(listing) if "la-picked" in button._dom_classes] == ["Ana Ruiz"]


def test_a_short_page_takes_no_more_room_than_its_rows_and_an_empty_one_none():
    listing = Listing()
    listing.show(page_of(rows=2), of=2, said="2 customers")
    assert len(buttons(listing)) == 2
    assert "A click on a name explains it." in listing.box.children[1].value
    listing.show(page_of(rows=2).iloc[:0], of=0, said="0 customers")
    assert listing.box.children[2].layout.display == "none"
    assert "click" not in listing.box.children[1].value
    listing.show(page_of(), of=1, said="1 customer")
    assert listing.box.children[2].layout.display != "none"


def test_no_page_lies_beyond_the_last_customer():
    listing = Listing()
    for customers, last in ((PAGE * 2 + 1, 2), (PAGE, 0), (0, 0)):
        listing.place = 7
        listing.stay_within(customers)
        assert listing.place == last


@pytest.mark.parametrize("name", [None, ""])
def test_whoever_has_no_name_can_be_clicked_too(name):
    listing = Listing()
    listing.show(page_of(first_name=name, last_name=None), of=1, said="1 customer")
    assert [button.description for button in buttons(listing)] == ["(no name)"]


def test_text_of_strangers_is_escaped():
    listing = Listing()
    listing.show(page_of(company=PAYLOAD, email=PAYLOAD), of=1, said=PAYLOAD)
    for text in (widget.value for widget in (listing.box.children[1], listing.box.children[2].children[1])):
        assert "<img" not in text
        assert "&lt;img" in text
