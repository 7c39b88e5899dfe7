"""What there is to choose from: offers, storefronts, countries and campaigns as they stand in the leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from leadanalytics.errors import OptionError, near_miss
from leadanalytics.explorer.selection import EVERYTHING, Choice
from leadanalytics.identity.countries import country_codes
from leadanalytics.offers import offer_labels

__all__ = ["companies", "find_choice", "list_choices"]

Choices = Mapping[str, Sequence[Choice]]

MOST_COMPANIES = 300  # that are suggested; any other can be typed
MOST_NAMED = 3  # choices in a message


def list_choices(leads: pd.DataFrame) -> Choices:
    """Return the choices of every kind, those with the most leads first; test leads offer none.

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "offer_id": ["app", "app", "vm"], "offer_name": ["My App", "My App", "My VM"], "is_test": False,
    ...     "marketplace": ["AppSource", None, None], "country": ["DE", "Germany", "FR"], "campaign": [None] * 3,
    ... })
    >>> choices = list_choices(leads)
    >>> [choice.label for choice in choices["offer"]], choices["country"][0]
    (['My App', 'My VM'], Choice(label='Germany (DE)', accepted=('DE', 'Germany')))
    """
    leads = leads.loc[~leads["is_test"], ["offer_id", "offer_name", "marketplace", "country", "campaign"]]
    return {
        "offer": _offers(leads),
        "storefront": _storefronts(leads),
        "country": _countries(leads["country"]),
        "campaign": [Choice(value, (value,)) for value in _frequent(leads["campaign"])],
    }


def find_choice(name: str, typed: str | None, choices: Sequence[Choice]) -> Choice:
    """Return the choice that somebody typed or passed: by its label or one of its values, whatever the case.

    Raises
    ------
    OptionError
        When there is no such choice; the message names those that begin with the text or contain it, else the nearest.

    Examples
    --------
    >>> find_choice("offer", "flow", [Choice("FlowGuard VM"), Choice("Slow Flow")])
    Traceback (most recent call last):
    leadanalytics.errors.OptionError: there is no offer 'flow' ...; did you mean 'FlowGuard VM' or 'Slow Flow'?
    """
    asked = (typed or "").strip().casefold()
    if not asked:
        return EVERYTHING
    by_name = {written.casefold(): choice for choice in reversed(choices) for written in _ways_to_write(name, choice)}
    if asked in by_name:
        return by_name[asked]
    raise OptionError(
        f"there is no {name} {typed!r} among the leads",
        found=f"{len(choices):,} other{'s' * (len(choices) > 1)}" if choices else "none at all",
        next_step=_nearest(name, asked, by_name),
    )


def companies(leads: pd.DataFrame) -> list[str]:
    """Return the companies to suggest, those with the most leads first."""
    return _frequent(leads.loc[~leads["is_test"], "company"])[:MOST_COMPANIES]


def _nearest(name: str, asked: str, by_name: dict[str, Choice]) -> str:
    """Return which choices somebody may have meant: parts of them may be typed, letters missed, or all be wrong."""
    holding = [written for written in reversed(by_name) if asked in written]  # the most frequent first
    holding.sort(key=lambda written: not written.startswith(asked))
    meant = holding or list(filter(None, [near_miss(asked, by_name)]))
    if meant:
        labels = dict.fromkeys(by_name[written].label for written in meant)
        *others, last = map(repr, list(labels)[:MOST_NAMED])
        return f"did you mean {', '.join(others)}{' or ' * bool(others)}{last}?"
    clear = f"clear the field to see every {name}"
    nearest = process.extractOne(asked, by_name.keys(), scorer=ratio, score_cutoff=1)
    return f"the nearest is {by_name[nearest[0]].label!r}; {clear}" if nearest else clear


def _ways_to_write(name: str, choice: Choice) -> tuple[str, ...]:
    """Return the label and the values of a choice; those of a storefront are its offers, which do not name it."""
    return (choice.label,) if name == "storefront" else (*choice.accepted, choice.label)


def _offers(leads: pd.DataFrame) -> list[Choice]:
    """Return the offers by name; where two share a name, their ids tell them apart."""
    labels = offer_labels(leads.dropna(subset="offer_id"))
    return [Choice(labels[offer], (offer,)) for offer in _frequent(leads["offer_id"])]


def _storefronts(leads: pd.DataFrame) -> list[Choice]:
    """Return the storefronts with the offers sold through each, and those that no storefront names."""
    offers = leads[["offer_id", "marketplace"]].drop_duplicates().dropna(subset="offer_id")
    named = offers.dropna(subset="marketplace")
    nowhere = set(offers["offer_id"]) - set(named["offer_id"])
    return [
        Choice(storefront, tuple(sorted(nowhere | set(named.loc[named["marketplace"] == storefront, "offer_id"]))))
        for storefront in _frequent(leads["marketplace"])
    ]


def _countries(countries: pd.Series) -> list[Choice]:
    """Return the countries, each with every way in which it is written; what is no known country stands by itself."""
    spellings = pd.Series(_frequent(countries), dtype=object)
    codes = country_codes(spellings.astype("str")).fillna(spellings.str.strip())
    labelled = [(code, tuple(written)) for code, written in spellings.groupby(codes, sort=False)]
    return [Choice(_country_label(code, written), tuple(sorted(written))) for code, written in labelled]


def _country_label(code: str, written: Sequence[str]) -> str:
    """Return a country's most frequent name that is longer than a code, and its code."""
    name = next((spelling.strip() for spelling in written if len(spelling.strip()) > 3), code)
    return f"{name} ({code})" if name != code else code


def _frequent(values: pd.Series) -> list[str]:
    counts = values.value_counts()
    return [str(value) for value, count in counts.items() if count and str(value).strip()]
