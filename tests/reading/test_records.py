import gzip
import json
import re
import shutil
import warnings
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from leadanalytics.errors import AssumptionWarning, OptionError, ReadError, RejectsWarning, TruncatedExportWarning
from leadanalytics.reading import delivery_problems, load_layouts, read_leads, read_records, read_referrals
from leadanalytics.schema import CUSTOMER_FIELDS, KINDS

SHAPES = Path(__file__).parents[1] / "data" / "shapes"
TRUTH = pd.read_csv(SHAPES / "expected_canonical.csv", dtype=str, keep_default_na=False)
# A connection test has its own words in place of the source and the action.
REAL = (TRUTH["is_test"] == "0").to_numpy()
GOOD = b"LeadSource,ActionCode\nSPZA,INS\n"


def read_shape(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TruncatedExportWarning)
        return read_records(SHAPES / name)


@pytest.mark.parametrize("path", sorted(SHAPES.glob("azure_table_*")), ids=lambda path: path.stem)
def test_every_shape_of_an_azure_table_is_verbatim(path):
    raw = read_shape(path.name).raw
    assert set(raw["layout"]) == {"azure_table"}
    assert raw["description"].fillna("").tolist() == TRUTH["description"].tolist()
    assert raw["offer_title"].tolist() == TRUTH["offer_title"].tolist()
    assert raw["lead_source"][REAL].str.partition("-")[0].tolist() == TRUTH["source"][REAL].tolist()
    assert raw["action_code"][REAL].tolist() == TRUTH["action"][REAL].tolist()
    people = [json.loads(text) for text in raw["customer_info"]]
    assert [person["Email"] for person in people] == TRUTH["email"].tolist()
    assert [person["Company"] for person in people] == TRUTH["company"].tolist()
    assert raw["record_id"].is_unique
    assert raw["origin_row"].tolist() == list(range(1, 11))


@pytest.mark.parametrize("name", ["https_payloads.jsonl", "https_array.json", "https_envelopes.jsonl"])
def test_every_shape_of_an_https_capture_is_verbatim(name):
    raw = read_shape(name).raw
    assert set(raw["layout"]) == {"https"}
    for field in CUSTOMER_FIELDS:
        assert raw[field].fillna("").tolist() == TRUTH[field].tolist()
    assert raw["lead_source"][REAL].str.partition("-")[0].tolist() == TRUTH["source"][REAL].tolist()
    assert raw["offer_title"].tolist() == TRUTH["offer_title"].tolist()
    for field, truth in {"action_code": TRUTH["action"][REAL], "description": TRUTH["description"]}.items():
        carried = raw[field][truth.index].dropna()  # the oldest shape, in the last record, has neither
        assert carried.tolist() == truth[carried.index].tolist()
        assert len(carried) >= len(truth) - 2
    assert raw["received"].notna().all() == ("envelopes" in name)
    assert raw["record_id"].is_unique


def test_the_invalid_sample_of_the_documentation_names_its_line():
    with pytest.raises(ReadError, match="line 6, column 3"):
        read_records(SHAPES / "https_docs_broken_sample.json.txt")


def test_a_truncated_export_is_warned_about_and_noted():
    with pytest.warns(TruncatedExportWarning, match="az_cli"):
        delivery = read_records(SHAPES / "azure_table_az_cli.json")
    assert delivery.files["note"].str.contains("truncated").all()


def test_an_encoding_in_doubt_is_warned_about_and_noted(tmp_path):
    people = "LeadSource,ActionCode,FirstName,Company\nSPZA,INS,Ana,Stănescu\n"
    (tmp_path / "leads.csv").write_bytes(people.encode("cp1250"))
    with pytest.warns(AssumptionWarning, match=r"'leads\.csv': its few letters .* save the file as UTF-8"):
        delivery = read_records(tmp_path)
    assert delivery.raw["company"].tolist() == ["Stănescu"]
    assert "cp1250 was assumed, cp1252 is possible" in delivery.files["note"][0]
    (tmp_path / "leads.csv").write_text(people, encoding="utf-8")
    assert read_records(tmp_path).files["note"].isna().all()


