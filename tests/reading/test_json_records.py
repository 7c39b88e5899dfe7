import base64
import json

import pytest
from file_blocks import blocks_of, together
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.errors import ReadError
from leadanalytics.reading.choosing import load_layouts
from leadanalytics.reading.json_records import parse, read_json, to_text

BODY = {
    "UserDetails": {"FirstName": "Ana", "Email": "ana@example.com", "Phone": 441234},
    "LeadSource": "SPZA-INS|contoso.app",
    "ActionCode": "INS",
}
ENTITY = {"CustomerInfo": '{"FirstName": "Ana"}', "LeadSource": "SPZA", "PartitionKey": "p", "RowKey": "r"}
LINE = json.dumps(BODY)


def read(value):
    text = value if isinstance(value, str | bytes) else json.dumps(value)
    return together(read_json(blocks_of(text), load_layouts(), "'leads.json'"))


def records(contents):
    return [record for part in contents.parts for record in part.columns.to_pylist()]


def set_aside(contents):
    return [(reject.row, reject.reason) for reject in contents.rejects]


def test_a_body_is_a_record_with_its_nested_fields_by_path():
    (record,) = records(read(BODY))
    assert record["userdetails.firstname"] == "Ana"
    assert record["userdetails.phone"] == "441234"


@pytest.mark.parametrize(
    "envelope",
    [
        {"receivedAt": "2024-02-27T05:41:12Z", "body": BODY},
        {"startTime": "2024-02-27T05:41:12Z", "outputs": {"headers": {"Host": "x"}, "body": BODY}},
        {"timestamp": "2024-02-27T05:41:12Z", "body": LINE},
        {"startTime": "2024-02-27T05:41:12Z", "body": {"$content": base64.b64encode(LINE.encode()).decode()}},
    ],
)
def test_a_body_in_an_envelope_has_the_time_of_the_envelope(envelope):
    (record,) = records(read(envelope))
    assert record["receivedat"] == "2024-02-27T05:41:12Z"
    assert record["leadsource"] == BODY["LeadSource"]


def test_keys_in_any_case():
    shouting = json.loads(json.dumps(BODY).replace("UserDetails", "USERDETAILS").replace("LeadSource", "leadSource"))
    assert len(records(read([BODY, shouting]))) == 2


def test_of_keys_that_differ_only_in_their_case_the_filled_one_serves():
    (record,) = records(read(BODY | {"leadSource": "", "ACTIONCODE": "PLT"}))
    assert (record["leadsource"], record["actioncode"]) == (BODY["LeadSource"], "INS")


def test_one_file_may_hold_two_layouts():
    contents = read(f"{LINE}\n{json.dumps(ENTITY)}\n")
    assert [(part.layout.name, part.rows.tolist()) for part in contents.parts] == [("https", [1]), ("azure_table", [2])]


def test_customer_info_that_is_an_object_stays_whole():
    (record,) = records(read(ENTITY | {"CustomerInfo": {"FirstName": "Ana"}}))
    assert json.loads(record["customerinfo"]) == {"FirstName": "Ana"}


def test_a_member_of_a_list_of_leads_that_is_none_is_set_aside():
    contents = read([BODY, {"Colour": "red"}, BODY])
    assert contents.delivered == 3
    assert set_aside(contents) == [(2, "no lead: its keys prove no layout")]


@pytest.mark.parametrize("broken", [LINE[:50], '{"Colour": "red"}', "[]"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_broken_line_costs_itself_only(broken, place):
    lines = [LINE, LINE]
    lines.insert(place, broken)
    contents = read("\n".join(lines))
    assert contents.delivered == 3
    assert [reject.row for reject in contents.rejects] == [place + 1]
    assert contents.rejects[0].text == broken


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_in_every_usual_encoding(encoding, end):
    line = LINE.replace("Ana", "Jörg")
    contents = read(f"{line}{end}{line}{end}".encode(encoding))
    assert [record["userdetails.firstname"] for record in records(contents)] == ["Jörg", "Jörg"]


def test_a_line_in_another_encoding_is_set_aside():
    lines = [LINE.replace("Ana", "Jörg").encode(encoding) for encoding in ("utf-8", "cp1252", "utf-8")]
    contents = read(b"\n".join(lines))
    assert set_aside(contents) == [(2, "bytes that are not valid in the file's encoding")]


def test_blank_lines_are_no_records():
    assert read(f"{LINE}\n\n{LINE}\n").delivered == 2


def test_a_nul_in_a_value_costs_its_record():
    contents = read(LINE.replace("Ana", "A\\u0000na") + "\n" + LINE)
    assert set_aside(contents) == [(1, "a NUL byte in a cell")]


def test_a_cut_document_says_where_it_ends():
    with pytest.raises(ReadError, match="found the end of the text in the middle of a value, at line"):
        read(json.dumps([BODY, BODY], indent=1)[:-30])


def test_an_invalid_document_says_the_line():
    with pytest.raises(ReadError, match="at line 2, column"):
        read('{"LeadSource": "SPZA"\n"ActionCode": "INS"}')


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000])
def test_a_document_nested_too_deep_is_an_error(text):
    with pytest.raises(ReadError, match="not valid JSON"):
        read(text)


