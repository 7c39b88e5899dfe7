import pandas as pd
import pytest
from report_cases import found, leads_of

from leadanalytics.errors import FrameError, OptionError


def test_leads_customers_and_offers_are_counted_and_test_leads_are_nobody():
    findings = found()
    assert (findings.leads, findings.customers, findings.offers) == (12, 7, 2)


def test_moments_are_told_in_the_zone_of_the_report():
    findings = found(tz="Asia/Tokyo")
    assert findings.as_of == pd.Timestamp("2024-06-30 09:00", tz="Asia/Tokyo")
    assert str(findings.first.tz) == "Asia/Tokyo"


def test_customers_of_several_storefronts_are_followed_up_by_a_funnel_of_all():
    assert "Install or contact me" in found().follow_ups.definition
    only_azure = leads_of().query("offer_id == 'crane'")
    assert "Install or contact me" not in found(only_azure).follow_ups.definition


def test_no_leads_are_findings_too():
    findings = found(leads_of().iloc[:0], as_of=None)
    assert (findings.leads, findings.customers, findings.first, findings.as_of) == (0, 0, None, None)
    assert [story.entered for story in findings.stories] == [0]


def test_storefronts_without_a_funnel_share_the_first_of_all():
    findings = found(leads_of(marketplace="Other shop"))
    assert [(story.funnel, story.storefront) for story in findings.stories] == [("acquisition", None)]
    assert [story.entered for story in findings.stories] == [4]
    assert findings.offers == 2


def test_channels_are_named_and_the_largest_comes_first():
    leads = leads_of(source=["TestDrive"] * 4 + ["SPZA"] * 7 + [None])
    assert found(leads).sources["label"].tolist() == ["AppSource", "Test drive", "(none)"]


def test_raw_leads_are_an_error_that_names_the_step():
    with pytest.raises(FrameError, match="identify_customers"):
        found(leads_of().drop(columns="customer_id"))


def test_an_unknown_funnel_is_an_error():
    with pytest.raises(OptionError, match="acquisition"):
        found(funnel="aquisition")