def test_a_name_says_nothing(tmp_path):
    shutil.copy(SHAPES / "https_array.json", tmp_path / "azure_table.csv")
    assert set(read_leads(tmp_path / "azure_table.csv")["layout"]) == {"https"}


def sums(frame):
    """The counts of a delivery, without the time of reading."""
    return {name: frame.attrs[name] for name in ("delivered", "set_aside", "files")}


def test_a_bad_file_in_a_folder_is_one_record_set_aside(tmp_path):
    (tmp_path / "a.csv").write_bytes(GOOD)
    (tmp_path / "notes.txt").write_bytes(b"call Ana\n")
    delivery = read_records(tmp_path)
    assert delivery.files[["origin", "delivered", "read", "set_aside"]].to_numpy().tolist() == [
        ["a.csv", 1, 1, 0],
        ["notes.txt", 1, 0, 1],
    ]
    (reject,) = delivery.rejects.to_dict("records")
    assert (reject["origin"], reject["origin_row"]) == ("notes.txt", 0)
    assert "not those of leads" in reject["reason"]


def test_the_account_tells_how_each_file_was_read(tmp_path):
    (tmp_path / "a.csv").write_bytes(GOOD.replace(b",", b";"))
    (tmp_path / "b.csv").write_bytes(GOOD.decode().encode("utf-16"))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.write(SHAPES / "https_array.json", "d.json")
        archive.write(SHAPES / "power_automate_excel.xlsx", "e.xlsx")
    files = read_records(tmp_path).files
    assert files[["origin", "layout", "encoding", "delimiter", "read"]].fillna("").to_numpy().tolist() == [
        ["a.csv", "https_flat", "utf-8", ";", 1],
        ["b.csv", "https_flat", "utf-16-le", ",", 1],
        ["c.zip/d.json", "https", "utf-8", "", 10],
        ["c.zip/e.xlsx, sheet 'Leads'", "https_flat", "workbook", "", 10],
    ]


