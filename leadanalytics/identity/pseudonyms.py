"""Leads to share: keyed pseudonyms in place of whatever names a person, made so that leads that match still do.

Values are brought into the one spelling by which they match before they are hashed, and what the matcher knows by its
lists (free mail, role mailboxes, placeholders, titles) stays readable, since it names nobody.
"""

from __future__ import annotations

import functools
import hmac
import re
import string
from collections.abc import Callable, Collection

import numpy as np
import pandas as pd

from leadanalytics.errors import OptionError
from leadanalytics.identity.companies import canonical_companies
from leadanalytics.identity.emails import canonical_emails, flat_emails, personal
from leadanalytics.identity.flat import to_arrow
from leadanalytics.identity.folding import fold
from leadanalytics.identity.phones import canonical_phones
from leadanalytics.identity.rules import ATTR, PAIRS, MatchRules
from leadanalytics.identity.words import word_list
from leadanalytics.schema import IDENTIFIED, TEXT, check

SHORTEST_KEY = 16  # characters

# Written by people, or holding what the fields hold: nothing in them can be trusted to name nobody.
FREE_TEXT = ("description", "note", "customer_info", "url_parameters")

_HEXADECIMAL = "0123456789abcdef"
_LATIN, _OTHER, _IDEOGRAPHS = (
    str.maketrans(_HEXADECIMAL, letters)
    # What is one word in one script must not become one in another: a Chinese name is whole where a Latin word is not.
    for letters in ("abcdefghijklmnop", "абвгдежзиклмнопр", "一丁七万丈三上下丌不与丐丑专且丕")
)
_FIRST_IDEOGRAPH = "\u2e80"
_WORD = re.compile(r"(?:[a-z0-9]|[^\x00-\x7f])+")
_NEUTRAL_DOMAIN = "@neutral.example"
_NOBODYS_COUNTRY = "+999 "  # a calling code that nobody has (ITU-T E.164), so that no pseudonym can be called

Hash = Callable[[str, str], str]


def pseudonymise(leads: pd.DataFrame, *, key: bytes | str, keep: Collection[str] = ()) -> pd.DataFrame:
    """Return the leads with pseudonyms in place of people: the same rows, columns and order.

    Equal people stay equal: `identify_customers(method="keys")` gives the same groups as before, and by evidence only
    slips of the keyboard and short forms of first names are lost. Names, addresses and companies are hashed in the
    spelling by which they match, so "ANA@Example.com" and "ana+azure@example.com" get one pseudonym. Initials stay
    initials, of a shuffled alphabet.

    Pseudonyms are for sharing within a team, not for publishing: who holds the key, or the leads, can tell who is who,
    and times, countries and titles, which stay, can tell a person as well.

    Parameters
    ----------
    leads : DataFrame
        Decoded, with record_id. Columns with free text, and those that leads do not have, become missing; record_id,
        customer_id and account_id get pseudonyms too, since they lead back to the source, also those in the match
        rules in `attrs`.
    key : bytes or str
        A secret of at least 16 characters, such as `secrets.token_hex(16)` makes. It is not stored anywhere: with
        another key every pseudonym is another one.
    keep : collection of str
        Columns of your own that name nobody and stay as they are.

    Raises
    ------
    FrameError
        When there is no column record_id.
    OptionError
        When the key is shorter, or something else.

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "record_id": ["r1", "r2"],
    ...     "first_name": ["Ana", "ANA"],
    ...     "email": ["ana@gmail.com", "A.na+azure@googlemail.com"],
    ...     "country": ["ES", "ES"],
    ... })
    >>> shared = pseudonymise(leads, key="correct horse battery staple")
    >>> shared["first_name"].nunique(), shared["email"].nunique(), shared["country"].tolist()
    (1, 1, ['ES', 'ES'])
    >>> shared["email"].str.partition("@")[2].unique().tolist()
    ['gmail.com']
    """
    check(leads, "leads", columns=["record_id"])
    keyed = _hashing(_check_key(key))
    made = {
        "record_id": lambda: _of_distinct(leads["record_id"], functools.partial(_record, keyed)),
        "customer_id": lambda: _of_distinct(leads["customer_id"], lambda text: f"C-{keyed('customer', text)}"),
        "account_id": lambda: _of_distinct(leads["account_id"], lambda text: f"A-{keyed('account', text)}"),
        "email": lambda: _emails(leads["email"], keyed),
        "phone": lambda: _phones(leads, keyed),
        "first_name": lambda: _names(leads["first_name"], keyed),
        "last_name": lambda: _names(leads["last_name"], keyed),
        "company": lambda: _companies(leads["company"], keyed),
    }
    known = set(IDENTIFIED.names) - set(FREE_TEXT) | set(keep)
    columns = {name: make() for name, make in made.items() if name in leads.columns}
    columns |= {name: _nothing(leads.index) for name in leads.columns if name not in known and name not in columns}
    shared = leads.assign(**columns)
    if ATTR in leads.attrs:
        rules = MatchRules.read(leads.attrs[ATTR])
        pairs = {name: [[_record(keyed, each) for each in pair] for pair in rules[name]] for name in PAIRS}
        shared.attrs[ATTR] = rules.changed(**pairs)
    return shared


