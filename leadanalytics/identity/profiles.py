"""Leads as the values by which people are compared: one profile for all leads that say the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from leadanalytics.identity.companies import canonical_companies
from leadanalytics.identity.countries import country_codes
from leadanalytics.identity.emails import canonical_emails, flat_emails, personal
from leadanalytics.identity.flat import digests, digests_of, first_rows_of_pairs, flatten, to_arrow
from leadanalytics.identity.folding import fold
from leadanalytics.identity.name_parts import nickname_classes, part_names
from leadanalytics.identity.phones import canonical_phones
from leadanalytics.identity.words import word_list
from leadanalytics.schema import TEXT

# A domain's own label stands before its suffix, which may have two parts.
_DOMAIN = r"^(?:https?://)?(?:[a-z0-9-]+\.)*?([a-z0-9-]{2,})(?:\.(?:com?|org|net|gov|edu|ac))?\.[a-z]{2,}/?$"

# Beyond so many companies, a domain's mailboxes are anybody's, whatever the list says.
MOST_COMPANIES = 25


@dataclass(frozen=True)
class Values:
    """One value of each profile: the place of its text among the distinct texts, -1 where there is none."""

    codes: np.ndarray
    texts: np.ndarray

    def take(self, rows: np.ndarray) -> Values:
        """Return the values of some profiles."""
        return Values(self.codes[rows], self.texts)


@dataclass(frozen=True)
class Profiles:
    """The distinct combinations of comparable values.

    Attributes
    ----------
    of : array of int
        The profile of each lead.
    email : Values
        Canonical address.
    mailbox : Values
        What stands before the @.
    domain : Values
        What stands after it.
    phone : Values
        The last nine digits.
    first, last, full : Values
        The parts of the name, and all its words.
    generation : Values
        What parts father from son.
    company : Values
        The company without its legal form.
    work_domain : array of int
        The domain read as a company, as a code of `company`; -1 for free mail.
    country : Values
        ISO 3166-1 code.
    title : Values
        The job title, folded.
    nickname : array of int
        The class of each distinct first name.
    is_personal : array of bool
        Whether the address is one person's.
    is_free : array of bool
        Whether anybody may have a mailbox at its domain.
    """

    of: np.ndarray
    email: Values
    mailbox: Values
    domain: Values
    phone: Values
    first: Values
    last: Values
    full: Values
    generation: Values
    company: Values
    work_domain: np.ndarray
    country: Values
    title: Values
    nickname: np.ndarray
    is_personal: np.ndarray
    is_free: np.ndarray

    def __len__(self) -> int:
        return len(self.email.codes)


def read_profiles(leads: pd.DataFrame, *, free_domains: np.ndarray | None = None) -> Profiles:
    """Return the profiles of leads.

    Parameters
    ----------
    leads : DataFrame
        With record_id; any of the customer fields may be absent.
    free_domains : array of uint64, optional
        Digests of the domains at which anybody may have a mailbox, beside those listed; by default those of many
        companies among these leads.
    """
    names = part_names(text_column(leads, "first_name"), text_column(leads, "last_name"))
    emails = canonical_emails(text_column(leads, "email"))
    email, phone = to_values(emails), _phones(text_column(leads, "phone"), text_column(leads, "country"))
    company, country = (
        to_values(_companies(text_column(leads, "company"))),
        to_values(country_codes(text_column(leads, "country"))),
    )
    first, last, full, generation = map(to_values, names)
    title = _titles(text_column(leads, "title"))
    order = _order(names.full, leads["record_id"])
    of, rows = _distinct([email, phone, first, last, full, generation, company, country, title], order)
    email, company = email.take(rows), company.take(rows)
    mailbox, domain = _split(email)
    is_free = are_free(domain, company, free_domains)
    company, work_domain = _with_domains(company, domain, is_free)
    return Profiles(
        of=of,
        email=email,
        mailbox=mailbox,
        domain=domain,
        phone=phone.take(rows),
        first=first.take(rows),
        last=last.take(rows),
        full=full.take(rows),
        generation=generation.take(rows),
        company=company,
        work_domain=work_domain,
        country=country.take(rows),
        title=title.take(rows),
        nickname=nickname_classes(pd.Index(first.texts)),
        is_personal=_where(personal(flat_emails(pd.Series(email.texts, dtype="str"))), email.codes),
        is_free=_where(is_free, domain.codes),
    )


def text_column(leads: pd.DataFrame, name: str) -> pd.Series:
    """Return a text column of the leads, all missing where they lack it."""
    return leads[name] if name in leads.columns else pd.Series(np.nan, index=leads.index, dtype="str")


def to_values(texts: pd.Series) -> Values:
    """Return texts as codes and the distinct texts."""
    codes, distinct = pd.factorize(texts)
    return Values(codes.astype("int64"), np.asarray(distinct, dtype=object))


def _companies(companies: pd.Series) -> pd.Series:
    """Return canonical companies, of a domain its own label: "Contoso.com", contoso.co.uk and Contoso Ltd are one."""
    folded = fold(to_arrow(companies))
    labels = pc.replace_substring(pc.replace_substring_regex(folded, _DOMAIN, r"\1"), "-", " ")
    named = canonical_companies(pd.Series(TEXT.__from_arrow__(labels), index=companies.index))
    return named.fillna(canonical_companies(companies))  # the label of example.com is a placeholder, the whole is not


def _titles(titles: pd.Series) -> Values:
    folded = pc.utf8_trim_whitespace(pc.replace_substring_regex(fold(to_arrow(titles)), r"[\s.,/&-]+", " "))
    return to_values(pd.Series(TEXT.__from_arrow__(folded)).replace("", np.nan))


def _phones(phones: pd.Series, countries: pd.Series) -> Values:
    numbers = canonical_phones(phones, countries)
    codes, distinct = pd.factorize(np.where(numbers < 0, np.nan, numbers))
    return Values(codes.astype("int64"), np.array([f"{int(number):09d}" for number in distinct], dtype=object))


def _order(names: pd.Series, record_ids: pd.Series) -> np.ndarray:
    """Return an order of the leads that does not depend on how they came, and in which equal names stand together.

    Profiles are numbered in it, so that in a block too large to be compared whole each is compared with its namesakes.
    """
    return np.lexsort([digests(*flatten(to_arrow(texts))) for texts in (record_ids, names)])


def _distinct(values: list[Values], order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of each lead's combination of values, and the first lead of each combination in an order."""
    combined = values[0].codes + 1
    for value in values[1:]:
        combined = first_rows_of_pairs(combined, value.codes + 1)
    numbers = np.empty(len(order), "int64")
    numbers[order] = pd.factorize(combined[order])[0]
    is_first = np.diff(np.maximum.accumulate(numbers[order]), prepend=-1) > 0
    return numbers, order[is_first]


