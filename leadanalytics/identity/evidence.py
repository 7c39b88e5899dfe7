"""What speaks for and against two profiles being one person, in bits, field by field.

Bits are added, as in the model of Fellegi and Sunter (https://doi.org/10.1080/01621459.1969.10501049): a bit doubles
the odds. Unlike there, evidence that is correlated counts once: the company and the domain of a work address are one
thing, and so are an address that agrees and the company that it names.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from leadanalytics.identity.name_parts import FIRST_IDEOGRAPH
from leadanalytics.identity.profiles import Profiles, Values
from leadanalytics.identity.rarity import STRANGERS, bearers, bits_of_rarity, count_people
from leadanalytics.identity.similarity import begin_alike, distinct_pairs, initials, lengths, share_a_word, slips_apart
from leadanalytics.identity.weights import load_weights

# How a field of one profile stands to that of the other.
UNKNOWN, DIFFERENT, SIMILAR, INITIAL, SAME = np.arange(5, dtype="int8")

_SHORTEST_SIMILAR = {1: 3, 2: 6}  # slips, and the letters that a name must have for them
_SHORTEST_BEGINNING = 3  # "Ben" for Benjamin
_SHORTEST_COMPANY = 8
_PEOPLE_PER_LEAD = 0.7


@dataclass(frozen=True)
class Evidence:
    """The evidence of pairs of profiles.

    Attributes
    ----------
    one, other : array of int
        The profiles of each pair.
    bits : dict of str to array of float
        The bits of each field: prior, email, phone, name, company, title, country, caution.
    email, phone, first, last, full, generation, company, title : array of int
        How the fields stand to each other: UNKNOWN, DIFFERENT, SIMILAR, INITIAL or SAME.
    """

    one: np.ndarray
    other: np.ndarray
    bits: Mapping[str, np.ndarray]
    email: np.ndarray
    phone: np.ndarray
    first: np.ndarray
    last: np.ndarray
    full: np.ndarray
    generation: np.ndarray
    company: np.ndarray
    title: np.ndarray

    @functools.cached_property
    def total(self) -> np.ndarray:
        """The sum of all bits."""
        return functools.reduce(np.add, self.bits.values())


@dataclass(frozen=True)
class Population:
    """The profiles as a population: how rare their values are. Two runs over one population weigh alike.

    Attributes
    ----------
    size : float
        log2 of the number of leads, and some strangers.
    names_on_email, names_on_phone : array of int
        How many different names each address and each number goes with.
    first, last, full, company, title : array of float
        The bits of rarity of each value.
    """

    size: float
    names_on_email: np.ndarray
    names_on_phone: np.ndarray
    first: np.ndarray
    last: np.ndarray
    full: np.ndarray
    company: np.ndarray
    title: np.ndarray


def measure_population(profiles: Profiles) -> Population:
    """Return how rare the values of profiles are."""
    people = count_people(profiles)
    name = np.where(profiles.full.codes >= 0, profiles.full.codes, -1)
    # The company of a work address counts as the company of whoever has it.
    company = np.where(profiles.company.codes >= 0, profiles.company.codes, profiles.work_domain)
    return Population(
        size=float(np.log2(len(profiles.of) + STRANGERS)),
        names_on_email=_padded(bearers(profiles.email.codes, name), profiles.email),
        names_on_phone=_padded(bearers(profiles.phone.codes, name), profiles.phone),
        first=_padded(bits_of_rarity(profiles.first.codes, people), profiles.first),
        last=_padded(bits_of_rarity(profiles.last.codes, people), profiles.last),
        full=_padded(bits_of_rarity(profiles.full.codes, people), profiles.full),
        company=_padded(bits_of_rarity(company, people, values=len(profiles.company.texts)), profiles.company),
        title=_padded(bits_of_rarity(profiles.title.codes, people), profiles.title),
    )


def weigh(profiles: Profiles, population: Population, one: np.ndarray, other: np.ndarray) -> Evidence:
    """Return the evidence of pairs of profiles."""
    weights = load_weights()
    names = _weigh_names(profiles, population, one, other, weights)
    conflicts = (names.full != SAME) & ((names.first == DIFFERENT) | (names.last == DIFFERENT))
    email_bits, email = _weigh_emails(profiles, population, one, other, conflicts, weights)
    phone_bits, phone = _weigh_phones(profiles, population, one, other, weights)
    company_bits, company = _weigh_companies(profiles, population, one, other, email, weights)
    title = _same(profiles.title, one, other)
    prior = weights["prior"] - population.size - np.log2(_PEOPLE_PER_LEAD)
    bits = {
        "prior": np.full(len(one), prior),
        "email": email_bits,
        "phone": phone_bits,
        "name": names.bits,
        "company": company_bits,
        "title": _weigh_titles(profiles, population, one, title, weights),
        "country": _weigh_countries(profiles.country, one, other, weights),
    }
    in_common = (email >= SIMILAR) | (phone == SAME) | (company >= SIMILAR)
    bits["caution"] = np.where(in_common, 0.0, weights["no_contact_in_common"])
    generation = _same(profiles.generation, one, other)
    return Evidence(one, other, bits, email, phone, names.first, names.last, names.full, generation, company, title)


@dataclass(frozen=True)
class _Names:
    bits: np.ndarray
    first: np.ndarray
    last: np.ndarray
    full: np.ndarray


def _weigh_names(
    profiles: Profiles, population: Population, one: np.ndarray, other: np.ndarray, weights: Mapping[str, float]
) -> _Names:
    """Weigh whole names where they are the same, in any order of their words; else first and last name each."""
    full = _same(profiles.full, one, other)
    first = _stand(profiles.first, one, other, profiles.nickname)
    last = _stand(profiles.last, one, other)
    rarest = weights["name_same_most"] + population.size
    whole = np.minimum(population.full[profiles.full.codes[one]], rarest)
    first_rarity = np.minimum(_least(population.first, profiles.first, one, other), weights["first_same_most"])
    last_rarity = np.minimum(_least(population.last, profiles.last, one, other), rarest)
    parts = _weigh_part("first", first, first_rarity, weights) + _weigh_part("last", last, last_rarity, weights)
    return _Names(np.where(full == SAME, whole, parts), first, last, full)


def _weigh_part(field: str, standing: np.ndarray, rarity: np.ndarray, weights: Mapping[str, float]) -> np.ndarray:
    """Weigh the first or the last name."""
    return np.select(
        [standing == SAME, standing == SIMILAR, standing == INITIAL, standing == DIFFERENT],
        [rarity, rarity + weights[f"{field}_similar"], weights[f"{field}_initial"], weights[f"{field}_differs"]],
        0.0,
    )


def _least(rarity: np.ndarray, values: Values, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the rarity of the commoner value of each pair."""
    return np.minimum(rarity[values.codes[one]], rarity[values.codes[other]])


