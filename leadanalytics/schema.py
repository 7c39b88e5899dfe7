"""The kinds of frame: what one row is, which columns it has, with which dtype, and who makes it.

Every frame that crosses from one wing to another is one of these kinds. Text is Arrow-backed
(`pandas.StringDtype`, missing values NaN), times are `datetime64[ns, UTC]`, codes are categorical.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from leadanalytics.errors import FrameError, check_option, near_miss

__all__ = ["CUSTOMER_FIELDS", "KINDS", "RECORD_KINDS", "TEXT", "TIME", "Column", "Kind", "check", "conform", "empty"]

TEXT = pd.StringDtype(na_value=np.nan)
TIME = pd.DatetimeTZDtype("ns", "UTC")
CODE = pd.CategoricalDtype()
NUMBER = np.dtype("int64")
RATE = np.dtype("float64")
FLAG = np.dtype("bool")

# What one record is: an event, a person whose earlier events the file does not tell, an event without a person.
RECORD_KINDS = ("lead", "person", "referral")
CUSTOMER_FIELDS = ("first_name", "last_name", "email", "phone", "country", "company", "title")


@dataclass(frozen=True)
class Column:
    """One column of a kind of frame."""

    name: str
    dtype: object
    meaning: str
    required: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of frame."""

    name: str
    one_row: str
    maker: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


_CUSTOMER = (
    Column("first_name", TEXT, "the customer's first name"),
    Column("last_name", TEXT, "the customer's last name"),
    Column("email", TEXT, "the customer's e-mail address, as delivered"),
    Column("phone", TEXT, "the customer's phone number, as delivered"),
    Column("country", TEXT, "the customer's country, as delivered"),
    Column("company", TEXT, "the customer's company, as delivered"),
    Column("title", TEXT, "the customer's job title"),
)
_ORIGIN = (
    Column("layout", CODE, "the layout that the record was read with"),
    Column("origin", CODE, "the file or table that the record came from"),
    Column("origin_row", NUMBER, "the number of the record in its origin, from 1"),
)

RAW = Kind(
    "raw",
    "one delivered record, verbatim text",
    "read_leads(paths)",
    (
        Column(
            "record_id",
            TEXT,
            "names the record for ever: its key, else a digest of its content",
            required=True,
        ),
        Column("lead_source", TEXT, "Source-Action|Offer or a part of it"),
        Column("action_code", TEXT, "the action, where it stands alone"),
        Column("offer_id", TEXT, "publisher.offer or the offer id, where it stands alone"),
        Column("offer_title", TEXT, "the offer's display name"),
        Column("created", TEXT, "when the lead was made, as written"),
        Column("received", TEXT, "when the record was stored or captured, as written"),
        Column("partition_key", TEXT, "the Azure Table partition, which holds the creation date"),
        Column("customer_info", TEXT, "the seven customer fields as one JSON text"),
        *_CUSTOMER,
        Column("description", TEXT, "campaign, URL parameters or the customer's note"),
        Column("record_kind", CODE, "what one record is: lead (missing means this), person or referral"),
        Column("date_order", CODE, "how ambiguous dates are written: month_first, day_first or unknown"),
        Column(
            "time_zone", CODE, "the zone of times written without one; local for a writer's own, which no file tells"
        ),
        *_ORIGIN,
    ),
)

LEADS = Kind(
    "leads",
    "one lead, understood",
    "decode_leads(raw)",
    (
        Column("record_id", TEXT, "names the record for ever", required=True),
        Column("created_at", TIME, "when the lead was made, UTC; NaT when nothing tells", required=True),
        Column("created_from", CODE, "the evidence for created_at", required=False),
        Column("source", CODE, "the marketplace channel, as a code of sources.csv, else as delivered"),
        Column("action", CODE, "what the customer did, as a code of actions.csv, else as delivered"),
        Column("marketplace", CODE, "the storefront; missing where the channel serves both"),
        Column("stage", CODE, "the funnel stage that the action reaches, ordered", required=True),
        Column("publisher_id", TEXT, "the publisher, before the first dot"),
        Column("offer_id", TEXT, "the offer, after the first dot; missing where only a title is known"),
        Column("offer_name", TEXT, "the offer's title, else its id"),
        *_CUSTOMER,
        Column("campaign", TEXT, "the campaign named by the description"),
        Column("utm_source", TEXT, "where the customer came from, by the listing URL's utm_source"),
        Column("utm_medium", TEXT, "by which medium, by the listing URL's utm_medium"),
        Column("url_parameters", TEXT, "the listing URL's parameters, a JSON object"),
        Column("note", TEXT, "what the customer wrote"),
        Column("is_test", FLAG, "a connection test, never a customer"),
        Column("do_not_contact", FLAG, "the lead says not to contact the customer"),
        Column("record_kind", CODE, "what one record is: lead (missing means this), person or referral"),
        Column("problem", CODE, "what is wrong with the record, names of problems.csv joined by '; '"),
        Column("lead_source", TEXT, "verbatim"),
        Column("action_code", TEXT, "verbatim"),
        Column("offer_title", TEXT, "verbatim"),
        Column("description", TEXT, "verbatim"),
        Column("customer_info", TEXT, "verbatim, kept only where it could not be read"),
        *_ORIGIN,
    ),
)

