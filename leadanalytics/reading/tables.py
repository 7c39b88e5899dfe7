"""An Azure Table, read through its own client: every entity is a record like any other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from leadanalytics.errors import ReadError, TableError
from leadanalytics.reading.choosing import load_layouts
from leadanalytics.reading.contents import Collector, Contents
from leadanalytics.reading.json_records import flat_record, to_text
from leadanalytics.reading.layouts import find_layout
from leadanalytics.reading.records import Delivery, account, warn_of_rejects

if TYPE_CHECKING:
    from azure.data.tables import TableClient

_PAGE = 1_000


def get_leads(table: TableClient, *, origin: str | None = None) -> pd.DataFrame:
    """Return the lead records of an Azure Table as one raw frame, verbatim text.

    Parameters
    ----------
    table : azure.data.tables.TableClient
        The table of the lead destination, usually named MarketplaceLeads.
    origin : str, optional
        How the frame names the table; its own name by default.

    Returns
    -------
    DataFrame
        The columns of the kind 'raw'; the time at which an entity was stored is in `received`.

    Raises
    ------
    TableError
        When the table cannot be reached or read, or holds entities of which none is a lead. Says what to do, and
        holds neither keys nor addresses.

    Warns
    -----
    RejectsWarning
        When entities were set aside; `get_records(table).rejects` holds them.

    Examples
    --------
    >>> import os
    >>> from azure.data.tables import TableClient
    >>> table = TableClient.from_connection_string(
    ...     os.environ["AZURE_STORAGE_CONNECTION_STRING"], table_name="MarketplaceLeads"
    ... )  # doctest: +SKIP
    >>> raw = get_leads(table)  # doctest: +SKIP
    """
    delivery = get_records(table, origin=origin)
    warn_of_rejects(delivery, where="get_records(table).rejects")
    return delivery.raw


def get_records(table: TableClient, *, origin: str | None = None) -> Delivery:
    """Return the lead records of an Azure Table, the entities that were set aside, and the account of both.

    Parameters
    ----------
    table : azure.data.tables.TableClient
        As in `get_leads`.
    origin : str, optional
        As in `get_leads`.

    Returns
    -------
    Delivery
        `raw`, `rejects` and `files`, which has one row for the table.

    Raises
    ------
    TableError
        As in `get_leads`.
    """
    layouts = load_layouts()
    contents, collector = Contents(encoding="azure table"), Collector()
    names: list[str] = []
    for record in _entities(table):
        contents.delivered += 1
        layout = find_layout(list(record), layouts)
        if layout is None:
            contents.set_aside(contents.delivered, "no lead: its properties prove no layout", to_text(record) or "")
            names = names or list(record)
        else:
            collector.add(layout, flat_record(layout, record), contents.delivered)
    contents.parts = collector.parts()
    if names and not contents.parts:
        raise TableError(
            f"the table {table.table_name!r} holds no lead",
            found=f"{contents.delivered:,} entities with the properties {', '.join(map(repr, names))}",
            next_step="check the name of the table in the lead destination",
        )
    return account([(origin or table.table_name, contents)], may_be_empty=True)


def _entities(table: TableClient) -> Iterator[dict[str, Any]]:
    """Yield the entities of a table as records of plain values."""
    try:
        for page in table.list_entities(results_per_page=_PAGE).by_page():
            for entity in page:
                yield {name: _plain(value) for name, value in _with_timestamp(entity).items()}
    except Exception as error:
        explained = _explained(error, table.table_name)
        if explained is None:
            raise
        # The cause is not chained: requests and their errors may hold keys, signatures and leads.
        raise explained from None


def _with_timestamp(entity: Any) -> Mapping[str, Any]:
    """Return an entity with the time of its last write, which the client keeps apart."""
    stored = entity.metadata.get("timestamp")
    return {**entity, "Timestamp": stored} if stored is not None else entity


def _plain(value: Any) -> Any:
    """Return a property as JSON has it."""
    if isinstance(value, datetime):
        # The client cuts the service's seven digits to six and keeps the text beside.
        written = getattr(value, "tables_service_value", None)
        return written or value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, str | bool | int | float) or value is None:
        return value
    if hasattr(value, "edm_type"):  # a pair of a value and its type
        return _plain(value[0])
    return str(value)


def _explained(error: Exception, table_name: str) -> TableError | None:
    """Return what an error of the client means in words, or None for an error of another kind."""
    from azure.core import exceptions

    what = f"the table {table_name!r} cannot be read"
    status = getattr(error, "status_code", None)
    if isinstance(error, ReadError):
        return None
    if isinstance(error, exceptions.ClientAuthenticationError) or status in (401, 403):
        return TableError(
            what,
            found=f"access refused (status {status})",
            next_step="check the key, or the permissions, the dates and the clock of the signature",
        )
    if isinstance(error, exceptions.ResourceNotFoundError):
        return TableError(
            what, found="no such table", next_step="check its name and the account; it is usually MarketplaceLeads"
        )
    if isinstance(error, exceptions.ServiceRequestError):
        return TableError(
            what, found="no connection to the service", next_step="check the account's name, the network and any proxy"
        )
    if isinstance(error, exceptions.AzureError):
        return TableError(
            what,
            found=f"the service failed (status {status})" if status else "a broken answer of the service",
            next_step="try again later",
        )
    if isinstance(error, AttributeError | TypeError | ValueError):
        return TableError(
            what,
            found="an answer that is no page of a table",
            next_step="look for a proxy or a login page between here and the service",
        )
    return None
