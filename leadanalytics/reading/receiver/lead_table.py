"""An Azure Table as the place where posted leads go, in the shape in which Microsoft itself writes them there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from leadanalytics.errors import OptionError, ReadError, TableError
from leadanalytics.reading.json_records import to_text
from leadanalytics.reading.layouts import fold
from leadanalytics.reading.receiver.envelopes import Receipt, ReceivedLead, iso_time

if TYPE_CHECKING:
    from azure.data.tables import TableClient

# Of one property, in UTF-16 units: the service's own limit of 64 KiB.
LONGEST_TEXT = 32 * 1024
# What the service answers when the entity is at fault, so that to try again is in vain.
_REFUSED = (400, 413)
# The service's names of a lead's fields to those of a posted body.
_FIELDS = {
    "LeadSource": "LeadSource",
    "ActionCode": "ActionCode",
    "OfferDisplayName": "OfferTitle",
    "Description": "Description",
    "CustomerInfo": "UserDetails",
}


class LeadTable:
    """Inserts leads into an Azure Table, where a lead that is there already stays as it is.

    Parameters
    ----------
    table : azure.data.tables.TableClient
        Made where missing.
    window : timedelta
        The name of an entity is the same for the same body in the same stretch of this length, so that the table
        itself knows a repeat, even of another process.

    Raises
    ------
    TableError
        When the table cannot be reached. Holds neither keys nor addresses.

    Examples
    --------
    >>> from azure.data.tables import TableServiceClient
    >>> service = TableServiceClient.from_connection_string("...")  # doctest: +SKIP
    >>> leads = LeadTable(service.get_table_client("MarketplaceLeads"))  # doctest: +SKIP
    """

    def __init__(self, table: TableClient, *, window: timedelta = timedelta(minutes=10)) -> None:
        from azure.core.exceptions import AzureError, ResourceExistsError

        self._table, self._window = table, window
        try:
            table.create_table()
        except ResourceExistsError:
            pass
        except (AzureError, ValueError) as error:
            # Not chained: errors of the client and their requests may hold keys and signatures.
            raise TableError(
                f"the table {table.table_name!r} cannot be written to",
                found=_kind(error),
                next_step="check the connection string, the network and the permissions",
            ) from None

    def write(self, lead: ReceivedLead) -> bool:
        """Insert a lead; return True when the service has confirmed it, False when it was there already.

        Raises
        ------
        ReadError
            When a field is longer than the service allows, or the service finds another fault in the lead.
        TableError
            When the service does not confirm it.
        """
        from azure.core.exceptions import AzureError, ResourceExistsError

        entity = to_entity(lead, window=self._window)
        try:
            self._table.create_entity(entity)
        except ResourceExistsError:
            return False
        except AzureError as error:
            if getattr(error, "status_code", None) in _REFUSED:
                raise ReadError("refused by the Azure Table", found=_kind(error)) from None
            raise TableError("the lead was not inserted", found=_kind(error)) from None
        return True

    def receipts(self, since: datetime) -> Iterator[Receipt]:
        """Yield nothing: the table itself knows what it holds."""
        yield from ()


def open_lead_table(connection_string: str, name: str, *, window: timedelta, seconds: int = 10) -> LeadTable:
    """Return the table of an account, with a limit of time on every request.

    Parameters
    ----------
    connection_string : str
        Opens the account; it is not kept in any text.
    name : str
        The table's name, usually MarketplaceLeads.
    window : timedelta
        As in `LeadTable`.
    seconds : int
        The longest time to connect, and again to answer [s].

    Raises
    ------
    OptionError
        When the connection string or the name cannot be one.
    TableError
        When the table cannot be reached.
    """
    from azure.data.tables import TableClient

    try:
        # A sender waits for the answer and posts again by itself, so few retries are made here.
        client = TableClient.from_connection_string(
            connection_string, table_name=name, retry_total=1, connection_timeout=seconds, read_timeout=seconds
        )
    except ValueError:
        raise OptionError(
            "there is no table client for this connection string and name",
            next_step="copy the connection string from the storage account's access keys",
        ) from None
    return LeadTable(client, window=window)


def to_entity(lead: ReceivedLead, *, window: timedelta) -> dict[str, str]:
    """Return a lead as the entity that Microsoft would write, with a RowKey by which a repeat is known.

    Parameters
    ----------
    lead : ReceivedLead
        The lead.
    window : timedelta
        The stretch of time in which the same body has the same RowKey.

    Raises
    ------
    ReadError
        When a field is longer than the service allows.

    Examples
    --------
    >>> from leadanalytics.reading.receiver.bodies import read_body
    >>> lead = ReceivedLead(datetime(2024, 2, 27, 5, 41, tzinfo=UTC), read_body(b'{"leadSource": "SPZA"}'))
    >>> entity = to_entity(lead, window=timedelta(minutes=10))
    >>> entity["PartitionKey"], entity["LeadSource"], entity["RowKey"][:16]
    ('2:2F27:2F2024', 'SPZA', '20240227T054000-')
    """
    begin = _stretch_start(lead.received, window)
    entity = {
        # The date in American order, its slashes as the portal writes them.
        "PartitionKey": f"{begin.month}:2F{begin.day}:2F{begin.year}",
        "RowKey": f"{begin:%Y%m%dT%H%M%S}-{lead.body.digest}",
        "CreatedTime": iso_time(lead.received),
    }
    for name, posted in _FIELDS.items():
        # Every field is there, if empty, for these names are how the layout azure_table knows a lead.
        entity[name] = to_text(lead.body.fields.get(fold(posted))) or ""
        if len(entity[name].encode("utf-16-le")) > 2 * LONGEST_TEXT:
            raise ReadError("too long for an Azure Table", found=f"{posted} of more than {LONGEST_TEXT:,} characters")
    return entity


def _stretch_start(time: datetime, window: timedelta) -> datetime:
    """Return the beginning of the stretch of time, counted from 1970, that a time is in."""
    seconds = window.total_seconds()
    return datetime.fromtimestamp(time.timestamp() // seconds * seconds, UTC)


def _kind(error: Exception) -> str:
    """Say what kind of failure it was; the messages of the client may hold addresses and signatures."""
    status = getattr(error, "status_code", None)
    return f"{type(error).__name__} (status {status})" if status else type(error).__name__