def _split(email: Values) -> tuple[Values, Values]:
    """Return mailbox and domain of addresses."""
    parts = [text.rpartition("@") for text in email.texts]
    return tuple(  # type: ignore[return-value]
        Values(_where(codes, email.codes, -1), np.asarray(distinct, dtype=object))
        for codes, distinct in (pd.factorize(np.array([part[side] for part in parts], object)) for side in (0, 2))
    )


def are_free(domain: Values, company: Values, known: np.ndarray | None = None) -> np.ndarray:
    """Return which domains are free mail: by the list, and as known, else because leads of many companies use them."""
    listed = set(word_list("free_mail"))
    is_listed = np.array([text in listed for text in domain.texts], bool)
    if known is not None:
        return is_listed | np.isin(digests_of(domain.texts), known)
    pairs = first_rows_of_pairs(domain.codes, company.codes)
    distinct = np.flatnonzero(pairs == np.arange(len(pairs)))
    companies = np.bincount(domain.codes[distinct], minlength=len(domain.texts))
    return is_listed | (companies > MOST_COMPANIES)


def _with_domains(company: Values, domain: Values, is_free: np.ndarray) -> tuple[Values, np.ndarray]:
    """Return companies with the names that domains make among their texts, and each profile's domain as such a code.

    Somebody of contoso.com who writes "Contoso.com" for the company names the same company twice.
    """
    named = _companies(pd.Series(domain.texts, dtype="str")).mask(is_free)
    codes, texts = pd.factorize(pd.concat([pd.Series(company.texts, dtype="str"), named]))
    of_domain = codes[len(company.texts) :]
    return Values(company.codes, np.asarray(texts, dtype=object)), _where(of_domain, domain.codes, -1)


def _where(values: np.ndarray, codes: np.ndarray, missing: object = False) -> np.ndarray:
    """Return the value of each code, and another one where the code is -1."""
    return np.append(values, np.array([missing], dtype=values.dtype))[codes]
