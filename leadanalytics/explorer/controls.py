"""The controls above the picture: what can be chosen, and the selection that they say together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import ipywidgets
import pandas as pd

from leadanalytics.explorer.choices import Choices, find_choice
from leadanalytics.explorer.selection import COLUMNS, Choice, Selection
from leadanalytics.funnels.rules import OWN_FUNNELS, FunnelRules
from leadanalytics.vocabulary import Vocabulary

__all__ = ["Controls", "dates_of", "days_of"]

UNITS: Mapping[str, tuple[str, ...]] = {
    "customers per offer": ("customer_id", "offer_id"),
    "customers": ("customer_id",),
    "companies (accounts)": ("account_id",),
}
STARTS = {"at the first step": "first", "at any step": "any"}
# A dropdown shows nothing where the value is None, so that no limit has a name too.
ANY_TIME = "any time"
WINDOWS = (ANY_TIME, "7 days", "14 days", "30 days", "60 days", "90 days", "180 days", "365 days")
ALL_OF = {"offer": "offers", "country": "countries", "campaign": "campaigns"}


def days_of(rules: FunnelRules) -> tuple[date | None, date | None]:
    """Return the first and the last day of entries, in the zone of the rules.

    Examples
    --------
    >>> days_of(FunnelRules(dates=("2024-06-01", "2024-07-01"), zone="Europe/Berlin"))
    (datetime.date(2024, 6, 1), datetime.date(2024, 6, 30))
    """
    start, end = (None if instant is None else pd.Timestamp(instant).tz_convert(rules.zone) for instant in rules.dates)
    return start and start.date(), end and (end - pd.Timedelta(1, "ns")).date()


def dates_of(since: date | None, to: date | None) -> tuple[str | None, str | None]:
    """Return the days from one to another, both included, as the half-open range that rules take."""
    return str(since) if since else None, str(to + timedelta(days=1)) if to else None


class Controls:
    """The widgets that say a selection.

    Parameters
    ----------
    selection : Selection
        What they say at first, and again after a reset.
    choices : mapping of str to sequence of Choice
        What there is to choose from, as from `list_choices`.
    companies : sequence of str
        The companies to suggest.
    vocabulary : Vocabulary
        The funnels there are.
    """

    def __init__(
        self,
        selection: Selection,
        *,
        choices: Choices,
        companies: Sequence[str],
        vocabulary: Vocabulary,
    ) -> None:
        self._first, self._choices = selection, choices
        self._call: Callable[[], object] = lambda: None
        self._quiet = False
        self._widgets = _make_widgets(choices, companies, vocabulary, selection)
        self.reset_button = ipywidgets.Button(
            description="Reset",
            icon="undo",
            tooltip="Back to what was there at first",
            layout=ipywidgets.Layout(width="auto", align_self="flex-end"),
        )
        self.box = ipywidgets.GridBox(
            [*self._widgets.values(), self.reset_button],
            layout=ipywidgets.Layout(
                grid_template_columns="repeat(auto-fill, minmax(170px, 1fr))", grid_gap="8px 12px", width="100%"
            ),
        )
        self.show(selection)
        for widget in self._widgets.values():
            widget.observe(self._changed, "value")
        self.reset_button.on_click(lambda _: self.reset())

    def __getitem__(self, name: str) -> ipywidgets.ValueWidget:
        return self._widgets[name]

    def on_change(self, call: Callable[[], object]) -> None:
        """Call a function whenever something else is chosen."""
        self._call = call

    def read(self) -> Selection:
        """Return what the controls say.

        Raises
        ------
        OptionError
            When something was typed that is not there to choose.
        """
        values = {name: widget.value for name, widget in self._widgets.items()}
        rules = self._first.rules.changed(
            **{name: values[name] for name in ("funnel", "unit", "start")},
            window=None if values["window"] == ANY_TIME else values["window"],
            dates=dates_of(values["since"], values["to"]),
        )
        chosen = {name: find_choice(name, values[name], self._choices[name]) for name in COLUMNS}
        return replace(self._first, rules=rules, company=values["company"].strip(), **chosen)

    def show(self, selection: Selection) -> None:
        """Let the controls say a selection."""
        with self._quietly():
            rules = selection.rules
            self._widgets["funnel"].value = OWN_FUNNELS if rules.funnel is None else rules.funnel
            self._widgets["unit"].value, self._widgets["start"].value = tuple(rules.unit), rules.start
            self._widgets["window"].value = rules.window or ANY_TIME
            self._widgets["company"].value = selection.company
            for name in COLUMNS:
                self._widgets[name].value = getattr(selection, name).label
            self._widgets["since"].value, self._widgets["to"].value = days_of(rules)

    def reset(self) -> None:
        """Let the controls say again what they said at first."""
        self.show(self._first)
        self._call()

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        was, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = was

    def _changed(self, _: object) -> None:
        if not self._quiet:
            self._call()


def _make_widgets(
    choices: Choices, companies: Sequence[str], vocabulary: Vocabulary, selection: Selection
) -> dict[str, ipywidgets.ValueWidget]:
    lists = {name: _list(name, choices[name]) for name in COLUMNS}
    company = ipywidgets.Combobox(
        description="Company contains", options=companies, placeholder="any company", continuous_update=False
    )
    rules = selection.rules
    windows = list(dict.fromkeys([*WINDOWS, rules.window or ANY_TIME]))
    widgets: dict[str, ipywidgets.ValueWidget] = {
        "offer": lists["offer"],
        "storefront": lists["storefront"],
        "country": lists["country"],
        "company": company,
        "campaign": lists["campaign"],
        "since": ipywidgets.DatePicker(description=f"Entered from ({rules.zone})"),
        "to": ipywidgets.DatePicker(description="to, that day included"),
        "unit": ipywidgets.Dropdown(description="Count", options=UNITS),
        "funnel": ipywidgets.Dropdown(description="Steps", options=_funnels(vocabulary, rules.funnel)),
        "start": ipywidgets.Dropdown(description="Who enters", options=STARTS),
        "window": ipywidgets.Dropdown(description="Within", options=windows),
    }
    for widget in widgets.values():
        widget.add_class("la-control")
    return widgets


def _list(name: str, choices: Sequence[Choice]) -> ipywidgets.ValueWidget:
    """Return a field that narrows its list while somebody types, or a plain list where all lines fit at once."""
    if name == "storefront":
        return ipywidgets.Dropdown(
            description="Storefront", options=[("all storefronts", ""), *((choice.label,) * 2 for choice in choices)]
        )
    return ipywidgets.Combobox(
        description=name.capitalize(),
        options=[choice.label for choice in choices],
        placeholder=f"all {len(choices):,} {ALL_OF[name]}",
        continuous_update=False,
    )


def _funnels(vocabulary: Vocabulary, given: Any) -> list[tuple[str, Any]]:
    """Return the funnels there are, and steps that somebody gave."""
    names = dict.fromkeys(vocabulary.funnels["funnel"])
    own_steps = [] if given is None or isinstance(given, str) else [("the steps given", given)]
    return [("each offer's own", OWN_FUNNELS), *own_steps, *((f"{name} funnel", name) for name in names)]
