"""The rules that make two leads one customer, each as a key: leads with the same key are the same person.

A key is the number of the first lead that holds the same values, -1 where the lead has no usable values. Blanks,
placeholders, role mailboxes and values that many different names share make no key.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics.identity.companies import company_numbers
from leadanalytics.identity.emails import flat_emails, personal
from leadanalytics.identity.flat import NONE, FlatText, first_rows, first_rows_of_pairs
from leadanalytics.identity.names import are_whole, flat_names
from leadanalytics.identity.phones import canonical_phones

RULES = ("e-mail", "phone and name", "name and company")  # the strongest first
KEYS_IN_WORDS = f"{', '.join(RULES[:-1])}, or {RULES[-1]}"

# A value that more people than these use is nobody's own: an assistant's or a family's address still counts as one
# person's, a made-up one does not. Names that resemble one another are one person's, but only so many of them.
MOST_PEOPLE = 2
MOST_NAMES = 12


def match_keys(leads: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return for each of the `RULES` the key of each lead."""
    names = flat_names(_column(leads, "first_name"), _column(leads, "last_name"))
    emails = flat_emails(_column(leads, "email"))
    name = first_rows(names)
    email = np.where(personal(emails), first_rows(emails), NONE)
    phone = canonical_phones(_column(leads, "phone"), _column(leads, "country"))
    company = company_numbers(_column(leads, "company"))
    email = np.where(are_shared(email, name, names), NONE, email)
    whole_name = np.where(are_whole(names), name, NONE)  # a company has more than one Tom
    keys = (email, first_rows_of_pairs(phone, name), first_rows_of_pairs(whole_name, company))
    return dict(zip(RULES, keys, strict=True))


def are_shared(values: np.ndarray, name: np.ndarray, names: FlatText) -> np.ndarray:
    """Return whether each lead's value is one that too many different people use.

    Parameters
    ----------
    values : array of int
        The value of each lead as the first row that holds it, -1 for none.
    name : array of int
        The name of each lead, likewise.
    names : FlatText
        The canonical names.
    """
    pairs = first_rows_of_pairs(values, name)
    distinct = np.flatnonzero(pairs == np.arange(len(pairs)))
    counts = np.bincount(values[distinct], minlength=len(values))
    shared = counts > MOST_NAMES
    doubtful = distinct[(counts[values[distinct]] > MOST_PEOPLE) & ~shared[values[distinct]]]
    texts = {row: _text(names, row) for row in doubtful.tolist()}
    # Only values with several names come here, some in a thousand, and at most MOST_NAMES of each.
    for value, rows in pd.Series(doubtful).groupby(values[doubtful]):
        shared[value] = _people(sorted(texts[row] for row in rows)) > MOST_PEOPLE
    return (values >= 0) & shared[values]


def _people(names: list[str]) -> int:
    """Return how many people names stand for when those that share a word are one person's."""
    people: list[set[str]] = []
    for words in (set(name.split()) for name in names):
        resembling = [person for person in people if person & words]
        people = [person for person in people if not person & words] + [words.union(*resembling)]
    return len(people)


def _text(texts: FlatText, row: int) -> str:
    return bytes(texts.data[texts.offsets[row] : texts.offsets[row + 1]]).decode()


def _column(leads: pd.DataFrame, name: str) -> pd.Series:
    """Return a text column of the leads, all missing where they lack it."""
    return leads[name] if name in leads.columns else pd.Series(np.nan, index=leads.index)
