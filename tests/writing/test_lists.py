import csv
import functools
import shutil
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leadanalytics as la
from leadanalytics.errors import FrameError, LeadAnalyticsWarning, OptionError, WriteError
from leadanalytics.schema import CUSTOMER_FIELDS
from leadanalytics.writing import load_targets, write_leads


@pytest.fixture
def leads():
    return pd.DataFrame(
        {
            "record_id": ["a", "b", "c", "d"],
            "is_test": [False, True, False, True],
            "do_not_contact": [False, False, True, True],
        }
    )


def test_every_row_is_in_one_of_the_two_files(leads, tmp_path):
    written = write_leads(leads, tmp_path / "leads.csv")
    assert written[:4] == (tmp_path / "leads.csv", 1, tmp_path / "leads_left_out.csv", 3)
    assert written.paths == (written.path,)
    assert written.reasons == {"test lead": 2, "do not contact": 1}
    assert written.cut == {}
    assert pd.read_csv(written.path)["record_id"].tolist() == ["a"]
    left_out = pd.read_csv(written.left_out_path)
    assert list(left_out.columns) == ["reason", "record_id", "is_test", "do_not_contact"]
    assert left_out["reason"].tolist() == ["test lead", "do not contact", "test lead"]


@pytest.mark.parametrize(
    ("suffix", "read"), [(".xlsx", functools.partial(pd.read_excel, engine="openpyxl")), (".parquet", pd.read_parquet)]
)
def test_the_suffix_is_the_format_of_both(leads, tmp_path, suffix, read):
    written = write_leads(leads, tmp_path / f"leads{suffix}")
    assert read(written.path)["record_id"].tolist() == ["a"]
    assert read(written.left_out_path)["record_id"].tolist() == ["b", "c", "d"]


def test_the_second_file_may_be_elsewhere_and_of_another_format(leads, tmp_path):
    written = write_leads(leads, tmp_path / "leads.xlsx", left_out=tmp_path / "aside" / "others.parquet")
    assert len(pd.read_parquet(tmp_path / "aside" / "others.parquet")) == written.left_out_rows == 3


def test_a_second_file_of_an_older_list_is_replaced(leads, tmp_path):
    write_leads(leads, tmp_path / "leads.csv")
    written = write_leads(leads.iloc[:1], tmp_path / "leads.csv")
    assert written.left_out_rows == 0
    assert written.left_out_path.read_text("utf-8-sig").splitlines() == ["reason,record_id,is_test,do_not_contact"]


def test_customers_without_flags_are_all_written(tmp_path):
    written = write_leads(pd.DataFrame({"customer_id": ["x", "y"]}), tmp_path / "customers.csv")
    assert (written.rows, written.left_out_rows) == (2, 0)


def test_a_flag_may_be_missing_but_not_text(tmp_path):
    flags = pd.Series([True, None, False], dtype=object)
    written = write_leads(pd.DataFrame({"do_not_contact": flags}), tmp_path / "customers.csv")
    assert (written.rows, written.left_out_rows) == (2, 1)
    with pytest.raises(FrameError, match="'do_not_contact' must be true or false"):
        write_leads(pd.DataFrame({"do_not_contact": ["False", "True"]}), tmp_path / "customers.csv")


def test_rows_already_left_out_once_keep_one_reason(leads, tmp_path):
    again = leads.assign(reason="an older one")
    left_out = pd.read_csv(write_leads(again, tmp_path / "leads.csv").left_out_path)
    assert left_out["reason"].tolist() == ["test lead", "do not contact", "test lead"]


def test_both_lists_cannot_be_one_file(leads, tmp_path):
    with pytest.raises(WriteError, match="name another file"):
        write_leads(leads, tmp_path / "leads.csv", left_out=tmp_path / "." / "leads.csv")


def test_neither_file_changes_when_the_second_cannot_be_written(leads, tmp_path):
    first = write_leads(leads, tmp_path / "leads.csv").path.read_bytes()
    (tmp_path / "others.csv").mkdir()
    with pytest.raises(WriteError, match=r"others\.csv"):
        write_leads(leads.iloc[:0], tmp_path / "leads.csv", left_out=tmp_path / "others.csv")
    assert (tmp_path / "leads.csv").read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["leads.csv", "leads_left_out.csv", "others.csv"]


def test_the_input_is_not_changed(leads, tmp_path):
    before = leads.copy(deep=True)
    write_leads(leads, tmp_path / "leads.csv")
    pd.testing.assert_frame_equal(leads, before)


