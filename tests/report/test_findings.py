import pandas as pd
import pytest
from report_cases import found, leads_of, random_leads

import leadanalytics as la
from leadanalytics.errors import FrameError, OptionError


def test_leads_customers_and_offers_are_counted_and_test_leads_are_nobody():
    findings = found()
    assert (findings.leads, findings.customers, findings.offers) == (12, 7, 2)


def test_moments_are_told_in_the_zone_of_the_report():
    findings = found(tz="Asia/Tokyo")
    assert findings.as_of == pd.Timestamp("2024-06-30 09:00", tz="Asia/Tokyo")
    assert str(findings.first.tz) == "Asia/Tokyo"


def test_the_newest_lead_is_the_newest_that_the_report_knows():
    assert found(as_of="2024-06-10T00:00Z").last == pd.Timestamp("2024-06-09", tz="UTC")


def test_the_largest_funnels_are_told_in_full_and_all_are_counted():
    findings = found(random_leads(1), as_of=None)
    units = [tally.units for tally in findings.tallies]
    assert len(findings.stories) == 4 < len(findings.tallies)
    assert units == sorted(units, reverse=True)
    assert [story.name for story in findings.stories] == [tally.name for tally in findings.tallies[:4]]
    assert len({tally.name for tally in findings.tallies}) == len(findings.tallies)


def test_rules_that_count_over_all_offers_have_no_counts_of_offers():
    findings = found(unit="customer_id")
    assert findings.counts is None and findings.offer_units.empty
    assert findings.follow_ups.customers == 7


def test_an_offer_of_two_funnels_counts_each_of_its_customers_once():
    findings = found(random_leads(2), as_of=None)
    both = findings.counts.query("offer_id == 'both buttons' and step == 1")
    assert len(both) == 2
    assert findings.offer_units["both buttons"] < (both["entered"] + both["bypass"]).sum()


def test_no_leads_are_findings_too():
    findings = found(leads_of().iloc[:0], as_of=None)
    assert (findings.leads, findings.customers, findings.first, findings.as_of) == (0, 0, None, None)
    assert [story.entered for story in findings.stories] == [0]


def test_channels_are_named_and_the_largest_comes_first():
    leads = leads_of(source=["TestDrive"] * 4 + ["SPZA"] * 7 + [None])
    assert found(leads).sources["label"].tolist() == ["AppSource", "Test drive", "(none)"]


def test_leads_without_customers_are_identified_first():
    raw = la.make_leads(customers=20, seed=1)
    known = la.identify_customers(la.decode_leads(raw))
    told = [(each.customers, each.follow_ups.listed) for each in (found(raw), found(known))]
    assert told[0] == told[1]


def test_what_holds_no_leads_is_an_error_that_names_the_step():
    with pytest.raises(FrameError, match="make one with identify_customers"):
        found(leads_of().drop(columns="stage"))


def test_an_unknown_funnel_is_an_error():
    with pytest.raises(OptionError, match="acquisition"):
        found(funnel="aquisition")
