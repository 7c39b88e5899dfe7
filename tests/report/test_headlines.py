import pytest
from report_cases import ROWS, found, leads_of, stories

from leadanalytics.report.headlines import answer, subtitle, tiles


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_answer_is_the_rate_that_counts_the_unfinished_rightly():
    told = answer(stories()[0])
    assert (told.base, told.start, told.end, plain(told.rate), plain(told.within)) == (
        3,
        "Test drive",
        "Install",
        "33 %",
        "14 days",
    )
    assert " to " in plain(told.interval)


@pytest.mark.parametrize(
    ("rows", "told"),
    [(ROWS, ("7", "behind 11 leads, test leads aside")), (ROWS[-1:], ("0", "behind 0 leads, test leads aside"))],
)
def test_customers_stand_before_leads_that_are_somebodys(rows, told):
    tile = tiles(found(leads_of(rows)))[0]
    assert (tile.figure, plain(tile.note)) == told


def test_each_rate_says_its_base_and_its_interval():
    tile = next(tile for tile in tiles(found()) if tile.label.startswith("Install"))
    assert plain(tile.figure) == "33 %"
    assert plain(tile.note).startswith("of 3 who took Test drive, within 14 days; ")


def test_without_a_base_there_is_no_rate():
    findings = found(leads_of([("C-1", "crane", "Azure Marketplace", "Install", 1, False, False)]))
    tile = next(tile for tile in tiles(findings) if tile.label.startswith("Install"))
    assert (tile.figure, tile.note) == ("–", "nobody took Test drive")


def test_what_is_still_to_come_says_from_whom():
    findings = found(as_of="2024-06-10T00:00Z")
    tile = next(tile for tile in tiles(findings) if tile.label == "Still to come · Azure Marketplace")
    assert "who can still go on" in tile.note


def test_the_subtitle_says_what_and_when():
    said = plain(subtitle(found()))
    assert said == "12 leads · 7 customers · 2 offers · 1 to 29 June 2024"
