import pandas as pd
import pytest

from leadanalytics import schema
from leadanalytics.writing import load_targets
from leadanalytics.writing.filling import fill_in, misfits, shorten
from leadanalytics.writing.targets import Target, TargetColumn

ANA = {
    "customer_id": "C-1",
    "first_name": "Ana",
    "last_name": "Ruiz",
    "email": "ana@example.com",
    "company": "Contoso",
    "do_not_contact": False,
}


def customers(*rows):
    return schema.conform(pd.DataFrame([ANA | row for row in rows]), "customers")


def reasons(target, *rows):
    target = load_targets()[target]
    return misfits(fill_in(customers(*rows), target), target).tolist()


@pytest.mark.parametrize("target", ["dynamics365", "salesforce"])
@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        ("Ana", "Ruiz", ["Ana", "Ruiz"]),
        (None, "Ruiz", ["", "Ruiz"]),
        ("Ana", None, ["", "Ana"]),
        ("Ana", " ", ["", "Ana"]),
    ],
)
def test_where_one_name_is_known_it_is_the_last_name(target, first, last, written):
    filled = fill_in(customers({"first_name": first, "last_name": last}), load_targets()[target])
    assert filled[["First Name", "Last Name"]].fillna("").iloc[0].tolist() == written


@pytest.mark.parametrize("target", ["marketo", "hubspot"])
def test_names_stay_where_they_are_if_none_is_compulsory(target):
    filled = fill_in(customers({"last_name": None}), load_targets()[target])
    assert filled[["First Name", "Last Name"]].fillna("").iloc[0].tolist() == ["Ana", ""]


def test_a_new_lead_is_created_and_no_status_changed():
    filled = fill_in(customers({}), load_targets()["dynamics365"])
    assert filled.filter(like="(Do Not Modify)").isna().all(axis=None)
    assert filled[["Topic", "Lead Source"]].iloc[0].tolist() == ["Marketplace lead", "Web"]
    assert fill_in(customers({}), load_targets()["salesforce"])["Lead Status"].isna().all()


def test_only_the_company_has_a_word_for_not_known():
    filled = fill_in(customers({"company": None, "country": None}), load_targets()["salesforce"])
    assert filled["Company"].tolist() == ["[not provided]"]
    assert filled["Country"].isna().all()


@pytest.mark.parametrize(
    ("target", "row", "reason"),
    [
        ("dynamics365", {"first_name": None, "last_name": None}, "no Last Name"),
        ("dynamics365", {"email": None, "company": None, "offers": None}, ""),
        ("dynamics365", {"email": "not an address"}, ""),
        ("salesforce", {"first_name": None, "last_name": "\u00a0 "}, "no Last Name"),
        ("salesforce", {"email": None, "company": None}, ""),
        ("salesforce", {"email": "ana@example"}, "Email is not of the form that salesforce takes"),
        ("salesforce", {"email": "a" * 70 + "@example.com"}, "Email is longer than 80 characters"),
        ("salesforce_data_loader", {"first_name": None, "last_name": None}, "no LastName"),
        ("marketo", {"email": None}, "no Email Address"),
        ("marketo", {"email": "josé@example.com"}, "Email Address is not of the form that marketo takes"),
        ("marketo", {"email": "ana@exämple.com"}, "Email Address is not of the form that marketo takes"),
        ("marketo", {"email": "ana+azure@mail.example.com", "last_name": None}, ""),
        ("hubspot", {"first_name": None, "last_name": None, "email": None}, "no First Name, Last Name or Email"),
        ("hubspot", {"first_name": None, "last_name": None}, ""),
        ("hubspot", {"last_name": None, "email": None}, ""),
    ],
)
def test_whom_a_target_would_refuse_is_told_why(target, row, reason):
    assert reasons(target, row) == [reason]


def test_blanks_round_a_value_do_not_matter():
    filled = fill_in(
        customers({"email": " ana@example.com\u00a0", "first_name": "Ana Maria "}), load_targets()["marketo"]
    )
    assert filled[["Email Address", "First Name"]].iloc[0].tolist() == ["ana@example.com", "Ana Maria"]
    assert misfits(filled, load_targets()["marketo"]).tolist() == [""]


def test_the_first_reason_is_given():
    assert reasons("marketo", {}, {"email": " "}, {"email": "x"}) == [
        "",
        "no Email Address",
        "Email Address is not of the form that marketo takes",
    ]


def test_text_is_cut_to_its_column_and_counted():
    target = load_targets()["salesforce"]
    rows = [{"first_name": "A" * 41}, {"first_name": "A" * 40}, {"phone": "1" * 50, "first_name": "𝄞" * 21}]
    filled, counts = shorten(fill_in(customers(*rows), target), target)
    assert counts == {"First Name": 2, "Phone": 1}
    assert filled["First Name"].tolist() == ["A" * 40, "A" * 40, "𝄞" * 20]
    assert filled["Phone"].str.len().max() == 40


def test_a_note_ends_with_a_whole_item_and_says_that_it_was_cut():
    target = load_targets()["dynamics365"]
    ids = "; ".join(f"record-{number:04}" for number in range(300))
    filled, counts = shorten(fill_in(customers({"record_ids": ids, "leads": 300}), target), target)
    note = filled["Description"][0]
    assert counts == {"Description": 1}
    assert 1900 < len(note) <= 2000
    *kept, last = note.removesuffix(" … (cut)").split("; ")
    assert note.endswith(" … (cut)")
    assert len(last) == len("record-0000")
    assert kept[0].endswith("Record ids: record-0000")


def test_a_cell_may_hold_less_than_the_column():
    target = Target("own", "Own", (TargetColumn("Company", ("company",)), TargetColumn("Since", ("first_at",))))
    filled, counts = shorten(fill_in(customers({"company": "Contoso Ltd"}), target), target, most=7)
    assert (filled["Company"].tolist(), counts) == (["Contoso"], {"Company": 1})


def test_nobody_fills_nothing():
    target = load_targets()["salesforce"]
    filled = fill_in(customers({}).iloc[:0], target)
    assert tuple(filled.columns) == target.headers
    assert misfits(filled, target).tolist() == []