BAD = {
    "empty.csv": b"",
    "binary.csv": bytes(range(256)) * 40,
    "zeros.csv": bytes(5_000),
    "other.csv": b"Colour,Size\nred,1\n",
    "text.txt": "Call Jörg\n".encode("cp1252"),
    "cut.json": b'[{"UserDetails": {}, "LeadSource": "a"}, {"UserDe',
    "deep.json": b"[" * 100_000,
    "deeper.json": b'{"a":' * 1_010 + b"1" + b"}" * 1_010,
    "leads.gz": gzip.compress(GOOD)[:-9],
    "leads.xlsx": b"PK\x03\x04" + bytes(100),
    "leads.parquet": b"PAR1" + bytes(100),
    "open.csv": b'LeadSource,"ActionCode\nSPZA,INS\n',
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_a_clear_error_without_its_folder(tmp_path, name):
    (tmp_path / name).write_bytes(BAD[name])
    with pytest.raises(ReadError, match=f"'{name}'") as raised:
        read_records(tmp_path / name)
    assert str(tmp_path) not in str(raised.value)


def test_bad_files_beside_good_ones_are_counted_and_cost_nothing_else(tmp_path):
    for name, data in BAD.items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(ReadError, match=f"none of {len(BAD)} files holds leads"):
        read_records(tmp_path)
    (tmp_path / "good.csv").write_bytes(GOOD)
    delivery = read_records(tmp_path)
    # Each counts as one record: "other.csv" is a table, of one row.
    assert sums(delivery.raw) == {"delivered": len(BAD) + 1, "set_aside": len(BAD), "files": len(BAD) + 1}
    assert sorted(delivery.rejects["origin"]) == sorted(BAD)
    assert delivery.rejects["reason"].str.len().min() > 0


@pytest.mark.parametrize(
    "data",
    [
        GOOD + b"SPZA",
        GOOD + b'SPZA,"I',
        b'{"UserDetails": {}, "LeadSource": "SPZA"}\n{"UserDetails": {}, "Lea',
        GOOD + b"a,b\xff\xfe\x81,\n" + "Jörg,ü\n".encode() * 3,
    ],
)
def test_a_cut_or_mixed_file_is_read_as_far_as_it_goes(tmp_path, data):
    (tmp_path / "leads.csv").write_bytes(data)
    delivery = read_records(tmp_path / "leads.csv")
    (file,) = delivery.files.to_dict("records")
    assert file["delivered"] == file["read"] + file["set_aside"]
    assert (len(delivery.raw), len(delivery.rejects)) == (file["read"], file["set_aside"])
    assert delivery.raw["lead_source"].iloc[0] == "SPZA"


def test_a_named_file_that_is_no_lead_file_is_an_error(tmp_path):
    (tmp_path / "notes.txt").write_bytes(b"call Ana\n")
    with pytest.raises(ReadError, match=r"'notes\.txt' are not those of leads"):
        read_records([tmp_path / "notes.txt"])


def test_a_folder_without_any_lead_file_is_an_error(tmp_path):
    (tmp_path / "notes.txt").write_bytes(b"call Ana\n")
    with pytest.raises(ReadError, match="none of 1 files holds leads"):
        read_records(tmp_path)


def test_reading_warns_of_what_was_set_aside_and_says_where_it_is(tmp_path):
    (tmp_path / "a.csv").write_bytes(GOOD + b"a,b,c\n")
    with pytest.warns(RejectsWarning, match=r"1 of 2 delivered records .* read_records\(paths\)\.rejects"):
        raw = read_leads(tmp_path / "a.csv")
    assert sums(raw) == {"delivered": 2, "set_aside": 1, "files": 1}


def test_a_table_in_a_folder_that_is_none_of_leads_counts_its_rows(tmp_path):
    (tmp_path / "a.csv").write_bytes(GOOD)
    (tmp_path / "colours.csv").write_bytes(b"Colour,Size\nred,1\nblue,2\ngreen,3,4\n")
    (tmp_path / "colours.json").write_text('[{"Colour": "red", "Size": 1}, {"Colour": "blue", "Size": 2}]')
    (tmp_path / "names.csv").write_bytes(b"Colour,Size\n")
    (tmp_path / "read me.txt").write_bytes(b"Hello, these are\nour exports of this year\nfor you\n")
    delivery = read_records(tmp_path)
    assert delivery.files[["origin", "delivered", "read", "set_aside"]].to_numpy().tolist() == [
        ["a.csv", 1, 1, 0],
        ["colours.csv", 3, 0, 3],
        ["colours.json", 2, 0, 2],
        ["names.csv", 1, 0, 1],
        ["read me.txt", 1, 0, 1],
    ]
    assert len(delivery.raw) + len(delivery.rejects) == delivery.raw.attrs["delivered"]
    table = delivery.rejects[delivery.rejects["origin"] == "colours.csv"]
    assert table["origin_row"].tolist() == [1, 2, 3]
    assert table["reason"].str.contains("'colours.csv' are not those of leads", regex=False).all()
    assert set(table["text"]) == {""}  # what is no file of leads is not copied


def test_each_file_that_is_not_read_whole_has_a_line_with_its_reason(tmp_path):
    for name, data in {
        "bad.xlsx": b"PK\x03\x04" + bytes(100),
        "colours.csv": b"Colour,Size\nred,1\nblue,2\n",
        "good.csv": GOOD,
        "nobody.csv": b"LeadSource,ActionCode\n",
        "ragged.csv": GOOD + b"a,b,c\na,b,c\n,\n" + GOOD,
    }.items():
        (tmp_path / name).write_bytes(data)
    delivery = read_records(tmp_path)
    bad, colours, nobody, ragged = delivery_problems(delivery)
    assert bad.startswith("bad.xlsx was not read: 'bad.xlsx' is")
    assert colours.startswith("colours.csv was not read: the columns of 'colours.csv' are not those of leads; ")
    assert colours.endswith(" (2 records)")
    assert nobody == "nobody.csv holds no lead: 0 leads: no record stands below the names of the columns"
    assert ragged == ("ragged.csv: 4 of 6 records set aside, most of them for '3 cells in a table of 2 columns'")
    with pytest.warns(RejectsWarning) as warned:
        read_leads(tmp_path)
    assert str(warned[0].message).splitlines()[1:] == [bad, colours, nobody, ragged]


def test_rejects_are_a_frame_of_their_kind_even_when_there_are_none(tmp_path):
    (tmp_path / "a.csv").write_bytes(GOOD)
    rejects = read_records(tmp_path / "a.csv").rejects
    assert list(rejects.columns) == list(KINDS["rejects"].names)
    assert len(rejects) == 0


def test_a_named_layout_overrides_detection(tmp_path):
    (tmp_path / "a.csv").write_bytes(GOOD)
    assert set(read_leads(tmp_path / "a.csv", layout="azure_table")["layout"]) == {"azure_table"}
    with pytest.raises(OptionError, match="did you mean 'azure_table'"):
        read_leads(tmp_path / "a.csv", layout="azure_tables")


def test_a_layout_of_the_users_own(tmp_path):
    (tmp_path / "shop.toml").write_text(
        'name = "shop"\ntitle = "t"\norder = 1\nproof = [["Mail"]]\n[columns]\nemail = ["Mail"]\n', encoding="utf-8"
    )
    (tmp_path / "a.csv").write_text("Mail,Colour\nana@example.com,red\n", encoding="utf-8")
    raw = read_leads(tmp_path / "a.csv", layouts=load_layouts(tmp_path))
    assert raw[["email", "layout"]].to_numpy().tolist() == [["ana@example.com", "shop"]]


def test_a_folder_of_many_small_files_is_read_in_order_of_their_names(tmp_path):
    for number in range(300):
        (tmp_path / f"{number:04d}.json").write_bytes(b'{"UserDetails": {}, "LeadSource": "s%d"}' % number)
    raw = read_leads(tmp_path)
    assert raw["lead_source"].tolist() == [f"s{number}" for number in range(300)]


def test_progress_is_told_the_rows_so_far(tmp_path):
    (tmp_path / "a.csv").write_bytes(GOOD)
    (tmp_path / "b.csv").write_bytes(GOOD + b"SPZA,TD\n")
    told = []
    raw = read_leads(tmp_path, progress=told.append)
    assert told == [1, 3]
    assert len(raw) == 3


# Names of columns as the downloads (UI) and the programming interface (API) write them.
REPORTS = [
    ("earnings report", "assetId,earningId,earningAmount,LineItemId,orderId,customerId"),
    ("co-sell bulk file", "Errors,Engagement ID,Referral ID,Deal Name,Customer Name"),
    ("customers report", "Marketplace Subscription ID,Date Acquired,Date Lost,First Name,Last Name,Email"),
    ("customers report", "DateAcquired,ProviderEmail,FirstName,LastName,Email,CustomerCompany Name,CustomerId"),
    ("marketplace insights report", "Date,Offer Name,Referral Domain,Page Visits,Get It Now,Contact me"),
    ("marketplace insights report", "Date,OfferName,ReferralDomain,CountryName,PageVisits,GetItNow,ContactMe"),
    ("revenue report", "Purchase record ID,Line-item ID,Customer name,Customer email,Billed revenue"),
    ("revenue report", "PurchaseRecordId,LineItemId,CustomerEmail,CustomerName,PayoutStatus,EstimatedRevenueUSD"),
    ("usage report", "Usage Date,Customer Company Name,Usage Quantity,Price (CC)"),
    ("usage report", "UsageDate,CustomerName,CustomerCompanyName,NormalizedUsage"),
    ("retention report", "OfferName,CustomerName,FirstUsageDate,Offset,RevenueGenerated(USD)"),
    ("orders report", "Order Status,Customer Company Name,Asset ID,Quantity"),
    ("orders report", "OrderStatus,OrderPurchaseDate,CustomerCompanyName,CustomerCountry"),
    ("quality of service report", "OfferId,DeploymentStatus,DeploymentCorrelationId,CustomerName"),
    ("licences report", "Customer Country,Customer Name,Licenses Provisioned,Licenses Assigned"),
]


@pytest.mark.parametrize(("report", "names"), REPORTS)
def test_a_report_of_partner_center_is_refused_by_its_name(tmp_path, report, names):
    row = ",".join("a" for _ in names.split(","))
    (tmp_path / "x.csv").write_text(f"\ufeff{names}\n{row}\n{row}\n", encoding="utf-8")
    is_refused = re.escape(f"'x.csv' is the Partner Center {report}, which holds no leads; ")
    for read in (read_records, read_referrals):
        with pytest.raises(ReadError, match=is_refused):
            read(tmp_path / "x.csv")
    (tmp_path / "good.csv").write_bytes(GOOD)
    delivery = read_records(tmp_path)
    assert delivery.files[["origin", "delivered", "set_aside"]].to_numpy().tolist() == [
        ["good.csv", 1, 0],
        ["x.csv", 2, 2],
    ]
    assert delivery.rejects["reason"].str.match(is_refused).all()


def test_a_report_in_a_workbook_or_in_json_is_refused_too(tmp_path):
    customers = pd.DataFrame({"Date Acquired": ["2024-02-01"], "Customer ID": ["1"], "Email": ["ana@example.com"]})
    customers.to_excel(tmp_path / "x.xlsx", index=False)
    customers.to_json(tmp_path / "x.json", orient="records")
    for name in ("x.xlsx", "x.json"):
        with pytest.raises(ReadError, match="is the Partner Center customers report"):
            read_records(tmp_path / name)
    with pytest.raises(ReadError, match=r"none of 2 files holds leads; found in 'x\.json': 'x\.json' is the Partner"):
        read_records(tmp_path)


def test_a_layout_that_the_caller_names_is_believed(tmp_path):
    (tmp_path / "x.csv").write_text("Date Acquired,Date Lost,Email\n,,ana@example.com\n", encoding="utf-8")
    assert read_leads(tmp_path / "x.csv", layout="plain")["email"].tolist() == ["ana@example.com"]


def test_a_web_shops_orders_with_addresses_are_no_report(tmp_path):
    (tmp_path / "x.csv").write_text("Order ID,Order Status,First Name,Email\n7,paid,Ana,ana@example.com\n")
    assert read_leads(tmp_path / "x.csv")["layout"].tolist() == ["plain"]


def test_the_leads_download_is_read_as_referrals_as_ever():
    raw = read_referrals(SHAPES / "partner_center_leads_download.csv")
    assert set(raw["record_kind"]) == {"referral"}


def test_a_sheet_with_the_usual_headings_is_read_as_leads(tmp_path):
    headings = ["Lead Source", "Created On", "Email", "First Name", "Last Name", "Company"]
    sheet = pd.DataFrame(
        [["SPZA-INS|contoso.app", pd.Timestamp("2024-02-27 05:41"), "ana@example.com", "Ana", "Li", "Li"]],
        columns=headings,
    )
    sheet.to_excel(tmp_path / "tiny.xlsx", index=False)
    raw = read_leads(tmp_path / "tiny.xlsx")
    told = ["lead_source", "created", "email", "first_name", "last_name", "company"]
    assert raw[told].to_numpy().tolist() == [
        ["SPZA-INS|contoso.app", "2024-02-27T05:41:00", "ana@example.com", "Ana", "Li", "Li"]
    ]
