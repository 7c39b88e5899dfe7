"""How a customer's details are written on one lead: the same person, spelled another way each time.

Every variant keeps one of the three things by which the customer's leads hang together: the canonical e-mail address,
phone and name, or name and company.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.samples.people import People
from leadanalytics.samples.words import TEXT, Flags, Numbers, chance, choose, join, load_words, pick

FIELDS = ("FirstName", "LastName", "Email", "Phone", "Country", "Company", "Title")

PLACEHOLDER_EMAIL = "test@test.com"
PLACEHOLDER_PHONE = "1234567890"

# Shares of the ways to write a phone number: +44 20 0..., 00442..., 020 0...
_PHONE_FORMS = (70, 12, 18)


def spell(rng: np.random.Generator, people: People, customer: Numbers) -> dict[str, pa.Array]:
    """Return the seven customer fields of each lead, given the number of its customer."""
    leads = _Leads(rng, people, customer)
    columns = (*_names(leads), _emails(leads), _phones(leads), _countries(leads), _companies(leads), _titles(leads))
    withheld = leads.of("withheld")
    return {field: texts if field == "Country" else blank(texts, withheld) for field, texts in zip(FIELDS, columns)}


def change(texts: pa.Array, rows: Flags, how: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Return texts of which some rows are changed by an Arrow function.

    Examples
    --------
    >>> change(pa.array(["a", "b"], TEXT), np.array([False, True]), pc.utf8_upper).to_pylist()
    ['a', 'B']
    """
    mask = pa.array(rows)
    return pc.replace_with_mask(texts, mask, how(texts.filter(mask)))


def replace(texts: pa.Array, rows: Flags, other: pa.Array | str) -> pa.Array:
    """Return texts of which some rows are replaced by the same rows of another column, or by one text.

    Examples
    --------
    >>> replace(pa.array(["a", "b"], TEXT), np.array([False, True]), "-").to_pylist()
    ['a', '-']
    """
    return pc.if_else(pa.array(rows), pa.scalar(other, TEXT) if isinstance(other, str) else other, texts)


def blank(texts: pa.Array, rows: Flags) -> pa.Array:
    """Return texts of which some rows are blank.

    Examples
    --------
    >>> blank(pa.array(["a", "b"], TEXT), np.array([False, True])).to_pylist()
    ['a', '']
    """
    return replace(texts, rows, "")


class _Leads:
    """The customers behind some leads, and chances per lead."""

    def __init__(self, rng: np.random.Generator, people: People, customer: Numbers) -> None:
        self.rng, self._people, self._customer, self._rows = rng, people, customer, pa.array(customer)
        self.country = people.country[customer]

    def text(self, column: str) -> pa.Array:
        return self._people.texts[column].combine_chunks().take(self._rows)

    def of(self, *habits: str) -> Flags:
        """Flag the leads whose customer has one of these habits."""
        return self._people.has(*habits)[self._customer]

    def some(self, per_thousand: int) -> Flags:
        return chance(self.rng, per_thousand, len(self._customer))

    def draw(self, shares: tuple[int, ...]) -> Numbers:
        return pick(self.rng, shares, len(self._customer))


def _names(leads: _Leads) -> tuple[pa.Array, pa.Array]:
    first, last = leads.text("first_name"), leads.text("last_name")
    plain, lower, upper, swapped = leads.some(100), leads.some(50), leads.some(20), leads.some(10)
    left_out = leads.of("name left out") & leads.some(500)
    first = replace(first, plain, leads.text("first_plain"))
    last = replace(last, plain, leads.text("last_plain"))
    first, last = replace(first, swapped, last), replace(last, swapped, first)
    for rows, how in ((lower, pc.utf8_lower), (upper, pc.utf8_upper)):
        first, last = change(first, rows, how), change(last, rows, how)
    return blank(first, left_out), blank(last, left_out)


def _emails(leads: _Leads) -> pa.Array:
    emails = replace(leads.text("email"), leads.of("two addresses") & leads.some(500), leads.text("second_email"))
    emails = change(emails, leads.some(60), lambda some: pc.replace_substring(some, "@", "+azure@"))
    emails = replace(emails, leads.of("shared mailbox") & leads.some(600), leads.text("role_email"))
    emails = change(emails, leads.some(80), pc.utf8_title)
    emails = change(emails, leads.some(20), pc.utf8_upper)
    emails = replace(emails, leads.of("placeholder e-mail"), PLACEHOLDER_EMAIL)
    return blank(emails, leads.of("no e-mail", "name and company only"))


def _phones(leads: _Leads) -> pa.Array:
    forms = load_words("countries")[["phone", "phone_with_zeros", "phone_at_home"]]
    form = leads.draw(_PHONE_FORMS)
    starts = choose(forms.to_numpy().ravel(), leads.country * len(forms.columns) + form)
    gaps = choose([" ", "", " "], form)
    phones = join(starts, leads.text("phone_start"), gaps, leads.text("phone_end"))
    phones = replace(phones, leads.of("placeholder phone"), PLACEHOLDER_PHONE)
    return blank(phones, leads.of("no phone", "name and company only"))


def _countries(leads: _Leads) -> pa.Array:
    countries = load_words("countries")
    codes = choose(countries["country"], leads.country)
    return replace(codes, leads.some(100), choose(countries["name"], leads.country))


def _companies(leads: _Leads) -> pa.Array:
    companies = replace(leads.text("company"), leads.some(300), leads.text("company_with_form"))
    companies = change(companies, leads.some(40), pc.utf8_upper)
    link = ('=HYPERLINK("http://', leads.text("slug"), '.example","')
    formula = join(*link, leads.text("company"), '")')
    companies = replace(companies, leads.of("formula"), formula)
    return blank(companies, leads.of("no company"))


def _titles(leads: _Leads) -> pa.Array:
    return replace(leads.text("title"), leads.of("formula"), "@SUM(1+1)*cmd|' /C calc'!A0")
