"""Sample files in the shapes in which leads arrive: an Azure Table export, an HTTPS capture, a Salesforce file."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from leadanalytics import schema
from leadanalytics.samples.making import sample_leads

AZURE_TABLE = "azure_table_leads.csv"
HTTPS = "https_leads.jsonl"
SALESFORCE = "salesforce_leads.csv"

# The properties of an entity, and where `raw` holds them.
_PROPERTIES = {
    "ActionCode": "action_code",
    "CreatedTime": "created",
    "CustomerInfo": "customer_info",
    "Description": "description",
    "LeadSource": "lead_source",
    "OfferDisplayName": "offer_title",
}
# The columns of Data Loader; those of the customer carry the names of the seven fields in capitals.
_SALESFORCE_CUSTOMER = ("FirstName", "LastName", "Company", "Title", "Email", "Phone", "Country")
_SALESFORCE_REST = ("LEADSOURCE", "STATUS", "CREATEDDATE", "DESCRIPTION", "ISCONVERTED")

_HTTPS_EVERY = 3
_SALESFORCE_EVERY = 13
_SOURCE_ALONE_EVERY = 5

Lead = dict[str, Any]


def sample_folder() -> Path:
    """Return a folder that holds the sample files: that of the project, else one made for this machine.

    Examples
    --------
    >>> sorted(path.name for path in sample_folder().iterdir())
    ['azure_table_leads.csv', 'https_leads.jsonl', 'salesforce_leads.csv']
    """
    in_project = Path(__file__).parents[2] / "data" / "samples"
    if in_project.is_dir():
        return in_project
    made = Path(tempfile.gettempdir()) / "leadanalytics-samples"
    write_samples(made)
    return made


def write_samples(folder: str | Path, *, raw: pd.DataFrame | None = None) -> list[Path]:
    """Return the paths of three sample files, written from made-up leads; each lead goes to one of them.

    About one lead in three goes to an HTTPS capture and one in thirteen to a Salesforce file; the rest, and
    all that only a table can hold (cut or twice encoded customer information), to an Azure Table export.
    The truth is not written. Same leads, same bytes.

    Parameters
    ----------
    folder : path
        Where to write; made when absent.
    raw : DataFrame, optional
        Leads of `make_leads`; `sample_leads()` when not given.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in write_samples(folder)]
    ['azure_table_leads.csv', 'https_leads.jsonl', 'salesforce_leads.csv']
    """
    leads = sample_leads() if raw is None else raw
    schema.check(leads, "raw", columns=["record_id", "partition_key", "received", *_PROPERTIES.values()])
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    parts = _share_out(leads)
    writers = {AZURE_TABLE: _azure_table, HTTPS: _https, SALESFORCE: _salesforce}
    for name, write in writers.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            file.writelines(write(parts[name]))
    return [folder / name for name in writers]


def as_entities(raw: pd.DataFrame) -> pd.DataFrame:
    """Return made-up leads as the entities of an Azure Table: two keys, Timestamp and six properties, all text.

    Parameters
    ----------
    raw : DataFrame
        Leads of `make_leads`.

    Examples
    --------
    >>> list(as_entities(sample_leads()).columns)[:4]
    ['PartitionKey', 'RowKey', 'Timestamp', 'ActionCode']
    """
    keys = raw["record_id"].str.split("/", n=1, expand=True)
    columns = {"PartitionKey": keys[0], "RowKey": keys[1], "Timestamp": raw["received"]}
    return pd.DataFrame(columns | {name: raw[column] for name, column in _PROPERTIES.items()})


def _share_out(leads: pd.DataFrame) -> dict[str, list[Lead]]:
    """Return the leads of each file, with the seven fields as `customer`."""
    parts: dict[str, list[Lead]] = {AZURE_TABLE: [], HTTPS: [], SALESFORCE: []}
    # A loop over rows: the files are text, written record by record.
    for number, lead in enumerate(leads.to_dict("records")):
        customer = _customer(lead["customer_info"])
        if customer is None:
            file = AZURE_TABLE
        elif number % _SALESFORCE_EVERY == 0 and customer["LastName"] and customer["Company"]:
            file = SALESFORCE  # which takes no lead without a last name and a company
        else:
            file = HTTPS if number % _HTTPS_EVERY == 0 else AZURE_TABLE
        parts[file].append(lead | {"customer": customer})
    return parts


def _customer(text: str) -> dict[str, str] | None:
    """Return the seven fields, or None where the text is not simply their JSON."""
    try:
        fields = json.loads(text)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None


def _azure_table(leads: list[Lead]) -> Iterable[str]:
    """Yield the CSV that Storage Explorer exports, a type beside each property, in order of the keys."""
    header = ["PartitionKey", "RowKey", "Timestamp"]
    for name in _PROPERTIES:
        header += [name, f"{name}@type"]
    rows = []
    for lead in leads:
        row = [*lead["record_id"].split("/"), lead["received"]]
        for column in _PROPERTIES.values():
            row += [lead[column], "String"]
        rows.append(row)
    yield from _csv([header, *sorted(rows)], quoting=csv.QUOTE_MINIMAL)


def _https(leads: list[Lead]) -> Iterable[str]:
    """Yield one captured call per line; the keys change between Pascal and camel case as they do in real captures."""
    for number, lead in enumerate(leads):
        source = lead["lead_source"]
        if number % _SOURCE_ALONE_EVERY == 0 and not source.startswith("MSFT_TEST"):
            source = source.partition("-")[0]
        body = {
            "UserDetails": lead["customer"],
            "LeadSource": source,
            "ActionCode": lead["action_code"],
            "OfferTitle": lead["offer_title"],
            "Description": lead["description"],
        }
        call = {"receivedAt": f"{lead['received'][:23]}Z", "body": _camel(body) if number % 2 else body}
        yield json.dumps(call, ensure_ascii=False) + "\n"


def _salesforce(leads: list[Lead]) -> Iterable[str]:
    """Yield the CSV of Salesforce Data Loader, every cell quoted, dates in UTC, in order of the ids."""
    header = ["ID", *(field.upper() for field in _SALESFORCE_CUSTOMER), *_SALESFORCE_REST]
    rows = []
    for lead in leads:
        row_key = lead["record_id"].rpartition("/")[2].replace("-", "")
        created = datetime.strptime(lead["created"], "%m/%d/%Y %I:%M:%S %p")
        row = [f"00QKa{row_key[:10].upper()}MAE", *(lead["customer"][field] for field in _SALESFORCE_CUSTOMER)]
        row += [lead["lead_source"], "Open - Not Contacted", f"{created:%Y-%m-%dT%H:%M:%S}.000Z"]
        rows.append([*row, lead["description"], "false"])
    yield from _csv([header, *sorted(rows)], quoting=csv.QUOTE_ALL)


class _Lines(list[str]):
    """A list that csv can write to, so that the caller alone decides about the file."""

    def write(self, line: str) -> None:
        self.append(line)


def _csv(rows: Iterable[Iterable[str]], *, quoting: Any) -> list[str]:
    lines = _Lines()
    csv.writer(lines, quoting=quoting, lineterminator="\n").writerows(rows)
    return lines


def _camel(body: dict[str, Any]) -> dict[str, Any]:
    return {
        key[0].lower() + key[1:]: _camel(value) if isinstance(value, dict) else value for key, value in body.items()
    }
