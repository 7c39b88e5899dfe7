import re

import pytest
from report_cases import leads_of

import leadanalytics as la
from leadanalytics.errors import OptionError, WriteError

OPTIONS = {"window": "14 days", "as_of": "2024-06-30T00:00Z"}


def test_the_same_leads_give_the_same_bytes_in_whatever_order(tmp_path):
    leads = leads_of()
    first = la.write_report(leads, tmp_path / "new folder" / "a.html", **OPTIONS)
    second = la.write_report(leads.sample(frac=1, random_state=1), tmp_path / "b.html", **OPTIONS)
    assert first.read_bytes() == second.read_bytes()


def test_the_leads_stay_as_they_are(tmp_path):
    leads = leads_of()
    before = leads.copy()
    la.write_report(leads, tmp_path / "a.html", **OPTIONS)
    assert leads.equals(before)


def test_another_suffix_is_an_error_that_says_what_to_type(tmp_path):
    with pytest.raises(WriteError, match=r"write_report\(leads, 'report.html'\)"):
        la.write_report(leads_of(), tmp_path / "report.pdf")


def test_an_older_report_stays_where_a_new_one_cannot_be_made(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("older")
    with pytest.raises(OptionError):
        la.write_report(leads_of(), path, funnel="none")
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"offers": -1}, "offers is how many"),
        ({"offers": True}, "offers is how many"),
        ({"tz": "Berlin"}, "tz is the name of a time zone"),
        ({"as_of": "30/06/2024"}, "as_of"),
        ({"rules": 14}, "rules"),
        ({"windows": "14 days"}, "window"),
        ({"window": "30"}, "window"),
        ({"freq": "H"}, "freq"),
    ],
)
def test_wrong_options_are_told(tmp_path, options, said):
    with pytest.raises(OptionError, match=said):
        la.write_report(leads_of(), tmp_path / "report.html", **options)


def test_rules_travel_as_one_value_as_plain_values_or_as_changes(tmp_path):
    rules = la.FunnelRules(**OPTIONS)
    written = [
        la.write_report(leads_of(), tmp_path / f"{number}.html", given, **changes).read_bytes()
        for number, (given, changes) in enumerate(
            [(rules, {}), (dict(rules), {}), (OPTIONS, {}), (None, OPTIONS), (rules.changed(window=None), OPTIONS)]
        )
    ]
    assert len(set(written)) == 1
    assert b"within 14 days" in written[0]


def test_plain_dates_are_of_the_zone_of_the_page_where_the_rules_name_none(tmp_path):
    def as_of(rules=None, **options):
        text = la.write_report(leads_of(), tmp_path / "report.html", rules, **options).read_text(encoding="utf-8")
        return re.search(r"As of ([^<]*?\d\d:\d\d\xa0\w+)\.", text).group(1).replace("\xa0", " ")

    end_of_day = "30 June 2024, 23:59"
    assert as_of(as_of="2024-06-30") == f"{end_of_day} UTC"
    assert as_of(as_of="2024-06-30", tz="Asia/Tokyo") == f"{end_of_day} JST"
    assert as_of({"as_of": "2024-06-30"}, tz="Asia/Tokyo") == f"{end_of_day} JST"
    assert as_of({"as_of": "2024-06-30", "zone": "Asia/Tokyo"}) == f"{end_of_day} JST"
    assert as_of({"as_of": "2024-06-30", "zone": "Asia/Tokyo"}, tz="UTC") == "30 June 2024, 14:59 UTC"
