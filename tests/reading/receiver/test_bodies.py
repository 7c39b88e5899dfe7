import json

import pytest

from leadanalytics.errors import ReadError
from leadanalytics.reading.receiver.bodies import read_body


def digest(text):
    return read_body(text.encode()).digest


@pytest.mark.parametrize(
    "body",
    [
        {"UserDetails": {"Email": "ana@example.com"}, "LeadSource": "SPZA", "ActionCode": "INS", "OfferTitle": "App"},
        {"userDetails": {"email": "ana@example.com"}, "leadSource": "SPZA"},
        {"userDetails": {"FirstName": "Ana"}, "LeadSource": "SPZA-INS|contoso.app"},
        {"ACTIONCODE": "INS"},
        {"UserDetails": {"Email": "MSFT_TEST_636573304831318844@test.com"}},
    ],
)
def test_a_lead_in_any_casing_is_kept_verbatim(body):
    text = json.dumps(body).encode()
    assert read_body(text).text == text


def test_line_breaks_between_values_are_blanks_and_nothing_else_changes():
    body = read_body('\ufeff{\r\n "LeadSource" : "a\\nb",\n "x": 1.50, "ü": "\u2028" }\n'.encode())
    assert body.text.decode() == '{   "LeadSource" : "a\\nb",  "x": 1.50, "ü": "\u2028" }'


def test_of_names_that_differ_only_in_their_case_the_first_that_is_filled_serves():
    fields = read_body(b'{"leadSource": "", "LeadSource": "SPZA", "LEADSOURCE": "TestDrive"}').fields
    assert fields == {"leadsource": "SPZA"}


def test_a_digest_does_not_mind_white_space_escapes_and_the_order_of_names():
    assert digest('{"LeadSource": "é", "x": [1, 2]}') == digest('{\n"x":[1,2],"LeadSource":"\\u00e9"}')


def test_a_digest_minds_every_value_and_the_order_in_a_list():
    bodies = ['{"LeadSource":"a"}', '{"LeadSource":"A"}', '{"leadsource":"a"}']
    lists = ['{"LeadSource":[1,2]}', '{"LeadSource":[2,1]}']
    numbers = ['{"LeadSource":12345678901234567890123}', '{"LeadSource":12345678901234567890124}']
    texts = [*bodies, *lists, *numbers]
    assert len(set(map(digest, texts))) == len(texts)


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"", "not JSON; found Expecting value at line 1, column 1"),
        (b'{"OfferTitle": "Secret Offer"\n "Description": ""}', "not JSON; found Expecting ',' delimiter at line 2,"),
        (b'{"LeadSource": "a\nb"}', "not JSON; found Invalid control character"),
        (b'{"LeadSource": "\xff"}', "not UTF-8; found byte 17 is no text"),
        (b'[{"LeadSource": "SPZA"}]', "no lead; found JSON that is a list; post one JSON object"),
        (b'{"hello": "world"}', "no lead; found an object without any of UserDetails, LeadSource, "),
        (b'{"LeadSource": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deep"),
        (b'{"LeadSource": ' + b"9" * 5_000 + b"}", "not JSON; found a number with thousands of digits"),
    ],
)
def test_what_is_no_lead_is_refused_without_quoting_it(data, reason):
    with pytest.raises(ReadError) as raised:
        read_body(data)
    assert str(raised.value).startswith(reason)
    assert "Secret Offer" not in str(raised.value)
