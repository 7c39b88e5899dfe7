import json

import numpy as np
import openpyxl
import pyarrow as pa
import pytest

from leadanalytics.errors import AssumptionWarning
from leadanalytics.reading import convert_leads, read_records
from leadanalytics.reading.choosing import load_layouts
from leadanalytics.reading.contents import TEXT_TYPE, Contents, Part
from leadanalytics.reading.mojibake import ASSUMPTION, repair, repair_mojibake

NAMES = [
    *("Zoë Müller", "Carlos Núñez", "Łukasz Wiśniewski", "Gergő Erdős", "Siobhan O’Neil – Ltd", "Иванов Пётр"),
    *("田中太郎", "김민준", "Γιώργος", "محمد حسن", "São Paulo €5", "Zdeněk Růžička", "Nguyễn", "ÉCOLE", "😀 Zoë"),
]


def misread(text, code_page):
    """Return UTF-8 as a program reads it in a code page; bytes that are none of it become control characters."""
    return "".join(bytes([octet]).decode(code_page, "ignore") or chr(octet) for octet in text.encode())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("code_page", ["cp1252", "cp1250", "latin-1"])
def test_what_was_misread_once_or_twice_is_repaired(name, code_page):
    assert misread(name, code_page) != name
    assert repair(misread(name, code_page)) == name
    assert repair(misread(misread(name, code_page), code_page)) == name


@pytest.mark.parametrize(
    "text",
    [
        *NAMES,
        *("JOÃO", "CORAÇÃO", "IRMÃ", "“IRMÔ", "João “Zé” Ã", "Ãkerman", "Ăn", "à la", "«Zoë»", "l’Été»", "Côte d’Azur"),
        *("IRMÃ®", "CAFÉ™", "NESTLÉ®", "BLÅ™", "GROSS ß“", "É—", "Ñ–", "Ø°", "Ä–Ö", "Übung – Ö", "50 °C"),
        # The character was lost before.
        "ï¿½",
    ],
)
def test_what_may_be_meant_stays(text):
    assert repair(text) == text


def contents_of(**columns):
    table = pa.table({name: pa.chunked_array([values], TEXT_TYPE) for name, values in columns.items()})
    return Contents(parts=[Part(load_layouts()[0], table, np.arange(table.num_rows))])


def test_only_values_that_look_so_are_repaired_and_counted():
    contents = contents_of(name=["ZoÃ«", "Zoë", None, "JOÃO", "ZoÃ«", ""], company=["MÃ¼ller", *["Müller"] * 5])
    repair_mojibake(contents)
    columns = contents.parts[0].columns
    assert columns["name"].to_pylist() == ["Zoë", "Zoë", None, "JOÃO", "Zoë", ""]
    assert columns["company"].to_pylist() == ["Müller"] * 6
    assert contents.assumptions == {ASSUMPTION: 3}


def test_a_column_without_any_is_not_even_copied():
    names = ["JOÃO", "IRMÃ®", "田中太郎", None]
    contents = contents_of(name=names, nothing=[None] * 4, plain=["Zoe"] * 4)
    before = [chunk.buffers()[2] for column in contents.parts[0].columns.columns for chunk in column.chunks]
    repair_mojibake(contents)
    after = [chunk.buffers()[2] for column in contents.parts[0].columns.columns for chunk in column.chunks]
    assert [each and each.address for each in after] == [each and each.address for each in before]
    assert contents.parts[0].columns["name"].to_pylist() == names
    assert not contents.assumptions


ROWS = [
    ["LeadSource", "ActionCode", "FirstName", "Company"],
    ["SPZA", "INS", "ZoÃ«", "JOÃO"],
    ["SPZA", "DM", "Zoë", "MÃ¼ller"],
]


def write_csv(path):
    path.write_text("".join(",".join(row) + "\n" for row in ROWS), encoding="utf-8")


def write_xlsx(path):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(path)


def write_json(path):
    path.write_text(json.dumps([dict(zip(ROWS[0], row)) for row in ROWS[1:]]), encoding="utf-8")


def write_html(path):
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    path.write_text(f"<table>{rows}</table>", encoding="utf-8")


@pytest.mark.parametrize("write", [write_csv, write_xlsx, write_json, write_html])
def test_a_file_of_any_kind_is_repaired_and_says_so(tmp_path, write):
    write(tmp_path / "leads")
    with pytest.warns(AssumptionWarning, match="2 values looked like UTF-8") as caught:
        delivery = read_records(tmp_path / "leads")
    assert len(caught) == 1
    assert delivery.raw["first_name"].tolist() == ["Zoë", "Zoë"]
    assert delivery.raw["company"].tolist() == ["JOÃO", "Müller"]
    assert "2 values looked like UTF-8" in delivery.files["note"][0]


def test_blocks_of_a_file_are_one_warning(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text("LeadSource,ActionCode,FirstName\n" + "SPZA,INS,ZoÃ«\n" * 4_000, encoding="utf-8")
    with pytest.warns(AssumptionWarning, match="4,000 values looked like UTF-8") as caught:
        conversion = convert_leads(path, tmp_path / "out.parquet", block=20_000)
    assert len(caught) == 1
    assert set(read_records(conversion.path).raw["first_name"]) == {"Zoë"}