# What each target calls the seven customer fields and the note.
FIELDS = {
    "dynamics365": "First Name,Last Name,Email,Business Phone,Country/Region,Company Name,Job Title,Description",
    "salesforce": "First Name,Last Name,Email,Phone,Country,Company,Title,Description",
    "salesforce_data_loader": "FirstName,LastName,Email,Phone,Country,Company,Title,Description",
    "marketo": "First Name,Last Name,Email Address,Phone Number,Country,Company Name,Job Title,Person Notes",
    "hubspot": "First Name,Last Name,Email,Phone Number,Country/Region,Company Name,Job Title,Message",
}
EXPORTS = [(target.name, suffix) for target in load_targets().values() for suffix in target.suffixes]


@pytest.fixture(scope="module")
def people():
    leads = la.make_leads(customers=300, seed=5)
    return la.list_customers(leads.pipe(la.decode_leads).pipe(la.identify_customers))


@pytest.fixture
def customers():
    return pd.DataFrame(
        {
            "customer_id": ["C-1", "C-2", "C-3", None],
            "first_name": ["Ana", "Ben", None, "MSFT_TEST_638445817914123000"],
            "last_name": ['=HYPERLINK("http://example.com")', "Ito", None, "MSFT_TEST_638445817914123000"],
            "email": [
                "ana@example.com",
                "ben@example.com",
                "info@example.com",
                "MSFT_TEST_638445817914123000@test.com",
            ],
            "phone": ["+44 20 7946 0018", None, "0049301234", "1234567890"],
            "first_at": pd.to_datetime(["2024-02-27T23:59:59Z", "2024-03-01T00:00:00Z", None, None], utc=True),
            "do_not_contact": [False, True, False, False],
            "is_test": [False, False, False, True],
        }
    )


