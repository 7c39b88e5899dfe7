"""The forms of a description."""

import pandas as pd
import pytest

from leadanalytics.decoding.descriptions import read_descriptions
from leadanalytics.schema import TEXT


def parts_of(text):
    return [part.to_pylist()[0] for part in read_descriptions(pd.Series([text], dtype=TEXT))]


@pytest.mark.parametrize(
    ("text", "campaign", "url_parameters", "note"),
    [
        (None, None, None, None),
        (" ", None, None, None),
        ("Campaigns: ", None, None, None),
        ("Campaigns: build24", "build24", None, None),
        ("campaigns: build24\nPlease call\nafter 14:00", "build24", None, "Please call\nafter 14:00"),
        ("Campaigns: \r\nPlease call", None, None, "Please call"),
        ("Campaigns: {spring} sale", "{spring} sale", None, None),
        ("-", None, None, "-"),
        (" Bitte rufen Sie an; Budget „offen“. ", None, None, "Bitte rufen Sie an; Budget „offen“."),
        ('{"partnerid": "9", "mktcmpid": "x"}', "x", '{"mktcmpid":"x","partnerid":"9"}', None),
        ('{"a": {"utm": {"UTM_Campaign": "x"}}}', "x", '{"a":{"utm":{"UTM_Campaign":"x"}}}', None),
        ('{"partnerid": "1"}', None, '{"partnerid":"1"}', None),
        ('{"mktcmpid": "x"}\nPlease call', "x", '{"mktcmpid":"x"}', "Please call"),
        ("{}", None, None, None),
        ("{we need} help", None, None, "{we need} help"),
        ("MSFT_TEST_638445817914123000", None, None, None),
        ("?mktcmpid=MSFT_TEST_638445817914123000", None, None, None),
        ("?partnerid=9", None, '{"partnerid":"9"}', None),
        ("?mktcmpid=&partnerid=9", None, '{"partnerid":"9"}', None),
        ("?mktcmpid=a%20b&mktcmpid=c", "a b", '{"mktcmpid":"a b"}', None),
        ("partnerid=9&MKTCMPID=q3 Please call\nus", "q3", '{"MKTCMPID":"q3","partnerid":"9"}', "Please call\nus"),
        ("budget=5000 and more", None, None, "budget=5000 and more"),
        ("? Please call", None, None, "? Please call"),
    ],
)  # fmt: skip
def test_forms(text, campaign, url_parameters, note):
    assert parts_of(text) == [campaign, None, None, url_parameters, note]


@pytest.mark.parametrize(
    "text",
    [
        '{"utm_source": "news", "mktcmpid": "q3", "utm_medium": "mail"}',
        "?mktcmpid=q3&utm_source=news&utm_medium=mail",
        "utm_medium=mail&mktcmpid=q3&utm_source=news",
        "Campaigns: ?mktcmpid=q3&utm_source=news&utm_medium=mail",
        'Campaigns: {"utm_source": "news", "mktcmpid": "q3", "utm_medium": "mail"}',
    ],
)
@pytest.mark.parametrize("note", [None, "Please call"])
def test_source_and_medium_are_parts_of_every_form(text, note):
    parameters = '{"mktcmpid":"q3","utm_medium":"mail","utm_source":"news"}'
    assert parts_of(f"{text}\n{note}" if note else text) == ["q3", "news", "mail", parameters, note]


def test_deep_json_is_a_note_and_not_an_error():
    deep = '{"a":' * 500 + "1" + "}" * 500
    assert read_descriptions(pd.Series([deep], dtype=TEXT)).note.to_pylist() == [deep]
