import gzip
import io
import json
import random
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from containers import CONTAINERS, sample_records

import leadanalytics as la
from leadanalytics.errors import ReadError
from leadanalytics.reading.choosing import load_layouts
from leadanalytics.reading.files import read_file
from leadanalytics.reading.gathering import gather_raw
from leadanalytics.reading.layouts import Layout
from leadanalytics.reading.paths import find_files
from leadanalytics.schema import CUSTOMER_FIELDS, KINDS

SHAPES = Path(__file__).parents[1] / "data" / "shapes"
CSV = b"LeadSource,ActionCode\nSPZA,INS\n"
JSON = b'{"UserDetails": {}, "LeadSource": "SPZA"}'


def read(path):
    (source,) = find_files(path)
    return list(read_file(source, load_layouts()))


@pytest.mark.parametrize(("name", "data", "layout"), [("a.parquet", CSV, "https_flat"), ("b.csv", JSON, "https")])
def test_what_a_file_is_is_told_from_its_content_never_from_its_name(tmp_path, name, data, layout):
    (tmp_path / name).write_bytes(data)
    ((origin, contents),) = read(tmp_path / name)
    assert origin == name
    assert contents.parts[0].layout.name == layout


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is empty"),
        (b" \r\n\n", "is empty"),
        (bytes(range(256)) * 40, "found a binary file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200) + b"\x01\x02\x03" * 200, "found a binary file"),
        (b"%PDF-1.7", "found a PDF document"),
    ],
)
def test_a_file_that_is_no_text_is_a_clear_error(tmp_path, data, complaint):
    (tmp_path / "leads.csv").write_bytes(data)
    with pytest.raises(ReadError, match=complaint):
        read(tmp_path / "leads.csv")


def test_a_file_of_zeros_is_a_binary_file(tmp_path):
    (tmp_path / "leads.csv").write_bytes(bytes(5_000))
    with pytest.raises(ReadError, match="a binary file"):
        read(tmp_path / "leads.csv")


def zipped(members):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return data.getvalue()


def workbook():
    book, data = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Leads"
    for row in [["LeadSource", "ActionCode"], ["SPZA", "INS"]]:
        book.active.append(row)
    book.save(data)
    return data.getvalue()


