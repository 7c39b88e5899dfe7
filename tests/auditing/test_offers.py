import pandas as pd
import pytest

from leadanalytics.auditing import audit_offers
from leadanalytics.decoding import decode_leads
from leadanalytics.errors import UnknownCodeWarning
from leadanalytics.vocabulary import load_vocabulary

DAYS = ["2024-02-01", "2024-03-01", "2024-04-01"]


def leads_of(*sources, vocabulary=None):
    raw = pd.DataFrame({"record_id": [str(row) for row in range(len(sources))], "lead_source": sources})
    raw["created"] = [f"{DAYS[row % 3]} 08:00" for row in range(len(sources))]
    return decode_leads(raw, vocabulary=vocabulary)


def test_one_row_per_offer_with_its_codes_and_days():
    audit = audit_offers(
        leads_of("SPZA-PLT|c.desk", "TestDrive-StartTestDrive|c.desk", "SPZA-PLT|c.desk", "SPZA-INS|c.app")
    )
    desk = audit.iloc[0]
    assert (desk["offer_id"], desk["leads"]) == ("desk", 3)
    assert (f"{desk['first']:%Y-%m-%d}", f"{desk['last']:%Y-%m-%d}") == ("2024-02-01", "2024-04-01")
    assert desk["codes"] == "SPZA-PLT: 2, TestDrive-StartTestDrive: 1"
    assert (desk["route"], desk["how_sure"], desk["funnels"]) == ("contact_me", "inferred", "Test drive → Contact me")
    assert audit["leads"].sum() == 4


def test_what_cannot_be_told_apart_is_called_so():
    audit = audit_offers(leads_of("SPZA-INS|c.app"))
    assert audit["route"].tolist() == ["appsource_ins_unknown"]
    assert audit["how_sure"].iloc[0].startswith("not certain: free trial, free app and purchase")
    with pytest.warns(UnknownCodeWarning):
        leads = leads_of("SPZA-XYZ|c.app")
    assert audit_offers(leads)["how_sure"].iloc[0] == "not certain: no lead has a known stage"


def test_a_listing_that_is_given_names_the_codes_that_it_cannot_have():
    offers = pd.DataFrame({"offer_id": ["c.desk"], "title": ["Desk 365"], "route": ["contact_me"]})
    vocabulary = load_vocabulary(offers=offers)
    audit = audit_offers(
        leads_of("SPZA-PLT|c.desk", "SPZA-INS|c.desk", "SPZA-DNC|c.desk", vocabulary=vocabulary), vocabulary=vocabulary
    )
    told = audit.iloc[0]
    assert (told["offer_name"], told["route"], told["how_sure"]) == ("Desk 365", "contact_me", "given")
    assert told["not_of_listing"] == "SPZA-INS: 1"
    assert told["funnels"] == "Contact me; Get it now"


def test_tests_are_no_leads_of_an_offer():
    assert audit_offers(leads_of("MSFT_TEST_636573304831318844-MSFT_TEST_636573304831318844|Desk")).empty
