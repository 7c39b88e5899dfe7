"""The controls above the picture: what can be chosen, and the selection that they say together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import ipywidgets
import pandas as pd

from leadanalytics.explorer.choices import Choices, find_choice
from leadanalytics.explorer.selection import COLUMNS, Choice, Selection
from leadanalytics.funnels.rules import OWN_FUNNELS
from leadanalytics.vocabulary import Vocabulary

__all__ = ["Controls"]

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
        self._told: Callable[[], object] = lambda: None
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
            widget.observe(self._tell, "value")
        self.reset_button.on_click(lambda _: self.reset())

    def __getitem__(self, name: str) -> ipywidgets.ValueWidget:
        return self._widgets[name]

    def on_change(self, told: Callable[[], object]) -> None:
        """Call a function whenever something else is chosen."""
        self._told = told

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
            dates=_range(values["since"], values["to"]),
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
            self._widgets["since"].value, self._widgets["to"].value = _days(*rules.dates)

    def reset(self) -> None:
        """Let the controls say again what they said at first."""
        self.show(self._first)
        self._told()

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        was, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = was

    def _tell(self, _: object) -> None:
        if not self._quiet:
            self._told()


def _make_widgets(
    choices: Choices, companies: Sequence[str], vocabulary: Vocabulary, selection: Selection
) -> dict[str, ipywidgets.ValueWidget]:
    lists = {name: _list(name, choices[name]) for name in COLUMNS}
    company = ipywidgets.Combobox(
        description="Company contains", options=companies, placeholder="any company", continuous_update=False
    )
    windows = list(dict.fromkeys([*WINDOWS, selection.rules.window or ANY_TIME]))
    widgets: dict[str, ipywidgets.ValueWidget] = {
        "offer": lists["offer"],
        "storefront": lists["storefront"],
        "country": lists["country"],
        "company": company,
        "campaign": lists["campaign"],
        "since": ipywidgets.DatePicker(description="Entered from (UTC)"),
        "to": ipywidgets.DatePicker(description="to, that day included"),
        "unit": ipywidgets.Dropdown(description="Count", options=UNITS),
        "funnel": ipywidgets.Dropdown(description="Steps", options=_funnels(vocabulary)),
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


def _funnels(vocabulary: Vocabulary) -> list[tuple[str, str]]:
    names = list(dict.fromkeys(vocabulary.funnels["funnel"]))
    return [("each offer's own", OWN_FUNNELS), *((f"{name} funnel", name) for name in names)]


def _range(since: date | None, to: date | None) -> tuple[str | None, str | None]:
    """Return the days from one to another, both included, as the half-open range of instants that funnels take."""
    return _midnight(since), _midnight(to + timedelta(days=1) if to else None)


def _midnight(day: date | None) -> str | None:
    return f"{day} 00:00+00:00" if day else None


def _days(start: str | None, end: str | None) -> tuple[date | None, date | None]:
    since = pd.Timestamp(start).date() if start else None
    return since, (pd.Timestamp(end) - pd.Timedelta(1, "ns")).date() if end else None
