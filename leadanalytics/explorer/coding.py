"""A selection as a notebook cell: the calls of the library that give the same numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from leadanalytics.explorer.selection import COLUMNS, Selection
from leadanalytics.funnels import FunnelRules

__all__ = ["as_code"]

# What is drawn of the funnels, by the name of its tab.
DRAWN: Mapping[str, Sequence[str]] = {
    "funnel": ("counts = la.count_stages(funnels)", "la.plot_stages(counts{title});"),
    "trend": ("trend = la.adjusted_trend(funnels)", "la.plot_trend(trend{title});"),
    "curve": ("curve = la.conversion_curve(funnels)", "la.plot_curve(curve{title});"),
}


def as_code(
    selection: Selection,
    *,
    steps: Sequence[str] = (),
    drawn: str = "funnel",
    vocabulary: bool = False,
    largest: str | None = None,
) -> str:
    """Return Python that makes the funnels of a selection from `leads` and draws them.

    Whatever was typed by somebody stands in it as a quoted string, so that it never becomes code.

    Parameters
    ----------
    selection : Selection
    steps : sequence of str
        The calls that make leads to explore of `leads`, as they follow them.
    drawn : {"funnel", "trend", "curve"}
        What is drawn.
    vocabulary : bool
        Whether the leads were read with a vocabulary of the user's own.
    largest : str, optional
        The funnel with most units, where the units are of several.

    Examples
    --------
    >>> print(as_code(Selection(company="contoso")))
    import leadanalytics as la
    <BLANKLINE>
    funnels = la.build_funnels(
        leads,
        by=['company'],
    )
    funnels = funnels[funnels["company"].str.contains('contoso', case=False, regex=False, na=False)]
    counts = la.count_stages(funnels)
    la.plot_stages(counts, title='Company with “contoso”');
    """
    lines = ["import leadanalytics as la", ""]
    lines += [f"leads = leads{''.join(steps)}"] if steps else []
    options = [f"{name}={value!r}" for name, value in _options(selection).items()]
    options += ["vocabulary=vocabulary"] if vocabulary else []
    lines += ["funnels = la.build_funnels(", *(f"    {option}," for option in ["leads", *options]), ")"]
    lines += _conditions(selection)
    title = f", title={selection.title!r}" if selection.title else ""
    if largest is not None and drawn == "funnel":
        lines += ["counts = la.count_stages(funnels)", f'la.plot_stages_by(counts, by="funnel"{title});']
        return "\n".join(lines)
    if largest is not None:
        lines += [f'funnels = funnels[funnels["funnel"] == {largest!r}]']
    lines += [line.replace("{title}", title) for line in DRAWN[drawn]]
    return "\n".join(lines)


def _options(selection: Selection) -> dict[str, Any]:
    """Return the options to write down: those that are not as by default in the library."""
    default = FunnelRules()
    options = {name: value for name, value in selection.rules.items() if value != default[name]}
    return options | ({"by": selection.columns} if selection.columns else {})


def _conditions(selection: Selection) -> Iterator[str]:
    for name, choice in selection.choices.items():
        yield f'funnels = funnels[funnels["{COLUMNS[name]}"].isin({list(choice.accepted)!r})]'
    if selection.company:
        contains = f"{selection.company!r}, case=False, regex=False, na=False"
        yield f'funnels = funnels[funnels["company"].str.contains({contains})]'
