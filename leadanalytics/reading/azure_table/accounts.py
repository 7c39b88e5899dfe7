"""Which table is meant, and with what it is opened: all checked before anything is sent."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from leadanalytics.errors import MissingExtraError, OptionError, TableError
from leadanalytics.reading.azure_table.connection_strings import (
    check_key,
    check_signature,
    endpoint_of,
    read_connection_string,
    signature_parts,
)

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.data.tables import TableClient

USUAL_NAME = "MarketplaceLeads"
VARIABLE = "AZURE_STORAGE_CONNECTION_STRING"
_NAME = re.compile("[A-Za-z][A-Za-z0-9]{2,62}")


@dataclass(frozen=True)
class Account:
    """Where a storage account answers, and the one secret that opens it; no secret is ever shown.

    Attributes
    ----------
    endpoint : str
        The address of its table service.
    name : str, optional
        The name of the account, with which a key signs.
    key, shared_access_signature, token_credential : optional
        The secret; exactly one of them is there.
    ca_file : str, optional
        A file of certificates to trust instead of the usual ones.
    """

    endpoint: str
    name: str | None = None
    key: str | None = field(default=None, repr=False)
    shared_access_signature: str | None = field(default=None, repr=False)
    token_credential: TokenCredential | None = field(default=None, repr=False)
    ca_file: str | None = None

    @property
    def host(self) -> str:
        """The name under which the account answers, for messages."""
        return urlsplit(self.endpoint).netloc

    @property
    def signature_facts(self) -> dict[str, str]:
        """The parts of the shared access signature that are no secret, such as its end; empty without one."""
        parts = signature_parts(self.shared_access_signature or "")
        return {name: value for name, value in parts.items() if name != "sig"}


@dataclass(frozen=True)
class LeadTable:
    """One table of an account, as `open_table` returns it.

    Attributes
    ----------
    name : str
        The name of the table.
    account : Account
        The account that holds it.
    """

    name: str
    account: Account


def open_table(
    name: str = USUAL_NAME,
    *,
    connection_string: str | None = None,
    sas_url: str | None = None,
    account_url: str | None = None,
    account_key: str | None = None,
    credential: TokenCredential | str | None = None,
    ca_file: str | os.PathLike[str] | None = None,
) -> LeadTable:
    """Return a table of leads, its name and credential checked; nothing is sent yet.

    Give one way to open it: a connection string, a SAS URL, or an account URL with a key or a credential. Without any,
    the connection string is that of the environment variable AZURE_STORAGE_CONNECTION_STRING.

    Parameters
    ----------
    name : str, optional
        The name of the table: 3 to 63 letters and digits, the first a letter.
    connection_string : str, optional
        With an account key or a shared access signature in it.
    sas_url : str, optional
        The address of the account or of the table, with a shared access signature after the question mark. The name of
        the table is taken from it where it has one.
    account_url : str, optional
        The address of the account's table service, such as https://contoso.table.core.windows.net.
    account_key : str, optional
        A key of the account, for `account_url`.
    credential : TokenCredential or 'default', optional
        A credential of azure-identity, for `account_url`; 'default' is its DefaultAzureCredential, which needs
        `pip install 'leadanalytics[azure]'`.
    ca_file : path, optional
        Certificates to trust, where a proxy or an emulator has its own.

    Returns
    -------
    LeadTable
        For `get_leads`; its repr shows no secret.

    Raises
    ------
    TableError
        When the name, the address or the credential cannot be right; names the field, never its value.
    OptionError
        When the arguments do not go together.
    MissingExtraError
        When 'default' is asked for without azure-identity.

    Examples
    --------
    >>> open_table(account_url="https://contoso.table.core.windows.net", account_key="a" * 86 + "==")
    LeadTable(name='MarketplaceLeads',
              account=Account(endpoint='https://contoso.table.core.windows.net', name='contoso', ca_file=None))
    """
    given = {"connection_string": connection_string, "sas_url": sas_url, "account_url": account_url}
    used = [argument for argument, value in given.items() if value is not None]
    if len(used) > 1:
        raise OptionError("a table is opened in one way", found=" and ".join(used), next_step=f"give only {used[0]}")
    if used != ["account_url"] and (account_key is not None or credential is not None):
        raise OptionError("a key or a credential needs an account_url", next_step="give account_url too")
    if sas_url is not None:
        table = _of_sas_url(sas_url, name)
    elif account_url is not None:
        table = LeadTable(name, _of_account_url(account_url, account_key, credential))
    else:
        table = LeadTable(name, _of_connection_string(connection_string or _from_environment()))
    trusted = replace(table.account, ca_file=_ca_file(ca_file)) if ca_file is not None else table.account
    return _checked(LeadTable(table.name, trusted))


def table_of(table: LeadTable | TableClient) -> LeadTable:
    """Return a table as it is, or that of an azure.data.tables.TableClient, with the client's credential.

    The client's own transport, policies and timeouts are not taken over.

    Raises
    ------
    TableError
        When it is neither.
    """
    if isinstance(table, LeadTable):
        return table
    if not (hasattr(table, "table_name") and hasattr(table, "url") and hasattr(table, "credential")):
        raise TableError(
            "this is no table", found=type(table).__name__, next_step="table = open_table(connection_string=...)"
        )
    address = _address(table.url, "the address of the client")
    secret: Any = table.credential
    signature = getattr(secret, "signature", None) or (address.query if "sig=" in address.query else None)
    account = Account(address.url, address.account)
    if signature is not None:
        account = replace(account, shared_access_signature=check_signature(signature, field="the signature"))
    elif hasattr(secret, "named_key"):
        named = secret.named_key
        account = replace(account, name=named.name, key=check_key(named.key, field="the account key"))
    else:
        account = replace(account, token_credential=secret)
    return _checked(LeadTable(table.table_name, account))


def _from_environment() -> str:
    text = os.environ.get(VARIABLE, "")
    if not text.strip():
        raise TableError(
            f"nothing says how to open the table: the environment variable {VARIABLE} is not set",
            next_step="set it to the connection string of the storage account, or give sas_url or account_url",
        )
    return text


def _of_connection_string(text: str) -> Account:
    fields = read_connection_string(text)
    endpoint = _address(endpoint_of(fields), "TableEndpoint")
    key, signature = fields.get("accountkey"), fields.get("sharedaccesssignature")
    if key:
        name = fields.get("accountname") or endpoint.account
        return Account(endpoint.url, name, key=check_key(key, field="AccountKey"))
    if signature:
        return Account(
            endpoint.url,
            endpoint.account,
            shared_access_signature=check_signature(signature, field="SharedAccessSignature"),
        )
    raise TableError(
        "the connection string has neither AccountKey nor SharedAccessSignature",
        next_step="copy it whole; 'Show' in the Azure portal makes the key visible",
    )


def _of_sas_url(url: str, name: str) -> LeadTable:
    address = _address(url, "sas_url")
    signature = check_signature(address.query, field="sas_url")
    account = Account(address.url, address.account, shared_access_signature=signature)
    return LeadTable(_one_name(name, address, signature_parts(signature)), account)


def _one_name(name: str, address: _Address, signature: Mapping[str, str]) -> str:
    """Return the name in a URL or in its signature, which must be the caller's unless the caller's is the usual one."""
    signed = signature.get("tn")
    given = address.table or signed
    wanted = {each.lower() for each in (address.table, signed, name if name != USUAL_NAME else None) if each}
    if len(wanted) > 1:
        raise TableError(
            "sas_url, its signature and the name are of different tables",
            found=", ".join(map(repr, sorted(wanted))),
            next_step="give the URL of the table that you want",
        )
    # A signature has the name in lower case, which an emulator takes for another table.
    return address.table or (name if given is None or given.lower() == name.lower() else given)


def _of_account_url(url: str, key: str | None, credential: TokenCredential | str | None) -> Account:
    address = _address(url, "account_url")
    if address.query:
        raise OptionError("account_url has no query", found="a question mark in it", next_step="give it as sas_url")
    if (key is None) == (credential is None):
        raise OptionError(
            "account_url goes with one of account_key and credential",
            found="both" if key is not None else "neither",
            next_step="credential='default' signs in as you do elsewhere",
        )
    if key is not None:
        return Account(address.url, address.account, key=check_key(key, field="account_key"))
    return Account(address.url, address.account, token_credential=_credential(credential))


def _credential(credential: Any) -> TokenCredential:
    if credential == "default":
        try:
            from azure.identity import DefaultAzureCredential
        except ImportError:
            raise MissingExtraError("azure-identity", extra="azure") from None
        return DefaultAzureCredential()
    if not hasattr(credential, "get_token"):
        raise OptionError(
            "credential is 'default' or a credential of azure-identity",
            found=type(credential).__name__,
            next_step="a key is given as account_key, a signature in sas_url",
        )
    return credential


def _ca_file(path: str | os.PathLike[str]) -> str:
    if not Path(path).is_file():
        raise TableError("ca_file is not there", found=Path(path).name, next_step="check its path")
    return os.fspath(path)


def _checked(table: LeadTable) -> LeadTable:
    """Return a table whose name the service can know and whose credential may travel as the address says."""
    if not _NAME.fullmatch(table.name):
        raise TableError(
            f"{table.name!r} is not the name of a table",
            found=f"{len(table.name)} characters",
            next_step=f"a name is 3 to 63 letters and digits, the first a letter; it is usually {USUAL_NAME}",
        )
    account = table.account
    if account.token_credential is not None and not account.endpoint.startswith("https://"):
        raise TableError(
            "a token travels over https only", found="an address with http://", next_step="write https:// instead"
        )
    if account.key is not None and not account.name:
        raise TableError("AccountName is missing", next_step="a key signs with the name of its account")
    if account.key is account.shared_access_signature is account.token_credential is None:
        raise TableError("there is no credential", next_step="open the table with open_table(connection_string=...)")
    return table


class _Address(NamedTuple):
    url: str
    account: str | None
    table: str | None
    query: str = ""


def _address(text: str, what: str) -> _Address:
    """Return the parts of an address: `https://account.table...` or an emulator's `http://127.0.0.1:port/account`."""
    parsed = _split(text.strip(), what)
    host = parsed.hostname or ""
    segments = [segment for segment in parsed.path.split("/") if segment]
    account = (segments.pop(0) if segments else None) if _is_emulator(host) else host.partition(".")[0]
    table = segments.pop(0).partition("(")[0] if segments else None
    path = f"/{account}" if _is_emulator(host) and account else ""
    return _Address(f"{parsed.scheme.lower()}://{parsed.netloc}{path}", account, table, parsed.query)


def _split(text: str, what: str) -> SplitResult:
    try:
        parsed = urlsplit(text)
        complete = parsed.scheme.lower() in ("http", "https") and bool(parsed.hostname) and parsed.port != 0
    except ValueError:
        complete = False
    if not complete or "@" in parsed.netloc:
        raise TableError(f"{what} is no address", next_step="it begins with https:// and the name of the account")
    return parsed


def _is_emulator(host: str) -> bool:
    """Tell whether an account is named by the path and not by the host."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." not in host
    return True
