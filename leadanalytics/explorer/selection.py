"""What is selected, as a plain value, and the funnels that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from leadanalytics.funnels import FunnelRules

__all__ = ["CARRIED", "COLUMNS", "EVERYTHING", "Choice", "Selection", "select_units"]

# Which column of the funnels a choice looks at: the value of the lead with which a unit entered. A test drive names
# no storefront, so a storefront is chosen by the offers that are sold through it.
COLUMNS: Mapping[str, str] = {
    "offer": "offer_id",
    "storefront": "offer_id",
    "country": "country",
    "campaign": "campaign",
}
CARRIED = ("offer_id", "country", "company", "campaign")


@dataclass(frozen=True)
class Choice:
    """One line of a list: how it reads, and the values of the column that it accepts; none for all."""

    label: str = ""
    accepted: tuple[str, ...] = ()


EVERYTHING = Choice()


@dataclass(frozen=True)
class Selection:
    """Everything that the controls say.

    Attributes
    ----------
    rules : FunnelRules
        What the funnels mean; equal rules have equal funnels.
    offer, storefront, country, campaign : Choice
        What chooses among the units by the values at their entry.
    company : str
        Part of the name of their company at the entry.
    """

    rules: FunnelRules = field(default_factory=FunnelRules)
    offer: Choice = EVERYTHING
    storefront: Choice = EVERYTHING
    country: Choice = EVERYTHING
    campaign: Choice = EVERYTHING
    company: str = ""

    @property
    def choices(self) -> dict[str, Choice]:
        """The choices that narrow anything, by what they are about."""
        return {name: choice for name in COLUMNS if (choice := getattr(self, name)) != EVERYTHING}

    @property
    def columns(self) -> list[str]:
        """The columns that the funnels must carry for these choices."""
        looked_at = [COLUMNS[name] for name in self.choices] + ["company"] * bool(self.company)
        return [column for column in dict.fromkeys(looked_at) if column not in self.rules.unit]

    @property
    def words(self) -> str:
        """What the choices narrow to, in words; empty where they narrow nothing."""
        said = [f"{name} {choice.label}" for name, choice in self.choices.items()]
        said += [f"company with “{self.company}”"] * bool(self.company)
        return ", ".join(said)

    @property
    def title(self) -> str | None:
        """The words as the title of a picture; None where nothing is narrowed, and the picture has its own."""
        return self.words[:1].upper() + self.words[1:] or None


def select_units(funnels: pd.DataFrame, selection: Selection) -> np.ndarray:
    """Return which units of a funnels frame the choices of a selection keep, as an array of bool.

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels(leads, selection.rules, by=selection.columns)`; more columns do no harm.
    selection : Selection

    Examples
    --------
    >>> funnels = pd.DataFrame({"offer_id": ["app", "vm", "vm"], "company": ["Contoso Ltd", "Fabrikam", "CONTOSO"]})
    >>> select_units(funnels, Selection(offer=Choice("VM", ("vm",)), company="contoso")).tolist()
    [False, False, True]
    """
    keeps = np.ones(len(funnels), bool)
    for name, choice in selection.choices.items():
        keeps &= funnels[COLUMNS[name]].isin(choice.accepted).to_numpy()
    if selection.company:
        named = funnels["company"].str.contains(selection.company, case=False, regex=False, na=False)
        keeps &= named.to_numpy(bool)
    return keeps
