"""The forms of a description."""

import pandas as pd
import pytest

from leadanalytics.decoding.descriptions import read_descriptions
from leadanalytics.schema import TEXT


@pytest.mark.parametrize(
    ("text", "campaign", "url_parameters", "note"),
    [
        (None, None, None, None),
        (" ", None, None, None),
        ("Campaigns: ", None, None, None),
        ("Campaigns: build24", "build24", None, None),
        ("campaigns: build24\nPlease call\nafter 14:00", "build24", None, "Please call\nafter 14:00"),
        ("Campaigns: \r\nPlease call", None, None, "Please call"),
        ("-", None, None, "-"),
        (" Bitte rufen Sie an; Budget „offen“. ", None, None, "Bitte rufen Sie an; Budget „offen“."),
        ('{"partnerid": "9", "mktcmpid": "x"}', "x", '{"mktcmpid":"x","partnerid":"9"}', None),
        ('{"a": {"utm": {"UTM_Campaign": "x"}}}', "x", '{"a":{"utm":{"UTM_Campaign":"x"}}}', None),
        ('{"partnerid": "1"}', None, '{"partnerid":"1"}', None),
        ("{}", None, None, None),
        ("{we need} help", None, None, "{we need} help"),
        ("MSFT_TEST_638445817914123000", None, None, None),
    ],
)  # fmt: skip
def test_forms(text, campaign, url_parameters, note):
    parts = read_descriptions(pd.Series([text], dtype=TEXT))
    assert [part.to_pylist() for part in parts] == [[campaign], [url_parameters], [note]]


def test_deep_json_is_a_note_and_not_an_error():
    deep = '{"a":' * 500 + "1" + "}" * 500
    assert read_descriptions(pd.Series([deep], dtype=TEXT)).note.to_pylist() == [deep]
