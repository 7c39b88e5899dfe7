"""The same records in every kind of file that leads come in."""

import gzip
import html
import io
import json
import zipfile

import pandas as pd
from binary_workbooks import binary_workbook, old_workbook


def _grid(records):
    return [list(records[0]), *([record[name] for name in records[0]] for record in records)]


def _text(records, delimiter):
    return pd.DataFrame(records).to_csv(index=False, sep=delimiter)


def _workbook(records):
    data = io.BytesIO()
    pd.DataFrame(records).to_excel(data, index=False, sheet_name="Leads")
    return data.getvalue()


def _html(records):
    rows = ("".join(f"<td>{html.escape(cell).replace(chr(10), '<br>')}</td>" for cell in row) for row in _grid(records))
    return f"<html><body><table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table></body></html>".encode()


def _zip(records):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("exports/leads.csv", _text(records, ","))
    return data.getvalue()


def _parquet(records):
    data = io.BytesIO()
    pd.DataFrame(records).to_parquet(data)
    return data.getvalue()


# The name of a file to what it holds; each takes records as dictionaries of text, all with the same keys.
CONTAINERS = {
    "leads.csv": lambda records: _text(records, ",").encode(),
    "semicolon.csv": lambda records: _text(records, ";").encode("utf-8-sig"),
    "leads.tsv": lambda records: _text(records, "\t").encode("utf-16"),
    "leads.xlsx": _workbook,
    "leads.xlsb": lambda records: binary_workbook(_grid(records)),
    "leads.xls": lambda records: old_workbook(_grid(records)),
    "html.xls": _html,
    "leads.json": lambda records: json.dumps(records, ensure_ascii=False).encode(),
    "leads.jsonl": lambda records: "\n".join(map(json.dumps, records)).encode(),
    "leads.zip": _zip,
    "leads.csv.gz": lambda records: gzip.compress(_text(records, ",").encode()),
    "leads.parquet": _parquet,
}


def sample_records(name, count=60):
    """The first records of a file of the sample leads, as text, without the columns that name types."""
    table = pd.read_csv(name, dtype=str, keep_default_na=False).head(count)
    return table[[column for column in table if not column.endswith("@type")]].to_dict("records")
