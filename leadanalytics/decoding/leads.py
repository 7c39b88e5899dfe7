"""The wing's one door: a frame of delivered records in, a frame of leads out."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Mapping
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from leadanalytics import schema
from leadanalytics.decoding.assumptions import describe_assumptions
from leadanalytics.decoding.connection_tests import find_tests
from leadanalytics.decoding.creation_times import find_creation_times
from leadanalytics.decoding.customer_info import decode_customers
from leadanalytics.decoding.descriptions import read_descriptions
from leadanalytics.decoding.problems import name_problems
from leadanalytics.decoding.repeats import find_repeats
from leadanalytics.decoding.source_columns import decode_sources
from leadanalytics.decoding.text_columns import only_where, pandas_of
from leadanalytics.decoding.written_times import NOT_A_TIME
from leadanalytics.errors import AssumptionWarning, OptionError, UnknownCodeWarning, check_option
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

__all__ = ["decode_leads"]

_FEW = 0.05  # the share of leads with unknown codes up to which nobody is warned of them
DATE_ORDERS = ("month_first", "day_first")
# A country alone makes nobody a customer.
SOMEBODY = ("first_name", "last_name", "email", "phone", "company")


def decode_leads(
    raw: pd.DataFrame,
    *,
    vocabulary: Vocabulary | None = None,
    date_order: str | None = None,
    tz: str | None = None,
    own_domains: Iterable[str] = (),
    read_at: str | datetime | None = None,
) -> pd.DataFrame:
    """Return the leads that delivered records tell of: one row per record, in the order and with the index of `raw`.

    From the columns of `raw` (all but `record_id` may be absent) to those of `leads`: codes from lead_source and
    action_code, offers from lead_source, offer_id and offer_title, the created time (UTC) from created, received and
    partition_key, the customer from the flat fields and customer_info, campaign, utm_source, utm_medium, URL parameters
    and note from description. Columns that `raw` does not know pass through. No row is dropped; what could not be
    understood is named in the column problem.

    Parameters
    ----------
    raw : DataFrame
        One delivered record per row, verbatim text.
    vocabulary : Vocabulary, optional
        What the codes mean; the shipped one by default.
    date_order : {"month_first", "day_first"}, optional
        How dates such as 3/4/2024 are written where the row itself does not prove it. By default the other rows of
        the same file tell, then the column date_order of `raw`; where that is missing, month first is assumed.
    tz : str, optional
        The zone of times whose writer's zone no file tells (column time_zone: local), such as "Europe/Berlin".
    own_domains : iterable of str, optional
        E-mail domains of the publisher, whose leads are tests too.
    read_at : str or datetime, optional
        When the data was read, with a zone. A time that is later by more than a day is no time. By default the readers
        say it in `raw.attrs["read_at"]`; a frame made by hand, which does not say it, is read now.

    Returns
    -------
    DataFrame
        Its attrs are those of `raw`, and read_at.

    Raises
    ------
    FrameError
        When `raw` has no record_id.
    OptionError
        When date_order, a time zone or read_at is not known; when the times are of a zone, or the dates in an order,
        that neither the data nor the caller tells.

    Warns
    -----
    UnknownCodeWarning
        Where more than 5 % of the leads carry sources or actions that the vocabulary does not know, with these and how
        many leads carry each. Fewer stand in the column problem, in `audit_leads` and in `audit_codes`.
    AssumptionWarning
        For each file of which more than 5 % of the times are assumed, or come from another column than the created
        time.

    Examples
    --------
    >>> raw = pd.DataFrame({
    ...     "record_id": ["1"],
    ...     "lead_source": ["AzureMarketplace-INS | contoso.desk-365"],
    ...     "created": ["2/27/2024 5:41:09 AM"],
    ...     "customer_info": ['{"FirstName": "Ana", "Email": "ana@firm.example"}'],
    ... })
    >>> leads = decode_leads(raw)
    >>> leads.loc[0, ["source", "stage", "publisher_id", "offer_id", "email"]].to_list()
    ['AzureMarketplace', 'Get it now', 'contoso', 'desk-365', 'ana@firm.example']
    >>> leads.loc[0, "created_at"]
    Timestamp('2024-02-27 05:41:09+0000', tz='UTC')
    """
    vocabulary = vocabulary or load_vocabulary()
    if date_order is not None:
        check_option("date_order", date_order, DATE_ORDERS)
    raw = schema.conform(raw, "raw")
    read = _moment_of_reading(raw.attrs.get("read_at") if read_at is None else read_at)
    customers = decode_customers(raw)
    tests = find_tests(raw, emails=customers.fields["email"], own_domains=own_domains)
    times = find_creation_times(raw, tests.sent_at, read_at=read, date_order=date_order, tz=tz)
    sources = decode_sources(raw, tests.is_test, times.created_at, vocabulary)
    descriptions = read_descriptions(raw["description"])
    problems = {
        **sources.problems,
        "no created time": times.created_at == NOT_A_TIME,
        "time in the future": times.is_future,
        "created time assumed": times.is_assumed,
        "created time from fallback": times.is_fallback,
        "broken customer info": customers.is_broken,
        "no customer": _is_nobody(customers.fields) & ~sources.columns["is_test"],
        "repeated record": find_repeats(raw["record_id"]),
    }
    unknown = int((sources.problems["unknown source"] | sources.problems["unknown action"]).sum())
    if unknown > _FEW * len(raw):
        warnings.warn(
            f"{unknown:,} of {len(raw):,} leads have codes that are not known: {sources.unknown}; audit_codes(leads) "
            "shows them, and a row in a copy of sources.csv or actions.csv gives them a meaning",
            UnknownCodeWarning,
            stacklevel=_callers_level(),
        )
    for assumption in describe_assumptions(raw, times):
        warnings.warn(assumption, AssumptionWarning, stacklevel=_callers_level())
    leads = _frame(
        raw,
        {
            **sources.columns,
            **{name: pandas_of(column) for name, column in (customers.fields | descriptions._asdict()).items()},
            "created_at": pd.DatetimeIndex(times.created_at.view("datetime64[ns]"), tz="UTC"),
            "created_from": times.created_from,
            "customer_info": pandas_of(only_where(customers.is_broken, raw["customer_info"])),
            "problem": name_problems(problems, vocabulary),
        },
    )
    leads.attrs["read_at"] = read.isoformat()
    return leads


def _frame(raw: pd.DataFrame, decoded: Mapping[str, object]) -> pd.DataFrame:
    """Return the columns of `leads` in order, decoded or as delivered, and then those that `raw` does not know."""
    names = schema.KINDS["leads"].names
    extra = [name for name in raw.columns if name not in schema.KINDS["raw"].names and name not in names]
    columns = {name: decoded[name] if name in decoded else raw[name].array for name in (*names, *extra)}
    leads = pd.DataFrame(columns, index=raw.index)
    leads.attrs = dict(raw.attrs)
    return leads


def _callers_level() -> int:
    """Return the stack level of the first frame outside this package and pandas, whose `pipe` may stand between."""
    frame, level = sys._getframe(1), 1
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] in ("leadanalytics", "pandas"):
        frame, level = frame.f_back, level + 1
    return level


def _moment_of_reading(read_at: str | datetime | None) -> pd.Timestamp:
    """Return the time at which the data was read; a frame made by hand is read now."""
    if read_at is None:
        return pd.Timestamp.now("UTC").floor("s")
    try:
        moment = pd.Timestamp(read_at)
        if not pd.isna(moment) and moment.tz is not None:
            return moment.tz_convert("UTC")
    except (ValueError, TypeError):
        pass
    raise OptionError(
        "read_at is a time with a zone", found=repr(read_at), next_step="write it like '2026-08-01T12:00:00Z'"
    )


def _is_nobody(customers: Mapping[str, pa.LargeStringArray]) -> npt.NDArray[np.bool_]:
    is_missing = [customers[field].is_null().to_numpy(zero_copy_only=False) for field in SOMEBODY]
    return np.logical_and.reduce(is_missing)
