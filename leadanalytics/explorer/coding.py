"""A selection as a notebook cell: the calls of the library that give the same numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from leadanalytics.explorer.selection import COLUMNS, Selection
from leadanalytics.funnels import FunnelRules

__all__ = ["as_code"]

LONGEST = 100  # line that is not broken [characters]
# What is drawn of the funnels, by the name of its tab.
DRAWN: Mapping[str, Sequence[str]] = {
    "funnel": ("counts = la.count_stages(funnels)", "plot_stages(counts"),
    "trend": ("trend = la.adjusted_trend(funnels)", "plot_trend(trend"),
    "curve": ("curve = la.conversion_curve(funnels)", "plot_curve(curve"),
}
SIDE_BY_SIDE = ("counts = la.count_stages(funnels)", 'plot_stages_by(counts, by="funnel"')


def as_code(
    selection: Selection,
    *,
    steps: Sequence[str] = (),
    drawn: str = "funnel",
    title: str | None = None,
    vocabulary: bool = False,
    funnel: str | None = None,
    is_side_by_side: bool = False,
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
    title : str, optional
        Its title.
    vocabulary : bool
        Whether the leads were read with a vocabulary of the user's own.
    funnel : str, optional
        The funnel that is drawn, where there are several.
    is_side_by_side : bool
        Whether they are all drawn.

    Examples
    --------
    >>> print(as_code(Selection(company="contoso"), title="Contoso", is_side_by_side=True))
    import leadanalytics as la
    <BLANKLINE>
    funnels = la.build_funnels(leads, by=['company'])
    funnels = funnels[funnels["company"].str.contains('contoso', case=False, regex=False, na=False)]
    counts = la.count_stages(funnels)
    la.plot_stages_by(counts, by="funnel", title='Contoso');
    """
    lines = ["import leadanalytics as la", ""]
    lines += [f"leads = leads{''.join(steps)}"] if steps else []
    options = ["leads", *(f"{name}={value!r}" for name, value in _options(selection).items())]
    options += ["vocabulary=vocabulary"] if vocabulary else []
    lines += [f"funnels = la.build_funnels({', '.join(options)})"]
    if len(lines[-1]) > LONGEST:
        lines[-1:] = ["funnels = la.build_funnels(", *(f"    {option}," for option in options), ")"]
    lines += _conditions(selection)
    if funnel is not None:
        lines += [f"funnels = dict(la.split_funnels(funnels))[{funnel!r}]"]
    *making, plotting = SIDE_BY_SIDE if is_side_by_side else DRAWN[drawn]
    lines += [*making, f"la.{plotting}{f', title={title!r}' if title else ''});"]
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
