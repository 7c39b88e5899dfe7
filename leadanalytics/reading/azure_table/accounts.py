"""Which table is meant and with what it is opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Account:
    """Where a storage account answers, and the one secret that opens it; no secret is ever shown."""

    endpoint: str
    name: str | None = None
    key: str | None = field(default=None, repr=False)
    shared_access_signature: str | None = field(default=None, repr=False)
    token_credential: Any = field(default=None, repr=False)
    ca_file: str | None = None


@dataclass(frozen=True)
class LeadTable:
    """One table of an account."""

    name: str
    account: Account


def open_table(
    name: str = "MarketplaceLeads",
    *,
    connection_string: str | None = None,
    sas_url: str | None = None,
    account_url: str | None = None,
    account_key: str | None = None,
    credential: Any = None,
    ca_file: str | None = None,
) -> LeadTable:
    """Return a table of leads, its name and credential checked; nothing is sent yet."""
    raise NotImplementedError


def table_of(table: Any) -> LeadTable:
    """Return a table as it is, or the one of an azure.data.tables.TableClient."""
    raise NotImplementedError