IDENTIFIED = Kind(
    "leads with customer_id",
    "one lead, and who it is",
    "identify_customers(leads)",
    (
        *LEADS.columns,
        Column("customer_id", TEXT, "names the customer; missing for test leads", required=True),
        Column("account_id", TEXT, "names the customer's company; missing where that is not known"),
        Column("match_rule", CODE, "why the lead belongs to the customer"),
        Column("match_bits", RATE, "the evidence of the strongest link to another lead of the customer [bits]"),
    ),
)

CUSTOMERS = Kind(
    "customers",
    "one customer",
    "collapse_customers(leads)",
    (
        Column("customer_id", TEXT, "names the customer", required=True),
        *(
            replace(column, meaning="the customer's country, by its English name where it is a known one")
            if column.name == "country"
            else column
            for column in _CUSTOMER
        ),
        Column("leads", NUMBER, "how many different leads the customer left"),
        Column("first_at", TIME, "the first touch, UTC"),
        Column("first_source", CODE, "the channel of the first touch"),
        Column("last_at", TIME, "the last touch, UTC"),
        Column("last_source", CODE, "the channel of the last touch"),
        Column("furthest_stage", CODE, "the furthest stage reached with any offer, ordered"),
        Column("offers", TEXT, "the offers, by name, in order of first touch, joined by '; '"),
        Column("stages", TEXT, "the stages reached per offer: 'offer: stage, stage; offer: stage'"),
        Column("match_rules", TEXT, "the rules that joined the leads"),
        Column("do_not_contact", FLAG, "a lead says not to contact the customer", required=True),
        Column("days_since", RATE, "days from the last touch to as_of [days]"),
        Column("follow_up", TEXT, "the one appropriate next message"),
        Column("record_ids", TEXT, "the leads behind the customer, oldest first, joined by '; '"),
    ),
)

FUNNELS = Kind(
    "funnels",
    "one unit (customer and offer by default); the unit's own columns come first, then these, then one time "
    "per step named as the step, then the breakdown values at entry",
    "build_funnels(leads)",
    (
        Column("funnel", CODE, "the funnel that the unit is counted in, where each offer has its own"),
        Column("depth", NUMBER, "the furthest step reached, 0 for none", required=True),
        Column("status", CODE, "reached, open, dropped, bypass or excluded", required=True),
        Column(
            "entered_step",
            NUMBER,
            "the step at which the unit entered, or at which a bypass was first seen",
            required=True,
        ),
        Column("entered_at", TIME, "when the unit entered, or a bypass was first seen, UTC", required=True),
        Column("shown", NUMBER, "the steps of which the unit has a lead, as bits, the first step the lowest"),
        Column(
            "do_not_contact",
            FLAG,
            "any lead of the unit's customer, also a later one, says not to contact them; there where the leads have "
            "the flag and the unit names customer_id",
        ),
        Column("offer_name", TEXT, "what to call the offer, where the unit names offer_id; ids only tell twins apart"),
    ),
)

COUNTS = Kind(
    "counts",
    "one stage (of one group); the group's columns come first",
    "count_stages(funnels)",
    (
        Column("funnel", TEXT, "the funnel that is counted, where each offer has its own"),
        Column("step", NUMBER, "the number of the step, from 1", required=True),
        Column("stage", TEXT, "the step's label", required=True),
        Column("n", NUMBER, "units that reached the step", required=True),
        Column("of_first", RATE, "n / n of the first step", required=True),
        Column("of_first_low", RATE, "lower end of the 95 % interval"),
        Column("of_first_high", RATE, "upper end of the 95 % interval"),
        Column("of_previous", RATE, "n / n of the step before", required=True),
        Column("of_previous_low", RATE, "lower end of the 95 % interval"),
        Column("of_previous_high", RATE, "upper end of the 95 % interval"),
        Column("open", NUMBER, "units that stand at this step and can still go on", required=True),
        Column("dropped", NUMBER, "units that stand at this step and can go on no more", required=True),
        Column("entered", NUMBER, "units whose first step is this one", required=True),
        Column("bypass", NUMBER, "units seen at this step that never took the first step", required=True),
        Column(
            "with_lead", NUMBER, "units that have a lead of the step: n (but for who skipped it), skipped and left_out"
        ),
        Column("skipped", NUMBER, "units of with_lead that never took the first step"),
        Column(
            "left_out", NUMBER, "units of with_lead whose lead of the step came too early or too late, or was excluded"
        ),
        Column("excluded", NUMBER, "units that a lead excluded, at the step at which they had entered"),
        Column("mature_n", NUMBER, "units of n whose window has ended and that cannot go on"),
        Column("mature_of_first", RATE, "mature_n / mature_n of the first step"),
        Column("mature_of_first_low", RATE, "lower end of the 95 % interval"),
        Column("mature_of_first_high", RATE, "upper end of the 95 % interval"),
    ),
)

