"""The customer fields out of every form of JSON that arrives."""

import json

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadanalytics import schema
from leadanalytics.decoding.customer_info import decode_customers, read_customer_info


def read(*texts):
    info = read_customer_info(pa.array(texts, pa.large_string()))
    columns = {field: values.to_pylist() for field, values in info.fields.items()}
    records = [{field: values[row] for field, values in columns.items() if values[row]} for row in range(len(texts))]
    return records, info.is_broken.tolist()


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ('{"FirstName": "Ana", "LastName": "王"}', {"first_name": "Ana", "last_name": "王"}),
        ('{"firstName": "Ana", "jobTitle": "x", "title": "CIO"}', {"first_name": "Ana", "title": "CIO"}),
        ('{"FIRSTNAME": "Ana", "last_name": "Lee"}', {"first_name": "Ana", "last_name": "Lee"}),
        ('{"FirstName": "J\\u00f6rg \\"Jo\\""}', {"first_name": 'Jörg "Jo"'}),
        ('{"Company": " Firm\\u00a0", "Phone": "  ", "Title": null}', {"company": "Firm"}),
        ('{"Phone": 441234, "Company": 12345678901234567890}', {"phone": "441234", "company": "12345678901234567890"}),
        ('{"Phone": 4.42079E+11}', {"phone": "4.42079E+11"}),
        ('{"Company": "2024-01-01"}', {"company": "2024-01-01"}),
        ('{"Company": "one\ntwo"}', {"company": "one\ntwo"}),
        ('\n{"Company":\n "one"}\n', {"company": "one"}),
        ('{"Company": "half \\ud800"}', {"company": "half ?"}),
        ('{"Company": ["a", {"b": true}]}', {"company": '["a",{"b":true}]'}),
        (json.dumps(json.dumps({"Company": 'A "B"'})), {"company": 'A "B"'}),
        ("{}", {}),
        ("null", {}),
        ("", {}),
        (" ", {}),
        (None, {}),
    ],
)  # fmt: skip
def test_readable_forms(text, fields):
    assert read(text) == ([fields], [False])


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ('{"FirstName": "Ana", "Phone": 44123, "LastName": "Le', {"first_name": "Ana", "phone": "44123"}),
        ('"{\\"FirstName\\": \\"Ana\\", \\"Last', {"first_name": "Ana"}),
        ('{"FirstName": "Ana" "LastName": "Lee"}', {"first_name": "Ana", "last_name": "Lee"}),
        ('[{"FirstName": "Ana"}]', {"first_name": "Ana"}),
        ('{"FirstName": "A\\q"', {"first_name": "A\\q"}),
        ("Ana Lee", {}),
        ("[" * 100_000, {}),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, {}),
    ],
)
def test_broken_forms_give_what_is_complete(text, fields):
    assert read(text) == ([fields], [True])


def test_one_object_a_row_even_where_two_rows_could_make_up_for_each_other():
    texts = ['{"Company": "a"}{"Company": "b"}', '{"Company": "c"}\0}', '{"Company": "d"}']
    assert read(*texts) == ([{"company": "a"}, {"company": "c"}, {"company": "d"}], [True, True, False])


def test_a_few_awkward_rows_among_many_are_found_and_change_no_other():
    texts = [json.dumps({"Company": f"Firm {number}"}) for number in range(2_000)]
    texts[700], texts[1_500] = '{"Company": 7}', '{"Company": "cut'
    records, is_broken = read(*texts)
    expected = [{"company": f"Firm {number}"} for number in range(2_000)]
    expected[700], expected[1_500] = {"company": "7"}, {}
    assert records == expected
    assert [row for row, broken in enumerate(is_broken) if broken] == [1_500]


def test_own_columns_come_before_the_customer_info():
    raw = pd.DataFrame(
        {"record_id": ["1", "2"], "email": ["own@b.example", " "], "customer_info": '{"Email": "info@b.example"}'}
    )
    customers = decode_customers(schema.conform(raw, "raw"))
    assert customers.fields["email"].to_pylist() == ["own@b.example", "info@b.example"]


names = st.sampled_from(["FirstName", "firstName", "FIRSTNAME", "Email", "Phone", "other"])
values = st.none() | st.integers() | st.booleans() | st.text(max_size=5) | st.lists(st.none(), max_size=2)


@given(st.lists(st.dictionaries(names, values, max_size=4), min_size=1, max_size=6))
def test_the_compiled_pass_and_the_patient_reader_agree(records):
    texts = [json.dumps(record) for record in records]
    together, _ = read(*texts)
    assert together == [read("\ufeff" + text)[0][0] for text in texts]  # only the patient reader takes such a mark
