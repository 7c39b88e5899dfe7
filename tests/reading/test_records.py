import gzip
import json
import shutil
import warnings
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from leadanalytics.errors import AssumptionWarning, OptionError, ReadError, RejectsWarning, TruncatedExportWarning
from leadanalytics.reading import delivery_problems, load_layouts, read_leads, read_records
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
