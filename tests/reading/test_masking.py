import pandas as pd
import pytest

from leadanalytics.reading.masking import mask_people

ANN = "Ann Lee-Öz, CTO +44 (20) 7946"


@pytest.mark.parametrize("field", ["first_name", "email", "phone", "company", "title", "description"])
def test_people_are_masked_and_the_form_of_their_fields_stays(field):
    masked = mask_people(pd.DataFrame({field: [ANN, None]}))[field]
    assert masked[0] == "A•• L••-Ö•, C•• +•• (••) ••••"
    assert masked.isna().tolist() == [False, True]


def test_codes_and_times_are_shown():
    records = pd.DataFrame(
        {"lead_source": ["SPZA-INS|contoso.desk"], "created": ["3/4/2024 10:00"], "offer_title": ["Desk"]}
    )
    assert mask_people(records).equals(records)


@pytest.mark.parametrize(
    ("text", "shown"),
    [('{"FirstName": "Ann"}', "{FirstName}"), ('{"FirstName": "An', "(not JSON)"), ("[1]", "(not an object)")],
)
def test_of_customer_info_only_the_keys_are_shown(text, shown):
    assert mask_people(pd.DataFrame({"customer_info": [text]}))["customer_info"].tolist() == [shown]
