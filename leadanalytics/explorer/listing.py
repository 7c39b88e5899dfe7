"""The table of customers: a field that finds, an order, and pages; a click on a name picks the customer."""

from __future__ import annotations

import math
from collections.abc import Callable

import ipywidgets
import pandas as pd

from leadanalytics.charts.words import cleaned
from leadanalytics.explorer import markup
from leadanalytics.explorer.people import FURTHEST, ORDERS

__all__ = ["PAGE", "Listing", "rows_to_show"]

PAGE = 12  # rows
NAMELESS = "(no name)"
NO_STEP = {"bypass": "skipped the first step", "excluded": "excluded"}  # how far somebody went who took none
WIDTHS = (20, 16, 21, 21, 12, 10)  # of the columns [percent]


class Listing:
    """The widgets of the table; what stands in it is given page by page, so that no row has to be left away.

    Attributes
    ----------
    box : ipywidgets.VBox
    find, order : widgets
        Whose value says what is looked for, and in which order.
    place : int
        The number of the page, from 0.
    """

    def __init__(self) -> None:
        self.find = ipywidgets.Text(description="Find name, company or e-mail", placeholder="words, in any order")
        self.order = ipywidgets.Dropdown(description="Order", options=[*ORDERS, FURTHEST])
        for widget in (self.find, self.order):
            widget.add_class("la-control")
        self.find.layout.flex = "1 1 260px"
        self.place, self._picked = 0, -1
        self._turned: Callable[[], object] = lambda: None
        self._pick: Callable[[int], object] = lambda row: None
        self._said = ipywidgets.HTML()
        self._rows = ipywidgets.HTML().add_class("la-people-rows")
        self._names = [self._name(row) for row in range(PAGE)]
        self.back_button, self.next_button = self._turner("angle-left", -1), self._turner("angle-right", 1)
        self.box = self._laid_out()

    def on_turn(self, call: Callable[[], object]) -> None:
        """Call a function when another page is asked for."""
        self._turned = call

    def on_pick(self, pick: Callable[[int], object]) -> None:
        """Call a function with the row of the page whose name is clicked."""
        self._pick = pick

    def show(self, page: pd.DataFrame, *, of: int, said: str) -> None:
        """Show a page of customers, of so many, and a sentence on who they are."""
        names = _names(page)
        for button, name in zip(self._names, [*names, *[""] * PAGE]):
            button.description = name
            button.tooltip = f"Why is {name} counted so?" if name else ""
            button.layout.display = None if name else "none"
        self._people.layout.display = None if of else "none"
        self._mark(-1)
        self._rows.value = markup.table(rows_to_show(page), names=names, widths=WIDTHS)
        first = self.place * PAGE
        shown = f", {first + 1:,} to {first + len(page):,} shown" if of > PAGE else ""
        explained = " A click on a name explains it." if of else ""
        self._said.value = markup.message(f"{said}{shown}.{explained}", look="quiet")
        self.back_button.disabled, self.next_button.disabled = self.place == 0, first + PAGE >= of

    def stay_within(self, customers: int) -> None:
        """Go back to the last page there is of so many customers, where the one asked for lies beyond."""
        self.place = min(self.place, max(math.ceil(customers / PAGE) - 1, 0))

    def _name(self, row: int) -> ipywidgets.Button:
        button = ipywidgets.Button()
        button.on_click(lambda _: self._choose(row))
        return button

    def _choose(self, row: int) -> None:
        self._mark(row)
        self._pick(row)

    def _mark(self, row: int) -> None:
        if self._picked >= 0:
            self._names[self._picked].remove_class("la-picked")
        if row >= 0:
            self._names[row].add_class("la-picked")
        self._picked = row

    def _turner(self, icon: str, by: int) -> ipywidgets.Button:
        tooltip = "Next page" if by > 0 else "Previous page"
        button = ipywidgets.Button(icon=icon, tooltip=tooltip, layout=ipywidgets.Layout(width="40px"))
        button.on_click(lambda _: self._turn(by))
        return button

    def _turn(self, by: int) -> None:
        self.place = max(self.place + by, 0)
        self._turned()

    def _laid_out(self) -> ipywidgets.VBox:
        head = ipywidgets.HTML('<div class="la-name-head" aria-hidden="true">customer</div>')
        names = ipywidgets.VBox([head, *self._names], layout=ipywidgets.Layout(flex="0 0 160px"))
        self._people = ipywidgets.HBox([names.add_class("la-people-names"), self._rows]).add_class("la-people")
        asked = ipywidgets.HBox(
            [self.find, self.order, self.back_button, self.next_button],
            layout=ipywidgets.Layout(align_items="flex-end", grid_gap="12px", flex_flow="row wrap"),
        )
        return ipywidgets.VBox([asked, self._said, self._people])


def rows_to_show(customers: pd.DataFrame) -> pd.DataFrame:
    """Return what the table says of customers beside their names, as text."""
    status = customers["status"]
    far = customers["step"].where(customers["step"] != "", status.map(NO_STEP).fillna(""))
    return pd.DataFrame(
        {
            "company": customers["company"],
            "country": customers["country"],
            "e-mail": customers["email"],
            "how far": far.str.cat(status.map({"open": ", open", "dropped": ", dropped"}).fillna("")),
            "last lead": customers["last_at"].dt.strftime("%Y-%m-%d"),
            "contact": customers["do_not_contact"].map({True: "never", False: "yes"}),
        }
    )


def _names(customers: pd.DataFrame) -> list[str]:
    names = customers["first_name"].fillna("").str.cat(customers["last_name"].fillna(""), sep=" ")
    return [cleaned(name) or NAMELESS for name in names]
