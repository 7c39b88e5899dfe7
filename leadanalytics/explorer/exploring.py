"""The public function: leads in, a widget out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from leadanalytics.errors import MissingExtraError, OptionError, check_option

try:
    import ipywidgets  # noqa: F401
except ImportError:
    raise MissingExtraError("ipywidgets", extra="notebooks") from None

from leadanalytics.explorer.choices import companies, find_choice, list_choices
from leadanalytics.explorer.controls import UNITS, Controls, dates_of, days_of
from leadanalytics.explorer.panel import Explorer, Panel
from leadanalytics.explorer.preparing import prepare_leads
from leadanalytics.explorer.selection import Selection
from leadanalytics.funnels import FunnelRules
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

__all__ = ["explore"]


def explore(
    leads: pd.DataFrame,
    rules: FunnelRules | Mapping[str, Any] | None = None,
    *,
    offer: str | None = None,
    storefront: str | None = None,
    country: str | None = None,
    company: str | None = None,
    campaign: str | None = None,
    vocabulary: Vocabulary | None = None,
    **changes: Any,
) -> Explorer:
    """Return a widget in which the funnel, its trend, its curve and its customers follow what is chosen.

    Show it as the last line of a notebook cell. The arguments say what is chosen at first; each has a control, but for
    `vocabulary`. The widget also says the selection as code, which gives the same numbers in a cell.

    Parameters
    ----------
    leads : DataFrame
        Raw leads, leads, or leads with customer_id: what is missing is made, and the widget says so.
    rules : FunnelRules or mapping, optional
        What the funnels mean; by default each offer has its own funnel, and a window of 30 days. The widget has
        controls for funnel, unit, window, start and dates (whole days of the zone); the other choices stay as given.
    offer, storefront, country, campaign : str, optional
        What a unit entered with: the name of an offer or its id, a storefront through which the offer is sold, a
        country in any of its spellings, a campaign; all by default.
    company : str, optional
        Part of the name of the company that a unit entered with, whatever the case.
    vocabulary : Vocabulary, optional
        The stages and funnels there are; the shipped ones by default.
    **changes
        Choices of `FunnelRules` that differ from `rules`, such as window="60 days".

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
    rules, known = FunnelRules.read(rules, **changes), vocabulary or load_vocabulary()
    check_option("unit", " and ".join(rules.unit), [" and ".join(columns) for columns in UNITS.values()])
    asked = {"offer": offer, "storefront": storefront, "country": country, "campaign": campaign}
    chosen = {name: find_choice(name, typed, choices[name]) for name, typed in asked.items()}
    if isinstance(rules.funnel, str):
        check_option("funnel", rules.funnel, list(dict.fromkeys(known.funnels["funnel"])))
    _check_days(rules)
    selection = Selection(rules=rules, company=company or "", **chosen)
    controls = Controls(selection, choices=choices, companies=companies(prepared.leads), vocabulary=known)
    return Panel(prepared, controls, vocabulary=vocabulary).box


def _check_days(rules: FunnelRules) -> None:
    """Raise unless the dates of entry are whole days, as those of the controls."""
    days = dates_of(*days_of(rules))
    if rules.changed(dates=days) != rules:
        raise OptionError(
            f"the explorer takes whole days of {rules.zone} in dates",
            found=" to ".join(map(str, rules.dates)),
            next_step=f"dates={days}, or ask build_funnels, which takes any instant",
        )
