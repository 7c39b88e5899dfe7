"""What is said of a customer's funnel: every lead and the part that it had, readable as text and as a frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from leadanalytics.funnels import split_funnels


@dataclass(frozen=True, eq=False, repr=False)
class FunnelExplanation:
    """Why a customer is counted so; a notebook shows it as text, and so does `print`.

    Attributes
    ----------
    verdicts : dict of str to str
        The units of the customer, such as "C-1, offer Crane", and how far each went, without what anybody typed. Where
        an offer has several funnels there is one for each: "C-1, offer Crane, to Contact me".
    funnels : DataFrame
        The rows of `build_funnels` for them.
    frame : DataFrame
        One row per lead, by unit (and funnel) and then in order: *unit*, *record_id*, *created_at*, *stage*,
        *offer_id*, *step* (that it served, missing for none), *role* ("serves", or why it served none, in a word or
        two), *why* (the sentence), and *match_rule* and *match_bits*, what made the record the customer's.
    """

    verdicts: dict[str, str]
    funnels: pd.DataFrame
    frame: pd.DataFrame

    @property
    def definition(self) -> str:
        """What the funnels count, and which steps their offers do not show: a line for each funnel."""
        each = [part.attrs["definition"] for _, part in split_funnels(self.funnels)]
        return "\n".join(dict.fromkeys(map(str, each)))

    def __repr__(self) -> str:
        return f"<FunnelExplanation: {'; '.join(map(_headline, self.verdicts.items()))}>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show the text where somebody looks at it: in IPython and notebooks."""
        printer.text(str(self))

    def __str__(self) -> str:
        lines: list[str] = []
        for unit, verdict in self.verdicts.items():
            lines.append(_headline((unit, verdict)))
            lines += map(_lead_line, self.frame[self.frame["unit"] == unit].to_dict("records"))
        return "\n".join([*lines, *_merging_lines(self.frame), self.definition])


def _headline(told: tuple[str, str]) -> str:
    return _clean(": ".join(told))


def _lead_line(lead: dict[str, Any]) -> str:
    day = "undated" if pd.isna(lead["created_at"]) else f"{lead['created_at']:%Y-%m-%d %H:%M}"
    stage = "no stage" if pd.isna(lead["stage"]) else lead["stage"]
    return _clean(f"  {day:<16}  {stage:<12}  {lead['why']}  [{lead['record_id']}]")


def _merging_lines(frame: pd.DataFrame) -> Iterator[str]:
    """Say what made the records one customer's, the weakest first; a rule that made several is told once."""
    records = frame.dropna(subset=["record_id", "match_rule"]).drop_duplicates("record_id")
    if len(records) < 2:
        return
    rules = records.groupby("match_rule", observed=True).agg(bits=("match_bits", "min"), records=("record_id", list))
    yield "Merged by, the weakest first:"
    for rule, bits, named in rules.sort_values("bits", kind="stable").itertuples():
        strength = "" if pd.isna(bits) else f"{bits:+.1f} bits  "
        yield _clean(f"  {strength}{rule}  [{named[0] if len(named) == 1 else f'{len(named):,} records'}]")


def _clean(text: str) -> str:
    """Return text of strangers on one line, without control characters."""
    return "".join(character if character.isprintable() else " " for character in text)
