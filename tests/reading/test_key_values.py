from pathlib import Path

import pandas as pd
import pytest
from file_blocks import blocks_of
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics.errors import ReadError
from leadanalytics.reading.encodings import join_blocks
from leadanalytics.reading.key_values import are_key_values, read_key_values
from leadanalytics.reading.layouts import Layout

SHAPES = Path(__file__).parents[1] / "data" / "shapes"
FORM = Layout(
    name="form",
    title="A web form's fields",
    order=1,
    proof=(("lead_source", "oid"), ("lead_source", "encoding")),
    columns={"lead_source": ("lead_source",), "email": ("email",), "description": ("description",)},
)


def read(text):
    return read_key_values(join_blocks(blocks_of(text)), [FORM], "'leads.txt'")


def records(contents):
    return [record for part in contents.parts for record in part.columns.to_pylist()]


def test_the_fields_of_a_salesforce_form():
    truth = pd.read_csv(SHAPES / "expected_canonical.csv", dtype=str, keep_default_na=False)
    found = pd.DataFrame(records(read((SHAPES / "salesforce_web_to_lead_fields.txt").read_bytes())))
    for name in ("first_name", "last_name", "email", "phone", "country", "company", "title", "description"):
        # The form's one note of two lines was written down as one.
        assert found[name].tolist() == truth[name].str.replace("\n", " ").tolist()


def test_blank_lines_and_repeated_keys_part_records_but_not_the_encoding_that_comes_twice():
    first = "oid = 1\nlead_source = a\nencoding = UTF-8\nencoding = UTF-8\n"
    contents = read(f"{first}oid = 2\nlead_source = b\n\n\noid = 3\nlead_source = c\n")
    assert [(record["oid"], record["lead_source"]) for record in records(contents)] == [
        ("1", "a"),
        ("2", "b"),
        ("3", "c"),
    ]
    assert contents.delivered == 3


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_value_may_go_on_over_lines_and_blank_lines(end):
    text = "lead_source = a\ndescription = Hello\n\nplease call\nencoding = UTF-8\n".replace("\n", end)
    (record,) = records(read(text))
    assert (record["description"], record["encoding"]) == ("Hello\n\nplease call", "UTF-8")


def test_a_record_whose_keys_prove_nothing_is_set_aside():
    contents = read("oid = 1\nlead_source = a\n\ncolour = red\nsize = 2\n")
    assert [(reject.row, reject.reason, reject.text) for reject in contents.rejects] == [
        (2, "no lead: its keys prove no layout", "colour = red\nsize = 2")
    ]


def test_bytes_that_are_no_text_cost_their_record():
    contents = read(
        "oid = 1\nlead_source = Jörg\n\n".encode() + b"oid = 2\nlead_source = \xff\n\noid = 3\nlead_source = \0"
    )
    assert [reject.row for reject in contents.rejects] == [2, 3]


def test_a_text_without_leads_is_an_error():
    with pytest.raises(ReadError, match="found 'colour', 'size'"):
        read("colour = red\nsize = 2\n")


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("oid = 1\nlead_source = a\n", True),
        ("\noid =\nlead_source = a\nwhat they wrote\n", True),
        ("sep=;\nLeadSource;ActionCode\n", False),
        ("LeadSource,ActionCode\na = b,c\nd = e,f\n", False),
        ("oid = 1\n", False),
    ],
)
def test_a_text_of_pairs_is_told_from_its_first_lines(text, truth):
    assert are_key_values(text) == truth


@given(st.lists(st.sampled_from(["oid = 1", "lead_source = a", "colour = red", "", "and more", "encoding = UTF-8"])))
def test_every_record_is_read_or_set_aside(lines):
    contents = read("\n".join(["oid = 0", "lead_source = z", "", *lines]))
    assert contents.delivered == len(records(contents)) + len(contents.rejects)