def rows_of(path):
    """Read a file that a target imports as its reader would: a list of dictionaries of text."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    header, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    return [dict(zip(header, ("" if value is None else value for value in row))) for row in rows]


def text_of(value):
    return "" if pd.isna(value) else str(value)


@pytest.mark.parametrize(("target", "suffix"), EXPORTS)
def test_every_customer_is_a_row_that_says_the_same_or_is_left_out(people, tmp_path, target, suffix):
    written = write_leads(people, tmp_path / f"customers{suffix}", for_=target)
    rows = rows_of(written.path)
    left_out = pd.read_csv(written.left_out_path)
    assert (written.rows, written.left_out_rows) == (len(rows), len(left_out))
    assert written.rows + written.left_out_rows == len(people)
    assert sum(written.reasons.values()) == written.left_out_rows
    *fields, note = FIELDS[target].split(",")
    known = people.dropna(subset="customer_id").set_index("customer_id")
    seen = []
    for row in rows:
        told = dict(line.split(": ", 1) for line in row[note].split("\n"))
        customer = known.loc[told["Marketplace customer"]]
        seen.append(customer.name)
        names = {field: text_of(customer[field]) for field in CUSTOMER_FIELDS}
        if target in ("dynamics365", "salesforce", "salesforce_data_loader") and not names["last_name"]:
            names |= {"first_name": "", "last_name": names["first_name"]}
        company = "[not provided]" if target.startswith("salesforce") else ""
        names["company"] = names["company"] or company
        assert [row[field] for field in fields] == list(names.values())
        first_at, _, first_source = told["First touch"].partition(" ")
        assert (pd.Timestamp(first_at), first_source) == (customer["first_at"], text_of(customer["first_source"]))
        assert pd.Timestamp(told["Last touch"].split(" ")[0]) == customer["last_at"]
        assert told["Offers"].split("; ") == customer["offers"].split("; ")
        assert told.get("Stages", "") == text_of(customer["stages"])
        assert told["Record ids"] == customer["record_ids"]
        assert int(told["Leads"]) == customer["leads"]
    ids = known.index.isin(seen)
    assert len(seen) == len(set(seen))
    assert known[ids].index.tolist() == seen
    assert set(known[~ids].index) == set(left_out["customer_id"].dropna())
    assert not known.loc[ids, "do_not_contact"].any()


NASTY = st.text("aé中𝄞 ,;|:\"'\\\r\n\t=+-@\u00a0\u2028", max_size=12)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(*[st.none() | NASTY] * 5), max_size=5))
def test_no_text_can_break_a_row_or_move_a_value(tmp_path_factory, rows):
    fields = ["first_name", "last_name", "phone", "company", "title"]
    frame = pd.DataFrame(rows, columns=fields, dtype="str").assign(email="ana@example.com", do_not_contact=False)
    frame = frame.assign(customer_id=[f"C-{number}" for number in range(len(frame))], offers=frame["title"])
    written = write_leads(frame, tmp_path_factory.getbasetemp() / "nasty.csv", for_="marketo")
    headers = ["First Name", "Last Name", "Phone Number", "Company Name", "Job Title"]
    assert [[row[header] for header in headers] for row in rows_of(written.path)] == [
        [(value or "").strip() for value in row] for row in rows
    ]
    assert [row["Person Notes"].split("\n")[0] for row in rows_of(written.path)] == [
        f"Marketplace customer: {customer}" for customer in frame["customer_id"]
    ]


def test_dates_are_days_in_the_way_of_the_target(customers, tmp_path):
    days = {}
    for target, suffix in EXPORTS:
        written = write_leads(customers, tmp_path / f"{target}{suffix}", for_=target)
        days[target, suffix] = list(rows_of(written.path)[0].values())[-1]
    iso = "2024-02-27"
    assert days == {
        ("dynamics365", ".xlsx"): pd.Timestamp(iso),
        ("dynamics365", ".csv"): iso,
        ("hubspot", ".csv"): iso,
        ("hubspot", ".xlsx"): pd.Timestamp(iso),
        ("marketo", ".csv"): "2/27/24",
        ("salesforce", ".csv"): iso,
        ("salesforce_data_loader", ".csv"): iso,
    }


@pytest.mark.parametrize("target", ["dynamics365", "hubspot"])
def test_a_workbook_for_a_crm_holds_text_that_stays_text(customers, tmp_path, target):
    written = write_leads(customers, tmp_path / "customers.xlsx", for_=target)
    book = openpyxl.load_workbook(written.path)
    [header, row, *_] = book.active.iter_rows()
    cells = {name.value: cell for name, cell in zip(header, row)}
    phone, name = cells["Business Phone" if target == "dynamics365" else "Phone Number"], cells["Last Name"]
    assert len(book.sheetnames) == 1
    assert (phone.value, phone.data_type, phone.number_format) == ("+44 20 7946 0018", "s", "@")
    assert (name.value, name.data_type) == (customers["last_name"][0], "s")


def test_the_list_is_not_guarded_and_the_list_of_those_left_out_is(customers, tmp_path):
    written = write_leads(customers, tmp_path / "customers.csv", for_="hubspot")
    assert rows_of(written.path)[0]["Last Name"] == customers["last_name"][0]
    bare = customers.assign(email=None, first_name=None, last_name=None, company="=1+1")
    left_out = pd.read_csv(write_leads(bare, tmp_path / "customers.csv", for_="hubspot").left_out_path)
    assert set(left_out["company"]) == {"'=1+1"}


def test_whoever_is_left_out_has_the_reason_and_the_whole_row(customers, tmp_path):
    written = write_leads(customers, tmp_path / "customers.csv", for_="salesforce")
    left_out = pd.read_csv(written.left_out_path)
    assert list(left_out.columns) == [
        "reason",
        *(f"{name} (UTC)" if name == "first_at" else name for name in customers),
    ]
    assert left_out["reason"].tolist() == ["do not contact", "no Last Name", "test lead"]
    assert written.reasons == {"do not contact": 1, "no Last Name": 1, "test lead": 1}
    assert written.left_out_path.name == "customers_left_out.csv"


def test_a_list_for_a_crm_is_without_a_byte_order_mark_and_the_same_every_time(people, tmp_path):
    for target, suffix in EXPORTS:
        once, again = (write_leads(people, tmp_path / name / f"list{suffix}", for_=target) for name in ("one", "two"))
        assert once.path.read_bytes() == again.path.read_bytes()
        assert once.left_out_path.read_bytes() == again.left_out_path.read_bytes()
        assert suffix == ".xlsx" or not once.path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_long_list_goes_on_in_further_files_and_a_shorter_one_leaves_none_of_them(people, tmp_path):
    small = replace(load_targets()["salesforce"], most_rows=100)
    long = write_leads(people, tmp_path / "customers.csv", for_=small)
    assert [path.name for path in long.paths] == ["customers.csv", "customers-2.csv", "customers-3.csv"]
    assert sum(len(rows_of(path)) for path in long.paths) == long.rows
    shutil.copy(long.path, tmp_path / "customers-2024.csv")
    short = write_leads(people.head(150), tmp_path / "customers.csv", for_=small)
    names = {"customers.csv", "customers-2.csv", "customers-2024.csv", "customers_left_out.csv"}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert short.rows == sum(len(rows_of(path)) for path in short.paths)
    write_leads(people, tmp_path / "customers.csv")
    assert {path.name for path in tmp_path.iterdir()} == names - {"customers-2.csv"}


def test_all_files_of_a_list_appear_or_none(people, tmp_path):
    small = replace(load_targets()["salesforce"], most_rows=100)
    before = write_leads(people.head(50), tmp_path / "customers.csv", for_=small).path.read_bytes()
    (tmp_path / "customers-3.csv").mkdir()
    with pytest.raises(WriteError, match=r"customers-3\.csv"):
        write_leads(people, tmp_path / "customers.csv", for_=small)
    assert (tmp_path / "customers.csv").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"customers.csv", "customers-3.csv", "customers_left_out.csv"}


def test_a_further_file_replaces_no_file_of_somebody_else(people, tmp_path):
    small = replace(load_targets()["salesforce"], most_rows=100)
    (tmp_path / "customers-2.csv").write_text("not ours", encoding="utf-8")
    with pytest.raises(WriteError, match=r"needs 3 files, and customers-2\.csv holds something else"):
        write_leads(people, tmp_path / "customers.csv", for_=small)
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["not ours"]


def test_those_left_out_cannot_be_in_a_further_file_of_the_list(people, tmp_path):
    small = replace(load_targets()["salesforce"], most_rows=100)
    with pytest.raises(WriteError, match="name another file"):
        write_leads(people, tmp_path / "customers.csv", for_=small, left_out=tmp_path / "customers-2.csv")
    assert not list(tmp_path.iterdir())


def test_what_was_cut_is_counted_and_never_shown(customers, tmp_path):
    long = customers.assign(first_name="Wolfeschlegelsteinhausen" * 3)
    with pytest.warns(LeadAnalyticsWarning, match="values cut to what salesforce holds: 1 of 'First Name'") as warned:
        written = write_leads(long.head(1), tmp_path / "customers.csv", for_="salesforce")
    assert written.cut == {"First Name": 1}
    assert "Wolfe" not in str(warned[0].message)
    assert warned[0].filename == __file__
    assert rows_of(written.path)[0]["First Name"] == ("Wolfeschlegelsteinhausen" * 3)[:40]


def test_a_target_of_ones_own_needs_only_a_file(customers, tmp_path):
    text = 'name = "own"\ntitle = "Own"\n[[columns]]\nheader = "Mail"\nfrom = "email"\n'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    written = write_leads(customers, tmp_path / "list.csv", for_=load_targets(tmp_path)["own"])
    assert written.path.read_bytes() == b"Mail\r\nana@example.com\r\ninfo@example.com\r\n"


def test_a_crm_needs_one_row_per_customer(people, customers, tmp_path):
    with pytest.raises(FrameError, match="one row per customer"):
        write_leads(customers.assign(customer_id="C-1"), tmp_path / "customers.csv", for_="hubspot")
    with pytest.raises(FrameError, match="collapse_customers"):
        write_leads(customers.drop(columns="customer_id"), tmp_path / "customers.csv", for_="hubspot")
    with pytest.raises(FrameError, match="collapse_customers"):
        write_leads(customers.drop(columns="do_not_contact"), tmp_path / "customers.csv", for_="hubspot")
    with pytest.raises(FrameError, match="must be true or false"):
        write_leads(customers.assign(do_not_contact="no"), tmp_path / "customers.csv", for_="hubspot")


def test_a_name_or_a_suffix_that_is_none_is_told_the_right_one(customers, tmp_path):
    with pytest.raises(OptionError, match="did you mean 'salesforce'"):
        write_leads(customers, tmp_path / "customers.csv", for_="salesfroce")
    with pytest.raises(WriteError, match=r"marketo takes \.csv; found 'list\.xlsx'; name the file 'list\.csv'"):
        write_leads(customers, tmp_path / "list.xlsx", for_="marketo")


def test_a_frame_for_a_crm_is_not_changed_and_its_index_does_not_matter(customers, tmp_path):
    customers = customers.set_axis([7, 7, 1, 7])
    before = customers.copy(deep=True)
    written = write_leads(customers, tmp_path / "customers.csv", for_="dynamics365")
    pd.testing.assert_frame_equal(customers, before)
    assert [row["First Name"] for row in rows_of(written.path)] == ["Ana"]