REJECTS = Kind(
    "rejects",
    "one record that could not be used",
    "read_records(paths).rejects",
    (
        Column("origin", CODE, "the file or table that the record came from", required=True),
        Column(
            "origin_row",
            NUMBER,
            "the number of the record in its origin, 0 for the whole file",
            required=True,
        ),
        Column("reason", TEXT, "why it was set aside", required=True),
        Column("text", TEXT, "the record as delivered, at most 10,000 characters", required=True),
    ),
)

KINDS = {kind.name: kind for kind in (RAW, LEADS, IDENTIFIED, CUSTOMERS, FUNNELS, COUNTS, REJECTS)}


def check(frame: pd.DataFrame, kind: str, *, columns: Sequence[str] | None = None) -> None:
    """Raise FrameError unless a frame has the columns that a kind requires.

    Parameters
    ----------
    frame : DataFrame
    kind : str
        A name in `KINDS`.
    columns : sequence of str, optional
        The columns that the caller needs, instead of the kind's required ones.

    Raises
    ------
    FrameError
        Names the missing columns, the nearest ones found and the function that makes the kind.

    Examples
    --------
    >>> check(pd.DataFrame({"depht": [1]}), "funnels", columns=["depth"])
    Traceback (most recent call last):
    leadanalytics.errors.FrameError: a frame of the kind 'funnels' needs the column 'depth'; found 'depht'; make ...
    """
    if not isinstance(frame, pd.DataFrame):
        raise FrameError(f"a frame of the kind {kind!r} is needed", found=type(frame).__name__, next_step=_make(kind))
    needed = columns if columns is not None else [c.name for c in _kind(kind).columns if c.required]
    missing = [name for name in needed if name not in frame.columns]
    if not missing:
        return
    present = [str(name) for name in frame.columns]
    near = [close for name in missing if (close := near_miss(name, present))]
    plural = "s" if len(missing) > 1 else ""
    raise FrameError(
        f"a frame of the kind {kind!r} needs the column{plural} {_listed(missing)}",
        found=_listed(near or present[:8]) or "no column",
        next_step=_make(kind),
    )


def conform(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return a frame with every column of a kind, in order and with its dtype, and any others after them.

    Columns that are absent are added empty, so hand-made frames need only what they know.

    Raises
    ------
    FrameError
        When a required column is absent or a column cannot take its dtype.
    """
    check(frame, kind)
    columns: dict[str, pd.Series] = {}
    for column in _kind(kind).columns:
        if column.name in frame.columns:
            columns[column.name] = _cast(frame[column.name], column, kind)
        else:
            columns[column.name] = _blank(column, frame.index)
    columns |= {str(name): frame[name] for name in frame.columns if name not in columns}
    result = pd.DataFrame(columns, index=frame.index)
    result.attrs = dict(frame.attrs)
    return result


def empty(kind: str) -> pd.DataFrame:
    """Return a frame of a kind without rows."""
    index = pd.RangeIndex(0)
    return pd.DataFrame({column.name: _blank(column, index) for column in _kind(kind).columns})


def _kind(name: str) -> Kind:
    check_option("kind", name, KINDS)
    return KINDS[name]


def _blank(column: Column, index: pd.Index) -> pd.Series:
    if column.dtype is FLAG:
        return pd.Series(False, index=index, dtype=FLAG)
    if column.dtype is NUMBER:
        return pd.Series(0, index=index, dtype=NUMBER)
    if column.dtype is CODE:
        return pd.Series(pd.Categorical.from_codes(np.full(len(index), -1, "int8"), []), index=index)
    return pd.Series(None, index=index, dtype=column.dtype)


def _cast(values: pd.Series, column: Column, kind: str) -> pd.Series:
    if column.dtype is CODE and isinstance(values.dtype, pd.CategoricalDtype):
        return values
    if column.dtype == TIME and isinstance(values.dtype, np.dtype) and values.dtype.kind == "M":
        raise FrameError(
            f"the column {column.name!r} of the kind {kind!r} needs times with a zone",
            found=str(values.dtype),
            next_step=f"frame[{column.name!r}].dt.tz_localize('UTC')",
        )
    try:
        if column.dtype is CODE:
            return values.astype(TEXT).astype("category")
        return values.astype(column.dtype)
    except (TypeError, ValueError) as error:
        raise FrameError(
            f"the column {column.name!r} of the kind {kind!r} cannot be {column.dtype}", found=str(values.dtype)
        ) from error


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _make(kind: str) -> str:
    return f"make one with {_kind(kind).maker}"