def test_a_lead_that_is_nested_too_deep_is_an_error_as_a_document_and_costs_itself_as_a_line():
    deep = LINE[:-1] + ', "Extra": ' + '{"a":' * 1_010 + "1" + "}" * 1_011
    with pytest.raises(ReadError, match="nested too deep"):
        read(deep)
    contents = read(f"{LINE}\n{deep}\n{LINE}")
    assert contents.delivered == 3
    assert [reject.row for reject in contents.rejects] == [2]
    assert contents.rejects[0].text == deep


def test_ten_megabytes_in_one_value():
    (record, _) = records(read(LINE.replace("Ana", "x" * 10_000_000) + "\n" + LINE))
    assert len(record["userdetails.firstname"]) == 10_000_000


def test_a_document_without_a_lead_is_an_error_that_names_its_keys():
    with pytest.raises(ReadError, match="found 'Colour'"):
        read({"Colour": "red"})


@pytest.mark.parametrize(
    ("document", "truncated"),
    [
        ({"items": [ENTITY], "nextMarker": {"nextpartitionkey": "p", "nextrowkey": None}}, True),
        ({"items": [ENTITY], "nextMarker": {"nextpartitionkey": None, "nextrowkey": None}}, False),
        ({"value": [ENTITY], "odata.nextLink": "Leads?next"}, True),
        ({"value": [ENTITY] * 1_000}, True),
        ({"value": [ENTITY] * 999}, False),
        ([ENTITY] * 1_000, False),
    ],
)
def test_an_export_that_stopped_at_the_end_of_a_page_is_marked(document, truncated):
    assert read(document).truncated is truncated


def test_what_the_fast_parser_refuses_is_still_read():
    assert parse('{"a": NaN}')["a"] != parse('{"a": NaN}')["a"]
    assert to_text(parse('"\\ud83d"')) == "?"


@pytest.mark.parametrize(
    ("value", "text"), [(None, None), ("NA", "NA"), (True, "true"), (441234, "441234"), ({"a": "é"}, '{"a": "é"}')]
)
def test_values_become_text_as_json_writes_them(value, text):
    assert to_text(value) == text


JUNK = [LINE[:40], "{}", '"text"', "[1]"]


@given(st.lists(st.sampled_from([LINE, json.dumps(ENTITY), *JUNK]), min_size=1, max_size=12))
def test_every_line_is_read_or_set_aside(lines):
    lines = [LINE, *lines]
    contents = read("\n".join(lines))
    assert contents.delivered == len(lines)
    assert len(records(contents)) == len([line for line in lines if line not in JUNK])
    assert sorted(reject.text for reject in contents.rejects) == sorted(line for line in lines if line in JUNK)


def test_half_a_character_in_a_key_costs_nothing():
    contents = read('{"UserDetails": {"FirstName": "Ana"}, "LeadSource": "SPZA", "half\\ud83d": 1}')
    assert (contents.delivered, len(contents.rejects)) == (1, 0)


def test_lines_in_blocks_keep_their_numbers():
    lines = [LINE, "no lead", LINE] * 100
    blocks = list(read_json(blocks_of("\n".join(lines), size=1_000), load_layouts(), "'leads.json'"))
    assert len(blocks) > 10
    contents = together(blocks)
    assert [int(row) for part in contents.parts for row in part.rows] == [n for n in range(1, 301) if n % 3 != 2]
    assert [reject.row for reject in contents.rejects] == list(range(2, 301, 3))


def test_a_document_of_many_blocks_is_one_document():
    (contents,) = read_json(blocks_of(json.dumps([BODY] * 500, indent=1), size=1_000), load_layouts(), "'leads.json'")
    assert contents.delivered == 500
    (contents,) = read_json(blocks_of(json.dumps([BODY] * 500), size=1_000), load_layouts(), "'leads.json'")
    assert contents.delivered == 500


def test_lines_in_blocks_may_begin_with_a_broken_one():
    contents = list(read_json(blocks_of("\n".join(["{no lead", *[LINE] * 300]), size=1_000), load_layouts(), "'x'"))
    assert len(contents) > 10
    assert together(contents).delivered == 301