def _weigh_emails(
    profiles: Profiles,
    population: Population,
    one: np.ndarray,
    other: np.ndarray,
    conflicts: np.ndarray,
    weights: Mapping[str, float],
) -> tuple[np.ndarray, np.ndarray]:
    """Weigh addresses that are one person's; a slip counts only where the names do not contradict it."""
    email = profiles.email.codes
    personal = profiles.is_personal[one] & profiles.is_personal[other]
    standing = np.where(personal, np.where(email[one] == email[other], SAME, DIFFERENT), UNKNOWN)
    names = np.log2(np.maximum(population.names_on_email[email[one]], 1))
    told = population.size + weights["email_same"] + weights["email_per_doubling_of_names"] * names
    free = profiles.is_free[one].astype("int8") + profiles.is_free[other]
    colleagues = (profiles.domain.codes[one] == profiles.domain.codes[other]) & (free == 0)
    bits = np.select(
        [standing == SAME, standing == UNKNOWN, colleagues, free == 2, free == 0],
        [told, 0.0, weights["email_colleague"], weights["email_differs_free"], weights["email_differs_work"]],
        weights["email_differs_mixed"],
    )
    may_slip = np.flatnonzero((standing == DIFFERENT) & ~conflicts)
    for kind, rows in _email_slips(profiles, one, other, may_slip).items():
        bits[rows], standing[rows] = population.size + weights[kind], SIMILAR
    return bits, standing