HTML = b"<table><tr><th>LeadSource<th>ActionCode<tr><td>SPZA<td>INS</table>"
ARCHIVES = {
    "members.zip": (zipped({"a.csv": CSV, "in/b.json": JSON}), ["members.zip/a.csv", "members.zip/in/b.json"]),
    "packed.csv": (gzip.compress(CSV), ["packed.csv"]),
    "nested.zip": (
        zipped({"a.zip": zipped({"b.csv": CSV}), "c.gz": gzip.compress(CSV), "d.xlsx": workbook()}),
        ["nested.zip/a.zip/b.csv", "nested.zip/c.gz", "nested.zip/d.xlsx, sheet 'Leads'"],
    ),
    "book.dat": (workbook(), ["book.dat, sheet 'Leads'"]),
    "report.xls": (HTML, ["report.xls"]),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_what_lies_in_a_file_has_an_origin_of_its_own(tmp_path, name):
    data, origins = ARCHIVES[name]
    (tmp_path / name).write_bytes(data)
    found = read(tmp_path / name)
    assert [origin for origin, _ in found] == origins
    assert [contents.delivered for _, contents in found] == [1] * len(origins)
    assert [len(contents.parts) for _, contents in found] == [1] * len(origins)


def test_a_member_that_is_no_lead_file_is_set_aside(tmp_path):
    (tmp_path / "a.zip").write_bytes(
        zipped({"a.csv": CSV, "notes.txt": b"call Ana", "cut.gz": gzip.compress(CSV)[:-9]})
    )
    found = dict(read(tmp_path / "a.zip"))
    assert [len(contents.parts) for contents in found.values()] == [1, 0, 0]
    assert [(reject.row, reject.reason[:30]) for reject in found["a.zip/cut.gz"].rejects] == [
        (0, "'a.zip/cut.gz' is a damaged ar")
    ]


def test_an_archive_in_an_archive_in_an_archive_is_refused(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped({"b.zip": zipped({"c.zip": zipped({"d.csv": CSV})})}))
    ((origin, contents),) = read(tmp_path / "a.zip")
    assert origin == "a.zip/b.zip/c.zip"
    assert "lies in too many archives; unpack the outer ones" in contents.rejects[0].reason


@pytest.mark.parametrize("name", [*ARCHIVES, "leads.csv", "leads.json"])
def test_whatever_the_damage_every_record_is_read_or_set_aside(tmp_path, name):
    whole = ARCHIVES[name][0] if name in ARCHIVES else {"leads.csv": CSV * 3, "leads.json": JSON}[name]
    draw = random.Random(0)
    for _ in range(100):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 10)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        (tmp_path / name).write_bytes(data[: draw.randint(len(data) // 2, len(data))])
        (source,) = find_files(tmp_path)
        for _, contents in read_file(source, load_layouts()):
            assert sum(len(part.rows) for part in contents.parts) + len(contents.rejects) == contents.delivered


PEOPLE = {
    "western": ["Jörg Weißmann,München", "Zoë Núñez,Málaga", "Amelia O’Neil,London"],
    "chinese": ["伟 王,北京明远科技有限公司", "娜 李,上海", "丽 张,广州"],
    "japanese": ["太郎 山田,株式会社サンプル", "さくら 佐藤,東京", "健一 田中,大阪"],
    "mixed": ["Jörg Weißmann,München", "伟 王,北京明远科技有限公司", "太郎 山田,東京"],
}
UNIVERSAL = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
ENCODINGS = [
    *[
        (people, encoding)
        for people in PEOPLE
        for encoding in UNIVERSAL
        if (people, encoding) != ("japanese", "gb18030")
    ],
    ("western", "cp1252"),
    ("japanese", "cp932"),
]
FORM = Layout("form", "A form", 1, (("lead_source", "oid"),), {name: (name,) for name in CUSTOMER_FIELDS})


def as_csv(people):
    rows = [f"SPZA,INS,{first},{last},{company}" for first, last, company in people]
    return "\n".join(["LeadSource,ActionCode,FirstName,LastName,Company", *rows, ""])


def as_json(people):
    return "\n".join(
        json.dumps(
            {
                "UserDetails": {"FirstName": first, "LastName": last, "Company": company},
                "LeadSource": "SPZA",
                "ActionCode": "INS",
            },
            ensure_ascii=False,
        )
        for first, last, company in people
    )


def as_pairs(people):
    return "\n\n".join(
        f"oid = 1\nlead_source = SPZA\nfirst_name = {first}\nlast_name = {last}\ncompany = {company}"
        for first, last, company in people
    )


@pytest.mark.parametrize("write", [as_csv, as_json, as_pairs])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("people", "encoding"), ENCODINGS)
def test_the_same_people_in_every_encoding(tmp_path, people, encoding, end, write):
    wanted = [(*name.split(), company) for name, _, company in (each.partition(",") for each in PEOPLE[people])]
    (tmp_path / "leads").write_bytes(write(wanted).replace("\n", end).encode(encoding))
    (source,) = find_files(tmp_path / "leads")
    found = list(read_file(source, [FORM, *load_layouts()]))
    raw = gather_raw([(origin, part) for origin, contents in found for part in contents.parts])
    assert raw[["first_name", "last_name", "company"]].to_numpy().tolist() == [list(each) for each in wanted]
    assert [len(contents.rejects) for _, contents in found] == [0]


@pytest.mark.parametrize("name", ["All Leads 4-26-2024 9-12-44 AM.xlsx", "power_automate_excel.xlsx"])
def test_a_real_workbook_has_its_ten_rows(name):
    anything = Layout("any", "Any", 1, (("Email", "Company Name"), ("Email", "Company")), {"email": ("Email",)})
    (source,) = find_files(SHAPES / name)
    ((origin, contents),) = read_file(source, [anything])
    assert origin.startswith(f"{name}, sheet '")
    assert (contents.delivered, [len(part.rows) for part in contents.parts]) == (10, [10])


def test_a_real_report_has_its_ten_rows_and_the_five_lines_of_its_footer():
    report = Layout("report", "A report", 1, (("Company / Account",),), {"company": ("Company / Account",)})
    (source,) = find_files(SHAPES / "salesforce_report_details_en_GB_latin1.csv")
    ((_, contents),) = read_file(source, [report])
    assert (contents.encoding, [len(part.rows) for part in contents.parts]) == ("cp1252", [10])
    assert [reject.reason for reject in contents.rejects] == ["the footer of a report"] * 5


SAMPLES = la.sample_folder()
# A digest of a verbatim record, and where it was read, may differ.
TOLD = [name for name in KINDS["leads"].names if name not in ("record_id", "layout", "origin", "origin_row")]


def decoded(folder, name, records):
    """The leads of a kind of file: their attrs, and what they say, without the blanks around it, which HTML drops."""
    (folder / name).write_bytes(CONTAINERS[name](records))
    leads = la.decode_leads(la.read_leads(folder / name))
    leads.to_parquet(folder / "again.parquet")
    assert {type(value) for value in leads.attrs.values()} <= {int, str}
    told = leads[TOLD].astype({"created_at": str}).astype("object")
    return told.where(told.notna(), "").map(lambda value: value.strip() if isinstance(value, str) else value)


@pytest.mark.filterwarnings("ignore::leadanalytics.errors.UnknownCodeWarning")
@pytest.mark.parametrize("sample", ["azure_table_leads.csv", "salesforce_leads.csv"])
@pytest.mark.parametrize("name", [name for name in CONTAINERS if name != "leads.csv"])
def test_the_same_records_in_every_kind_of_file_are_the_same_leads(tmp_path, name, sample):
    records = sample_records(SAMPLES / sample)
    wanted, found = decoded(tmp_path, "leads.csv", records), decoded(tmp_path, name, records)
    assert len(wanted) == 60
    pd.testing.assert_frame_equal(found, wanted)


@pytest.mark.filterwarnings("ignore::leadanalytics.errors.UnknownCodeWarning")
@pytest.mark.parametrize("name", ["leads.json", "leads.parquet"])
def test_captured_calls_are_the_same_leads_in_every_kind_of_file_that_holds_objects(tmp_path, name):
    lines = (SAMPLES / "https_leads.jsonl").read_text(encoding="utf-8").splitlines()[:60]
    records = [json.loads(line) for line in lines]
    records = [record["body"] | {"receivedAt": record["receivedAt"]} for record in records]
    wanted, found = decoded(tmp_path, "leads.jsonl", records), decoded(tmp_path, name, records)
    pd.testing.assert_frame_equal(found, wanted)
