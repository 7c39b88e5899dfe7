"""The invented customers: who they are, where they work, and which habit makes them hard to recognise.

No two customers share a canonical e-mail address, the last seven digits of a phone number, or a name within a company,
so a matcher by e-mail, phone and name, or name and company finds exactly these customers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics.samples.words import TEXT, Flags, Numbers, chance, choose, join, load_words, pick

# The seven digits begin with 0 or 1, which no telephone network gives to a subscriber.
PHONES = 2_000_000
MOST_CUSTOMERS = PHONES

_COMPANY_SIZES = (40, 25, 20, 15)  # shares of companies with 1, 2, 3 and 4 customers
_SHARED_MAILBOX = 120  # of thousand companies with three or more customers
_PERSONAL_MAILBOX = 120  # of thousand customers
_ROLES, _ROLE_SHARES = ("info", "sales", "support", "admin"), (7, 1, 1, 1)

# Primes, so that counting in these steps meets every number once before it meets one twice.
_COMPANY_STEP = 611_953
_PHONE_STEP = 1_299_709


@dataclass(frozen=True)
class People:
    """The customers, column by column.

    Attributes
    ----------
    texts : Table
        first_name, last_name (each also without accents: first_plain, last_plain), email, second_email, role_email,
        phone_start and phone_end (seven digits), company, company_with_form, slug, title.
    country : array
        The position of the customer's country in countries.csv.
    habit : array
        The name of the customer's habit: one of habits.csv, or "shared mailbox".
    """

    texts: pa.Table
    country: Numbers
    habit: np.ndarray

    def has(self, *habits: str) -> Flags:
        """Return for each customer whether their habit is one of these."""
        return np.isin(self.habit, habits)


def make_people(rng: np.random.Generator, customers: int) -> People:
    """Return invented customers, colleagues next to each other."""
    company, colleague = _employ(rng, customers)
    country = pick(rng, load_words("countries", numbers=["share"])["share"], company[-1] + 1)
    first, last = _name(rng, company, colleague, country[company])
    names = load_words("names")
    mailbox = join(choose(names["mailbox"], first), choose(names["mailbox"], last), separator=".")
    firm = {column: texts.take(pa.array(company)) for column, texts in _found(rng, country).items()}
    texts = {
        "first_name": choose(names["name"], first),
        "last_name": choose(names["name"], last),
        "first_plain": choose(names["without_accents"], first),
        "last_plain": choose(names["without_accents"], last),
        **firm,
        **_open_mailboxes(rng, mailbox=mailbox, slug=firm["slug"], company=company),
        **_connect(rng, customers),
        "title": choose(load_words("titles")["title"], _entitle(rng, country[company])),
    }
    return People(pa.table(texts), country[company], _accustom(rng, company))


def _employ(rng: np.random.Generator, customers: int) -> tuple[Numbers, Numbers]:
    """Return the number of each customer's company, and the customer's place among the colleagues."""
    ends = np.cumsum(1 + pick(rng, _COMPANY_SIZES, customers))
    everyone = np.arange(customers)
    company = np.searchsorted(ends, everyone, side="right")
    return company, everyone - np.concatenate(([0], ends))[company]


def _name(rng: np.random.Generator, company: Numbers, colleague: Numbers, country: Numbers) -> tuple[Numbers, Numbers]:
    """Return the rows of each customer's two names in names.csv; colleagues share neither."""
    names = load_words("names")
    locale = _locale(country)
    draw = rng.integers(0, 1_000_000, company[-1] + 1)[company]
    first, last = np.empty_like(company), np.empty_like(company)
    for spoken in dict.fromkeys(names["locale"]):
        firsts, lasts = (
            np.flatnonzero((names["locale"] == spoken) & (names["part"] == part)) for part in ("first", "last")
        )
        here = locale == spoken
        pair = (draw[here] + colleague[here] * (len(lasts) + 1)) % (len(firsts) * len(lasts))
        first[here], last[here] = firsts[pair // len(lasts)], lasts[pair % len(lasts)]
    return first, last


def _open_mailboxes(
    rng: np.random.Generator, *, mailbox: pa.Array, slug: pa.Array, company: Numbers
) -> dict[str, pa.Array]:
    """Return each customer's own address, a second one, and the one that a whole company may share."""
    numbered = join(mailbox, pa.array(np.arange(1, len(company) + 1)).cast(TEXT))
    personal = pa.array(chance(rng, _PERSONAL_MAILBOX, len(company)))
    role = choose(_ROLES, pick(rng, _ROLE_SHARES, company[-1] + 1)[company])
    return {
        "email": pc.if_else(personal, join(numbered, "@mail.example"), join(mailbox, "@", slug, ".example")),
        "second_email": join(numbered, "@post.example"),
        "role_email": join(role, "@", slug, ".example"),
    }


def _connect(rng: np.random.Generator, customers: int) -> dict[str, pa.Array]:
    """Return seven digits for each customer, in two parts."""
    number = (np.arange(customers) * _PHONE_STEP + rng.integers(0, PHONES)) % PHONES
    digits = pc.utf8_lpad(pa.array(number).cast(TEXT), 7, "0")
    return {"phone_start": pc.utf8_slice_codeunits(digits, 0, 3), "phone_end": pc.utf8_slice_codeunits(digits, 3)}


def _entitle(rng: np.random.Generator, country: Numbers) -> Numbers:
    """Return the row of each customer's title in titles.csv: an English one, or one in the customer's language."""
    titles = load_words("titles")["locale"]
    locale = _locale(country)
    title = rng.integers(0, 1_000_000, len(country))
    for spoken in np.unique(locale):
        fitting = np.flatnonzero(titles.isin(["any", spoken]))
        here = locale == spoken
        title[here] = fitting[title[here] % len(fitting)]
    return title


def _locale(country: Numbers) -> np.ndarray:
    return load_words("countries")["locale"].to_numpy(dtype=object)[country]


def _found(rng: np.random.Generator, country: Numbers) -> dict[str, pa.Array]:
    """Return different names for companies, without and with a legal form of their country, and for their domain."""
    words = load_words("companies")
    first, second, third = (words.loc[words["part"] == part, "word"] for part in ("first", "second", "third"))
    names = len(first) * len(second) * len(third)
    number = (np.arange(len(country)) * _COMPANY_STEP + rng.integers(0, names)) % names
    company = join(
        choose(first, number // (len(second) * len(third))),
        choose(second, number // len(third) % len(second)),
        choose(third, number % len(third)),
        separator=" ",
    )
    forms = load_words("countries")["legal_forms"].str.split(";")
    every_form = forms.explode(ignore_index=True)
    many = forms.str.len().to_numpy()
    form = (np.cumsum(many) - many)[country] + rng.integers(0, 1_000, len(country)) % many[country]
    return {
        "company": company,
        "company_with_form": join(company, choose(every_form, form), separator=" "),
        "slug": pc.replace_substring(pc.utf8_lower(company), " ", "-"),
    }


def _accustom(rng: np.random.Generator, company: Numbers) -> np.ndarray:
    """Return each customer's habit; all customers of a company with a shared mailbox use it."""
    habits = load_words("habits", numbers=["per_thousand"])
    habit = habits["habit"].to_numpy(dtype=object)[pick(rng, habits["per_thousand"], len(company))]
    colleagues = np.bincount(company)
    shares = (colleagues >= 3) & chance(rng, _SHARED_MAILBOX, len(colleagues))
    return np.where(shares[company], "shared mailbox", habit)