def _record(keyed: Hash, record_id: str) -> str:
    return f"R-{keyed('record', record_id)}"


def _check_key(key: bytes | str) -> bytes:
    """Return the key as bytes, without ever quoting it."""
    if not isinstance(key, (bytes, str)) or len(key) < SHORTEST_KEY:
        raise OptionError(
            f"key is a secret of at least {SHORTEST_KEY} characters",
            found="a shorter one" if isinstance(key, (bytes, str)) else type(key).__name__,
            next_step="make one with secrets.token_hex(16), and keep it where passwords are kept",
        )
    return key.encode() if isinstance(key, str) else key


def _hashing(key: bytes) -> Hash:
    """Return what makes 64 bits, in hexadecimal digits, of a field and a text, as only who has the key can."""
    return lambda field, text: hmac.digest(key, f"{field}\0{text}".encode(), "sha256")[:8].hex()


def _of_distinct(texts: pd.Series, make: Callable[[str], str | None]) -> pd.Series:
    """Return what is made of each text; each distinct one is made once, missing stays missing."""
    codes, distinct = pd.factorize(texts)
    made = pd.Series([make(text) for text in distinct], dtype=TEXT)
    return made.reindex(codes).set_axis(texts.index)


def _nothing(index: pd.Index) -> pd.Series:
    return pd.Series(None, index=index, dtype=TEXT)


def _emails(emails: pd.Series, keyed: Hash) -> pd.Series:
    """Hash mailboxes of people and domains of firms, so that colleagues still share a domain."""
    codes, distinct = pd.factorize(canonical_emails(emails))
    addresses = pd.Series(distinct, dtype=TEXT)
    mailboxes, domains = addresses.str.replace("@.*", "", regex=True), addresses.str.replace(".*@", "", regex=True)
    is_task = ~personal(flat_emails(mailboxes + _NEUTRAL_DOMAIN))  # whatever the domain
    hashed = _of_distinct(addresses, lambda address: keyed("email", address).translate(_LATIN))
    is_readable = domains.isin([*word_list("free_mail"), *_placeholder_domains()])
    written = mailboxes.where(is_task, hashed) + "@" + domains.where(is_readable, _companies(domains, keyed))
    return written.astype(TEXT).reindex(codes).set_axis(emails.index)


def _placeholder_domains() -> list[str]:
    return [word[1:] for word in word_list("placeholders") if word.startswith("@")]


def _companies(companies: pd.Series, keyed: Hash) -> pd.Series:
    """Hash companies to names that read as domains: that of a work address is the company's own."""
    return _of_distinct(
        canonical_companies(companies), lambda name: f"{keyed('company', name).translate(_LATIN)}.example"
    )


def _phones(leads: pd.DataFrame, keyed: Hash) -> pd.Series:
    """Hash numbers to nine digits of a country that does not exist."""
    numbers = canonical_phones(leads["phone"], leads.get("country"))
    codes, distinct = pd.factorize(np.where(numbers < 0, np.nan, numbers))
    made = pd.Series(distinct, dtype="int64").astype(TEXT)
    looks_made_up = np.ones(len(made), bool)
    while looks_made_up.any():  # some in a million hashes have only two different digits, say
        again = made[looks_made_up]
        made[looks_made_up] = [f"{_NOBODYS_COUNTRY}{int(keyed('phone', text), 16) % 10**9:09d}" for text in again]
        looks_made_up = canonical_phones(made) < 0
    return made.reindex(codes).set_axis(leads.index)


def _names(names: pd.Series, keyed: Hash) -> pd.Series:
    """Hash names word by word where they stand, so that swapped, double and one-field names still read as such."""
    folded = fold(to_arrow(names)).to_pandas()
    readable = {*word_list("name_titles"), *word_list("placeholders")}
    letters = _shuffled_letters(keyed)

    @functools.cache
    def pseudonym(word: str) -> str:
        return word if word in readable else _word(word, keyed, letters)

    hashed = _of_distinct(
        folded, lambda text: _WORD.sub(lambda word: pseudonym(word.group()), text.replace("'", "")) or None
    )
    return hashed.set_axis(names.index)


def _word(word: str, keyed: Hash, letters: dict[str, str]) -> str:
    hashed = keyed("name", word)
    if word >= _FIRST_IDEOGRAPH:
        return hashed.translate(_IDEOGRAPHS)
    if not word.isascii():
        return hashed.translate(_OTHER)
    # An initial stays one, and the initial of its name: that "J." may be "John" is evidence.
    initial = letters.get(word[0], word[0])
    return initial if len(word) == 1 else initial + hashed.translate(_LATIN)


def _shuffled_letters(keyed: Hash) -> dict[str, str]:
    """Return another letter for each letter, in an order that only the key tells."""
    letters = string.ascii_lowercase
    return dict(zip(letters, sorted(letters, key=lambda letter: keyed("initial", letter)), strict=True))