def _email_slips(profiles: Profiles, one: np.ndarray, other: np.ndarray, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return in which of some rows addresses are a slip apart, in the mailbox or in the domain.

    Mailboxes with digits are told apart by them.
    """
    mailbox, domain = profiles.mailbox, profiles.domain
    has_digits = np.array([any(map(str.isdigit, text)) for text in mailbox.texts] + [False], bool)
    digits = has_digits[mailbox.codes[one[rows]]] | has_digits[mailbox.codes[other[rows]]]
    same_mailbox, same_domain = (each.codes[one[rows]] == each.codes[other[rows]] for each in (mailbox, domain))
    return {
        "email_mailbox_typo": _within(1, mailbox, one, other, rows[same_domain & ~digits]),
        "email_domain_typo": _within(2, domain, one, other, rows[same_mailbox]),
    }


def _within(slips: int, values: Values, one: np.ndarray, other: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return those of some rows in which values are at most so many slips apart."""
    return rows[slips_apart(values.texts, values.codes[one[rows]], values.codes[other[rows]]) <= slips]


def _weigh_phones(
    profiles: Profiles, population: Population, one: np.ndarray, other: np.ndarray, weights: Mapping[str, float]
) -> tuple[np.ndarray, np.ndarray]:
    standing = _same(profiles.phone, one, other)
    codes = profiles.phone.codes
    standing[_within(1, profiles.phone, one, other, np.flatnonzero(standing == DIFFERENT))] = SIMILAR
    names = np.log2(np.maximum(population.names_on_phone[codes[one]], 1))
    told = population.size + weights["phone_same"] + weights["phone_per_doubling_of_names"] * names
    bits = np.select(
        [standing == SAME, standing == SIMILAR, standing == DIFFERENT],
        [np.maximum(told, weights["phone_same_least"]), weights["phone_one_digit"], weights["phone_differs"]],
        0.0,
    )
    return bits, standing


def _weigh_companies(
    profiles: Profiles,
    population: Population,
    one: np.ndarray,
    other: np.ndarray,
    email: np.ndarray,
    weights: Mapping[str, float],
) -> tuple[np.ndarray, np.ndarray]:
    """Weigh the company as written or as a work address names it, whichever agrees: they are one thing."""
    standing, rarity = _stand_companies(profiles, population, one, other)
    told = weights["company_share"] * rarity + np.where(standing == SIMILAR, weights["company_similar"], 0.0)
    told = np.minimum(told, weights["company_same_most"])
    told = np.where(email >= SIMILAR, np.minimum(told, weights["company_same_beside_email"]), told)
    differs = np.where(standing == DIFFERENT, weights["company_differs"], 0.0)
    return np.where(standing >= SIMILAR, told, differs), standing


def _stand_companies(
    profiles: Profiles, population: Population, one: np.ndarray, other: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return how companies stand to each other, and the bits of rarity of what they have in common."""
    written, named = profiles.company.codes, profiles.work_domain
    standing = np.where((written[one] >= 0) & (written[other] >= 0), DIFFERENT, UNKNOWN)
    rarity = np.zeros(len(one))
    for left, right in ((written, written), (named, named), (written, named), (named, written)):
        rows = np.flatnonzero((left[one] >= 0) & (left[one] == right[other]))
        standing[rows] = SAME
        rarity[rows] = np.maximum(rarity[rows], population.company[left[one[rows]]])
    differ = standing != SAME
    for left, right in ((written, written), (written, named), (named, written)):
        rows = np.flatnonzero(differ & (left[one] >= 0) & (right[other] >= 0))
        rows = rows[_are_similar_companies(profiles.company.texts, left[one[rows]], right[other[rows]])]
        standing[rows] = SIMILAR
        least = np.minimum(population.company[left[one[rows]]], population.company[right[other[rows]]])
        rarity[rows] = np.maximum(rarity[rows], least)
    return standing, rarity


def _are_similar_companies(texts: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return whether companies are a slip apart, or one is the beginning of the other, as domains often are.

    Only those that begin with the same letter are compared: the first letter is hardly ever a slip, and most pairs
    are of quite different companies.
    """
    letters, begins = lengths(texts), initials(texts)
    comparable = (np.minimum(letters[one], letters[other]) >= _SHORTEST_COMPANY) & (begins[one] == begins[other])
    rows = np.flatnonzero(comparable)
    left, right, place = distinct_pairs(one[rows], other[rows])
    similar = (slips_apart(texts, left, right) <= 2) | begin_alike(texts, left, right)
    comparable[rows] = similar[place]
    return comparable


def _weigh_titles(
    profiles: Profiles, population: Population, one: np.ndarray, standing: np.ndarray, weights: Mapping[str, float]
) -> np.ndarray:
    told = np.minimum(weights["title_share"] * population.title[profiles.title.codes[one]], weights["title_same_most"])
    return np.select([standing == SAME, standing == DIFFERENT], [told, weights["title_differs"]], 0.0)


def _weigh_countries(country: Values, one: np.ndarray, other: np.ndarray, weights: Mapping[str, float]) -> np.ndarray:
    standing = _same(country, one, other)
    return np.select(
        [standing == SAME, standing == DIFFERENT], [weights["country_same"], weights["country_differs"]], 0.0
    )


def _same(values: Values, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return whether both values are there, and the same."""
    left, right = values.codes[one], values.codes[other]
    return np.where((left >= 0) & (right >= 0), np.where(left == right, SAME, DIFFERENT), UNKNOWN)


def _stand(values: Values, one: np.ndarray, other: np.ndarray, classes: np.ndarray | None = None) -> np.ndarray:
    """Return how names stand to each other: slips, a part of a double name and nicknames make them similar."""
    standing = _same(values, one, other)
    is_letter = np.array([len(text) == 1 and text < FIRST_IDEOGRAPH for text in values.texts] + [False], bool)
    standing[(standing == SAME) & is_letter[values.codes[one]]] = INITIAL
    rows = np.flatnonzero(standing == DIFFERENT)
    left, right, place = distinct_pairs(values.codes[one[rows]], values.codes[other[rows]])
    letters = lengths(values.texts)
    shortest = np.minimum(letters[left], letters[right])
    slips, alike = slips_apart(values.texts, left, right), begin_alike(values.texts, left, right)
    similar = np.logical_or.reduce([(slips <= most) & (shortest >= least) for most, least in _SHORTEST_SIMILAR.items()])
    similar |= share_a_word(values.texts, left, right)
    if classes is not None:
        similar |= (classes[left] >= 0) & (classes[left] == classes[right])
        similar |= (shortest >= _SHORTEST_BEGINNING) & alike
    standing[rows] = np.select([(shortest == 1) & alike, similar], [INITIAL, SIMILAR], DIFFERENT)[place]
    return standing


def _padded(values: np.ndarray, of: Values) -> np.ndarray:
    """Return one number per distinct text, and a last one, which the code -1 reads."""
    return np.append(values, np.zeros(len(of.texts) + 1 - len(values), values.dtype))
