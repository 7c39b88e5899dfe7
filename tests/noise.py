"""Made-up leads made harder to recognise: what hurry, and what life, does to a person's details.

The noise knows nothing of the matcher's word lists, and none of the matcher's weights was set on it. But misses under
"hasty" and "restless" were read when its rules were made, so that "worn", which was measured only afterwards, is the
fairer figure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

NAMES = ["first_name", "last_name"]
FIELDS = [*NAMES, "email", "phone", "country", "company", "title"]

# What friends say, for names that the generator uses; longer names that are not here lose their second half.
_SHORT = {
    "Amelia": "Millie", "Oliver": "Ollie", "Harriet": "Hattie", "Beatrix": "Bea", "Philippa": "Pippa",
    "Winston": "Win", "Desmond": "Des", "Rosalind": "Ros",
}  # fmt: skip


@dataclass(frozen=True)
class Noise:
    """How many leads of a thousand are changed in each way.

    Attributes
    ----------
    slip : int
        A slip of the keyboard, in each of first name, last name, e-mail, phone and company.
    blank : int
        Nothing in a field, in each of e-mail, phone, country, company and title.
    whole_name : int
        "Last, First" in the field of the last name.
    initial : int
        A first name of one letter.
    short_name : int
        A short form of the first name.
    new_job : int
        Another company, with an address there.
    new_phone : int
        Another number.
    new_surname : int
        Another last name, alone or after the old one.
    role : int
        The mailbox info@ of the same company.
    shortened : int
        A company without its last word.
    """

    slip: int = 0
    blank: int = 0
    whole_name: int = 0
    initial: int = 0
    short_name: int = 0
    new_job: int = 0
    new_phone: int = 0
    new_surname: int = 0
    role: int = 0
    shortened: int = 0


PROFILES = {
    "as made": Noise(),
    "hasty": Noise(slip=25, blank=90, whole_name=20, initial=25, short_name=5, role=20, shortened=20),
    "restless": Noise(slip=8, blank=40, short_name=50, new_job=90, new_phone=90, new_surname=12, shortened=60),
    "worn": Noise(slip=15, blank=60, whole_name=10, initial=15, new_job=45, new_phone=45, new_surname=6, role=12),
}


def spoil(leads: pd.DataFrame, noise: Noise, *, seed: int = 0) -> pd.DataFrame:
    """Return leads with noise in their customer fields.

    Examples
    --------
    >>> leads = pd.DataFrame({field: ["Ana Ruiz"] for field in FIELDS})
    >>> spoil(leads, Noise(initial=1000)).loc[0, "first_name"]
    'A.'
    """
    rng = np.random.default_rng(seed)
    leads = leads.copy()
    for way in fields(noise):
        per_thousand = getattr(noise, way.name)
        if per_thousand:
            _WAYS[way.name](leads, lambda per=per_thousand: rng.integers(0, 1000, len(leads)) < per, rng)
    return leads


Chance = Callable[[], np.ndarray]


def _slip(leads: pd.DataFrame, some: Chance, rng: np.random.Generator) -> None:
    for field in (*NAMES, "email", "phone", "company"):
        rows = some() & leads[field].str.len().gt(4).to_numpy("bool", na_value=False)
        texts, places, kinds = leads.loc[rows, field], rng.random(rows.sum()), rng.integers(0, 4, rows.sum())
        leads.loc[rows, field] = [_mistyped(*each) for each in zip(texts, places, kinds)]


def _mistyped(text: str, place: float, kind: int) -> str:
    at = 1 + int(place * (len(text) - 2))
    other = "7" if text[at].isdigit() else "e"
    return (
        text[:at] + text[at + 1 :],
        text[:at] + text[at] + text[at:],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        text[:at] + other + text[at + 1 :],
    )[kind]


def _blank(leads: pd.DataFrame, some: Chance, rng: np.random.Generator) -> None:
    for field in ("email", "phone", "country", "company", "title"):
        leads.loc[some(), field] = np.nan


def _write_whole_name(leads: pd.DataFrame, some: Chance, rng: np.random.Generator) -> None:
    rows = some() & leads[NAMES].notna().all(axis=1)
    leads.loc[rows, "last_name"] = leads["last_name"] + ", " + leads["first_name"]
    leads.loc[rows, "first_name"] = np.nan


def _write_initial(leads: pd.DataFrame, some: Chance, rng: np.random.Generator) -> None:
    rows = some() & leads["first_name"].notna()
    leads.loc[rows, "first_name"] = leads["first_name"].str[:1] + "."


def _shorten_name(leads: pd.DataFrame, some: Chance, rng: np.random.Generator) -> None:
    rows = some() & leads["first_name"].str.len().gt(5).to_numpy("bool", na_value=False)
    names = leads.loc[rows, "first_name"]
    leads.loc[rows, "first_name"] = names.map(_SHORT).fillna(names.str[:3])


def _change_job(leads: pd.DataFrame, some: Chance, rng: np.random.Generator) -> None:
    rows = some() & leads["email"].notna() & leads["company"].notna()
    company = leads.loc[rows, "company"].to_numpy(object)[rng.permutation(rows.sum())]
    firm = pd.Series(company, dtype="str").str.lower().str.replace(r"[^a-z]+", "-", regex=True)
    leads.loc[rows, "email"] = leads.loc[rows, "email"].str.partition("@")[0].array + "@" + firm.array + ".example"
    leads.loc[rows, "company"] = company


def _change_phone(leads: pd.DataFrame, some: Chance, rng: np.random.Generator) -> None:
    rows = some() & leads["phone"].notna()
    leads.loc[rows, "phone"] = [f"+44 20 1{number:07d}" for number in rng.integers(0, 10**7, rows.sum())]


def _change_surname(leads: pd.DataFrame, some: Chance, rng: np.random.Generator) -> None:
    rows = some() & leads["last_name"].notna()
    old = leads.loc[rows, "last_name"].to_numpy(object)
    new = old[rng.permutation(len(old))]
    leads.loc[rows, "last_name"] = np.where(rng.integers(0, 2, len(old)) == 1, old + "-" + new, new)


def _write_role(leads: pd.DataFrame, some: Chance, rng: np.random.Generator) -> None:
    rows = some() & leads["email"].notna()
    leads.loc[rows, "email"] = "info@" + leads.loc[rows, "email"].str.partition("@")[2]


def _shorten_company(leads: pd.DataFrame, some: Chance, rng: np.random.Generator) -> None:
    rows = some() & leads["company"].notna()
    leads.loc[rows, "company"] = leads["company"].str.replace(r" [^ ]+$", "", regex=True)


_WAYS: dict[str, Callable[[pd.DataFrame, Chance, np.random.Generator], None]] = {
    "slip": _slip,
    "blank": _blank,
    "whole_name": _write_whole_name,
    "initial": _write_initial,
    "short_name": _shorten_name,
    "new_job": _change_job,
    "new_phone": _change_phone,
    "new_surname": _change_surname,
    "role": _write_role,
    "shortened": _shorten_company,
}
