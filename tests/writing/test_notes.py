import pandas as pd

from leadanalytics import schema
from leadanalytics.writing.notes import LINES, notes


def customers(**columns):
    rows = len(next(iter(columns.values())))
    ids = [f"C-{number}" for number in range(rows)]
    frame = pd.DataFrame({"customer_id": ids, "do_not_contact": [False] * rows} | columns)
    return schema.conform(frame, "customers")


def read(note):
    return dict(line.split(": ", 1) for line in note.split("\n"))


def test_every_fact_is_a_line_of_its_own():
    told = notes(
        customers(
            first_at=pd.to_datetime(["2024-02-27T05:41:09.25Z"]),
            first_source=["AzureMarketplace"],
            last_at=pd.to_datetime(["2024-03-01T00:00:00Z"]),
            last_source=["AzurePortal"],
            furthest_stage=["Install"],
            leads=[3],
            offers=["Flow: the game; Guard | VM"],
            stages=["Flow: the game: Get it now; Guard | VM: Install"],
            record_ids=["r1; r2; r3"],
        )
    )
    assert read(told[0]) == {
        "Marketplace customer": "C-0",
        "First touch": "2024-02-27T05:41:09.25Z AzureMarketplace",
        "Last touch": "2024-03-01T00:00:00Z AzurePortal",
        "Furthest stage": "Install",
        "Leads": "3",
        "Offers": "Flow: the game; Guard | VM",
        "Stages": "Flow: the game: Get it now; Guard | VM: Install",
        "Record ids": "r1; r2; r3",
    }
    assert list(read(told[0])) == list(LINES)


def test_what_is_not_known_has_no_line():
    told = notes(customers(leads=[1, 2], first_source=["SPZA", None], offers=[None, "  "]))
    assert told[0].split("\n") == ["Marketplace customer: C-0", "First touch: SPZA", "Leads: 1"]
    assert told[1].split("\n") == ["Marketplace customer: C-1", "Leads: 2"]


def test_a_time_has_the_digits_that_it_needs_whatever_its_neighbours_need():
    times = pd.to_datetime(["2024-01-01T10:00:00Z", "2024-01-01T10:00:00.1200003Z", None], format="ISO8601")
    told = notes(customers(first_at=times, leads=[1, 1, 1]))
    assert read(told[0])["First touch"] == "2024-01-01T10:00:00Z"
    assert read(told[1])["First touch"] == "2024-01-01T10:00:00.1200003Z"
    assert "First touch" not in read(told[2])


def test_no_value_makes_a_line_of_its_own():
    told = notes(customers(leads=[1], offers=["Flow\r\nLeads: 9\u2028Record ids: x"]))
    assert read(told[0]) == {"Marketplace customer": "C-0", "Leads": "1", "Offers": "Flow Leads: 9 Record ids: x"}


def test_nobody_has_no_note():
    assert notes(customers(leads=[])).tolist() == []
