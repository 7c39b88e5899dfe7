"""The widget as a whole: what is shown where, and what follows from a change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import ipywidgets
import numpy as np
import pandas as pd

from leadanalytics.errors import LeadAnalyticsError
from leadanalytics.explorer import markup
from leadanalytics.explorer.building import Builder
from leadanalytics.explorer.coding import as_code
from leadanalytics.explorer.controls import Controls
from leadanalytics.explorer.delaying import Delayed
from leadanalytics.explorer.explaining import explanations
from leadanalytics.explorer.exporting import export_customers, say_written
from leadanalytics.explorer.listing import PAGE, Listing
from leadanalytics.explorer.people import Directory
from leadanalytics.explorer.pictures import PICTURES, PictureWidget, draw
from leadanalytics.explorer.preparing import Prepared
from leadanalytics.vocabulary import Vocabulary

__all__ = ["Explorer", "Panel"]

PAUSE = 0.15  # without a change before the picture follows [seconds]


class Explorer(ipywidgets.VBox):
    """The widget, which knows its panel; where no widget can be shown, a sentence stands in its place."""

    panel: Panel

    def __repr__(self) -> str:
        return "The explorer is a widget: run this cell in JupyterLab, VS Code or Colab to use it."


class Panel:
    """Everything that the explorer shows; `box` is the widget.

    A change of a control is answered in this order: the units are selected, then the sentences, the picture of the tab
    that is open, the code and the table are replaced. Nothing is replaced when any of it fails.

    Parameters
    ----------
    prepared : Prepared
        The leads to explore.
    controls : Controls
    vocabulary : Vocabulary, optional
        The user's own.
    """

    def __init__(self, prepared: Prepared, controls: Controls, *, vocabulary: Vocabulary | None = None) -> None:
        self.prepared, self.controls, self._vocabulary = prepared, controls, vocabulary
        self._builder, self._directory = Builder(prepared, vocabulary=vocabulary), Directory(prepared.customers)
        self.listing = Listing()
        self.texts = {name: ipywidgets.HTML() for name in ("error", "headline", "explanation", "written", "code")}
        self.pictures = {name: PictureWidget(format="png") for name in PICTURES}
        self.tabs = ipywidgets.Tab([*self.pictures.values()], titles=[name.capitalize() for name in PICTURES])
        self.path = ipywidgets.Text("exports/customers.xlsx", description="Export to (.xlsx or .csv)")
        self.export_button = ipywidgets.Button(icon="download", layout=ipywidgets.Layout(width="auto"))
        self._drawn: set[str] = set()
        self._people = np.empty((2, 0), np.int64)
        self._asked: Iterator[tuple[str, str]] = iter(())
        self.box = self._laid_out()
        self.update()
        self._listen()

    def update(self) -> None:
        """Show what the controls select."""
        selected, name = self._builder.select(self.controls.read()), self._open_tab
        picture = draw(name, selected.drawn(name), title=selected.title(name))
        self.selected, self._drawn = selected, {name}
        self.texts["headline"].value = markup.message(selected.headline, look="headline")
        self.pictures[name].show(picture)
        self._show_code()
        self.listing.place = 0
        self.list_people()

    def list_people(self) -> None:
        """Show the customers of the selection that are looked for."""
        selected = self.selected
        self._people = self._directory.select(
            selected.everything.members, selected.keeps, find=self.listing.find.value, order=self.listing.order.value
        )
        self.turn_page()
        number = self._people.shape[1]
        self.export_button.description = f"Export {_customers(number)}"
        self.export_button.disabled = number == 0
        self.texts["written"].value = ""

    def turn_page(self) -> None:
        """Show the page of the table that is asked for."""
        number, looked_for = self._people.shape[1], self.listing.find.value.strip()
        self.listing.stay_within(number)
        said = f"{_customers(number)} {f'found by “{looked_for}”' if looked_for else 'of the selection'}"
        self.listing.show(self.shown_customers, of=number, said=said)
        self.texts["explanation"].value, self._asked = "", iter(())

    def explain(self, row: int) -> None:
        """Explain a customer of the page: at once what is quick to say, then what takes longer."""
        customer = str(self.shown_customers["customer_id"].iloc[row])
        self.texts["explanation"].value = ""
        self._asked = explanations(self.prepared.leads, customer, self.selected.selection, vocabulary=self._vocabulary)
        self._explain_more()

    def export(self) -> None:
        """Write every customer that is found in the selection, not only the page."""
        customers = self._directory.table(self._people, self.selected.everything.funnels)
        written = export_customers(customers, self.path.value)
        self.texts["written"].value = markup.message(say_written(written, len(customers)), look="done")

    def open_tab(self) -> None:
        """Draw the picture of the tab that is open, unless it is there."""
        name = self._open_tab
        if name not in self._drawn:
            self.pictures[name].show(draw(name, self.selected.drawn(name), title=self.selected.title(name)))
            self._drawn.add(name)
        self._show_code()

    @property
    def code(self) -> str:
        """The selection as a notebook cell, which draws what the open tab shows."""
        selected, name = self.selected, self._open_tab
        return as_code(
            selected.selection,
            steps=self.prepared.steps,
            drawn=name,
            title=selected.title(name),
            vocabulary=self._vocabulary is not None,
            funnel=selected.only(name),
            is_side_by_side=selected.is_side_by_side(name),
        )

    @property
    def shown_customers(self) -> pd.DataFrame:
        """The customers of the page that is shown."""
        first = self.listing.place * PAGE
        return self._directory.table(self._people[:, first : first + PAGE], self.selected.everything.funnels)

    @property
    def _open_tab(self) -> str:
        return list(self.pictures)[self.tabs.selected_index or 0]

    def _explain_more(self) -> None:
        explained = next(self._asked, None)
        if explained is None:
            return
        heading, text = explained
        self.texts["explanation"].value += markup.code(text, heading=heading)
        self._later()

    def _show_code(self) -> None:
        self.texts["code"].value = markup.code(self.code)

    def _guarded(self, act: Callable[[], object], place: str = "error") -> Callable[..., None]:
        """Return a callback that says at a place of the widget what went wrong; elsewhere nobody would see it."""

        def acting(*_: object) -> None:
            # Of an explanation, what has been said already stays.
            said = self.texts[place]
            said.value = said.value if place == "explanation" else ""
            try:
                act()
            except Exception as error:
                said.value += markup.message(_in_words(error, place), look="error")

        return acting

    def _listen(self) -> None:
        self._later = Delayed(self._guarded(self._explain_more, "explanation"), seconds=PAUSE)
        self.controls.on_change(Delayed(self._guarded(self.update), seconds=PAUSE))
        self.listing.find.observe(Delayed(self._guarded(self._find), seconds=2 * PAUSE), "value")
        self.listing.order.observe(Delayed(self._guarded(self._find), seconds=0), "value")
        self.listing.on_turn(self._guarded(self.turn_page))
        self.listing.on_pick(lambda row: self._guarded(lambda: self.explain(row), "explanation")())
        self.tabs.observe(self._guarded(self.open_tab), "selected_index")
        self.export_button.on_click(self._guarded(self.export, "written"))

    def _find(self) -> None:
        self.listing.place = 0
        self.list_people()

    def _laid_out(self) -> Explorer:
        texts = self.texts
        export = ipywidgets.HBox(
            [self.path.add_class("la-control"), self.export_button],
            layout=ipywidgets.Layout(align_items="flex-end", grid_gap="12px"),
        )
        self.path.layout.flex = "1 1 260px"
        notes = markup.paragraph(" ".join(self.prepared.notes), look="quiet")
        code = ipywidgets.Accordion([texts["code"]], titles=["This selection as a notebook cell"])
        parts: Sequence[ipywidgets.DOMWidget] = [
            ipywidgets.HTML(markup.STYLE + notes),
            self.controls.box,
            texts["error"],
            texts["headline"],
            self.tabs,
            self.listing.box,
            texts["explanation"],
            export,
            texts["written"],
            code,
        ]
        box = Explorer(parts, layout=ipywidgets.Layout(grid_gap="6px"))
        box.panel = self
        return box.add_class("la-explorer")


def _in_words(error: Exception, place: str) -> str:
    """Return what went wrong, what was there and what to do; and that a failed selection changed nothing."""
    known = isinstance(error, LeadAnalyticsError)
    said = str(error) if known else f"{type(error).__name__}: {error}"
    # A message may begin with the name of a file, whose case is its own.
    said = f"Nothing is exported: {said}" if place == "written" else said[:1].upper() + said[1:]
    said += "" if said.endswith(("?", ".", "!")) else "."
    return f"{said} The selection before is still shown." if place == "error" else said


def _customers(number: int) -> str:
    return f"{number:,} customer{'' if number == 1 else 's'}"
