import pytest
from report_cases import ROWS, found, leads_of, random_leads, stories

from leadanalytics.report.headlines import answer, subtitle, tiles, untold


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def of(name, findings):
    return next(tile for tile in tiles(findings) if tile.label == name)


AZURE = "Test drive → Get it now → Install"
ALONE = [("C-1", "crane", "AppSource", "Contact me", 1, False, False)]


def test_the_answer_is_the_rate_that_counts_the_unfinished_rightly():
    told = answer(stories()[0])
    assert (told.base, told.entry, told.end, plain(told.rate), plain(told.within), told.skipped) == (
        3,
        "took Test drive",
        "Install",
        "33 %",
        "14 days",
        1,
    )
    assert " to " in plain(told.interval)
    assert not (told.is_none or told.is_single)


def test_that_nobody_reached_the_end_says_who_has_such_a_lead_all_the_same():
    rows = [row for row in ROWS if row[1] == "crane" and (row[3] != "Install" or row[0] == "C-4")]
    rows += [("C-3", "crane", "Azure Marketplace", "Install", 2, False, False)]
    findings = found(leads_of(rows))
    told = answer(findings.stories[0])
    assert told.is_none
    assert told.all_the_same == (
        "2 have such a lead all the same: 1 skipped Test drive and 1 left out: too early, or too late"
    )
    assert (of(AZURE, findings).figure, of(AZURE, findings).note) == ("none", "of 3 who took Test drive; 1 skipped it")


def test_a_single_step_has_a_number_and_no_rate():
    findings = found(leads_of(ALONE))
    told = answer(findings.stories[0])
    assert told.is_single and not told.is_none
    assert (of("Contact me", findings).figure, of("Contact me", findings).note) == (
        "1",
        "customers per offer; there is no other step",
    )


@pytest.mark.parametrize(
    ("rows", "told"),
    [(ROWS, ("7", "behind 11 leads, test leads aside")), (ROWS[-1:], ("0", "behind 0 leads, test leads aside"))],
)
def test_customers_stand_before_leads_that_are_somebodys(rows, told):
    tile = tiles(found(leads_of(rows)))[0]
    assert (tile.figure, plain(tile.note)) == told


def test_each_rate_says_its_base_and_its_interval():
    tile = of(AZURE, found())
    assert plain(tile.figure) == "33 %"
    assert plain(tile.note).startswith("of 3 who took Test drive reach Install within 14 days; ")


def test_without_a_base_there_is_no_rate():
    rows = [("C-1", "crane", "Azure Marketplace", "Install", 1, False, False)]
    findings = found(leads_of(rows), funnel="acquisition")
    tile = of(AZURE, findings)
    assert (tile.figure, tile.note) == ("–", "nobody took Test drive; 1 skipped it")


def test_what_is_still_to_come_says_from_whom():
    findings = found(leads_of(ROWS[:7]), as_of="2024-06-10T00:00Z")
    assert "who can still go on" in of("Still to come", findings).note


def test_funnels_without_a_part_of_their_own_are_counted_and_named():
    findings = found(random_leads(1), as_of=None)
    said = plain(untold(findings))
    assert said.startswith(f"{len(findings.tallies) - 4} more funnel")
    assert f"with {sum(tally.units for tally in findings.tallies[4:]):,} customers per offer" in said
    assert all(f"{tally.name} ({' and '.join(tally.offers)})" in said for tally in findings.tallies[4:])
    assert untold(found()) == ""


def test_the_subtitle_says_what_and_when():
    said = plain(subtitle(found()))
    assert said == "12 leads · 7 customers · 2 offers · 1 to 29 June 2024"
