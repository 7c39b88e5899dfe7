"""The public function: leads in, a widget out."""

from __future__ import annotations

import pandas as pd

from leadanalytics.errors import MissingExtraError, OptionError, check_option

try:
    import ipywidgets  # noqa: F401
except ImportError:
    raise MissingExtraError("ipywidgets", extra="notebooks") from None

from leadanalytics.explorer.choices import companies, find_choice, list_choices, own_funnel
from leadanalytics.explorer.controls import GENERAL_FUNNEL, STARTS, UNITS, Controls
from leadanalytics.explorer.panel import Explorer, Panel
from leadanalytics.explorer.preparing import prepare_leads
from leadanalytics.explorer.selection import Selection
from leadanalytics.funnels.times import Instant, read_instant, read_range
from leadanalytics.spans import Span, read_span, say_span
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

__all__ = ["explore"]


def explore(
    leads: pd.DataFrame,
    *,
    offer: str | None = None,
    storefront: str | None = None,
    country: str | None = None,
    company: str | None = None,
    campaign: str | None = None,
    entered: tuple[Instant, Instant] = (None, None),
    unit: str | tuple[str, ...] = ("customer_id", "offer_id"),
    funnel: str | None = None,
    window: Span | None = "30 days",
    start: str = "first",
    as_of: Instant = None,
    vocabulary: Vocabulary | None = None,
) -> Explorer:
    """Return a widget in which the funnel, its trend, its curve and its customers follow what is chosen.

    Show it as the last line of a notebook cell. The arguments say what is chosen at first; each has a control, but for
    `as_of` and `vocabulary`. The widget also says the selection as code, which gives the same numbers in a cell.

    Parameters
    ----------
    leads : DataFrame
        Raw leads, leads, or leads with customer_id: what is missing is made, and the widget says so.
    offer, storefront, country, campaign : str, optional
        What a unit entered with: the name of an offer or its id, a storefront through which the offer is sold, a
        country in any of its spellings, a campaign; all by default.
    company : str, optional
        Part of the name of the company that a unit entered with, whatever the case.
    entered : pair of str or datetime with a time zone
        Only leads in [from, to), whole days of UTC, are entries; later steps may come at any time.
    unit : {("customer_id", "offer_id"), "customer_id", "account_id"}
        What is counted once: customers per offer, customers, or companies (accounts).
    funnel : str, optional
        A name in funnels.csv, which stays whatever storefront is chosen; by default the storefront's own funnel, and
        acquisition for all storefronts.
    window : str or timedelta, optional
        The longest time from the entry to any later step; None for no limit.
    start : {"first", "any"}
        Enter at the first step only, or at any.
    as_of : str or datetime with a time zone, optional
        Later leads are ignored; by default the newest lead.
    vocabulary : Vocabulary, optional
        The stages and funnels there are; the shipped ones by default.

    Returns
    -------
    Explorer
        An `ipywidgets.VBox`.

    Raises
    ------
    FrameError
        When the frame holds no leads.
    OptionError
        When an argument names what is not among the leads, or has a value that is not one of its options.
    MissingExtraError
        When the extra `notebooks` is not installed.

    Examples
    --------
    >>> import leadanalytics as la
    >>> leads = la.make_leads(customers=50, seed=1).pipe(la.decode_leads).pipe(la.identify_customers)
    >>> la.explore(leads, country="Germany", window="60 days")  # doctest: +SKIP
    """
    prepared = prepare_leads(leads, vocabulary=vocabulary)
    choices = list_choices(prepared.leads)
    counted = (unit,) if isinstance(unit, str) else tuple(unit)
    check_option("unit", " and ".join(counted), [" and ".join(columns) for columns in UNITS.values()])
    check_option("start", start, [*STARTS.values()])
    known = vocabulary or load_vocabulary()
    span, moment, (since, until) = (
        None if window is None else read_span("window", window),
        read_instant("as_of", as_of),
        read_range("entered", entered),
    )
    asked = {"offer": offer, "storefront": storefront, "country": country, "campaign": campaign}
    chosen = {name: find_choice(name, typed, choices[name]) for name, typed in asked.items()}
    shown_funnel = funnel if funnel is not None else own_funnel(chosen["storefront"].label, known) or GENERAL_FUNNEL
    known.steps(shown_funnel)  # complains of a funnel that is not there
    selection = Selection(
        funnel=shown_funnel,
        unit=counted,
        window=say_span(span) if span else None,
        start=start,
        entered=(_day(since), _day(until)),
        as_of=_written(moment),
        company=company or "",
        **chosen,
    )
    controls = Controls(
        selection,
        choices=choices,
        companies=companies(prepared.leads),
        vocabulary=known,
        keeps_funnel=funnel is not None,
    )
    return Panel(prepared, controls, vocabulary=vocabulary).box


def _day(instant: pd.Timestamp | None) -> str | None:
    """Return the beginning of a day as text; the controls know whole days."""
    if instant is not None and instant != instant.normalize():
        raise OptionError(
            "the explorer takes whole days of UTC in entered",
            found=repr(str(instant)),
            next_step=f"entered={f'{instant:%Y-%m-%d} 00:00+00:00'!r}, or ask build_funnels, which takes any instant",
        )
    return _written(instant)


def _written(instant: pd.Timestamp | None) -> str | None:
    return None if instant is None else str(instant)
