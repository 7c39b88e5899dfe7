"""What a local copy is a copy of, by facts that are no secret, and from where no copy can be kept."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from leadanalytics.errors import TableError
from leadanalytics.reading.azure_table.accounts import Account, LeadTable

# The parts of a shared access signature that limit it to some keys.
_RANGE_OF_KEYS = ("spk", "srk", "epk", "erk")


@dataclass(frozen=True)
class Origin:
    """A table, or the part of it that a signature shows.

    Attributes
    ----------
    account, table : str
        Their names.
    key_range : str or None
        The range of keys that can be seen; None where it is all of them.

    Examples
    --------
    >>> str(Origin("contoso", "MarketplaceLeads"))
    "the table 'MarketplaceLeads' of account 'contoso'"
    """

    account: str
    table: str
    key_range: str | None = None

    def __str__(self) -> str:
        part = f"the keys {self.key_range} of " if self.key_range else ""
        return f"{part}the table {self.table!r} of account {self.account!r}"

    def is_same(self, other: Origin) -> bool:
        """Tell whether two are one; the service takes names of tables in any case."""
        return (self.account, self.table.lower(), self.key_range) == (
            other.account,
            other.table.lower(),
            other.key_range,
        )


def origin_of(source: LeadTable) -> Origin:
    """Return where a table is, without the credential that opens it.

    Raises
    ------
    TableError
        When it is a secondary endpoint, from which no copy can be kept without losing rows.
    """
    account = source.account
    if _first_label(account).endswith("-secondary"):
        raise TableError(
            "a secondary endpoint lags behind by an unknown time, so that a sync would lose rows",
            next_step="use the primary endpoint of the account",
        )
    facts = account.signature_facts
    key_range = ", ".join(f"{part}={facts[part]}" for part in _RANGE_OF_KEYS if part in facts) or None
    return Origin(_name_of(account), source.name, key_range)


def _name_of(account: Account) -> str:
    """Return the name of an account, which an emulator has in the path of its address, and any other in its host."""
    return account.name or urlsplit(account.endpoint).path.strip("/") or _first_label(account)


def _first_label(account: Account) -> str:
    return (urlsplit(account.endpoint).hostname or "").partition(".")[0]
