"""Which leads come from one company: its mail domain says so, else its name and country."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics.identity.companies import canonical_companies
from leadanalytics.identity.countries import country_codes
from leadanalytics.identity.emails import canonical_emails
from leadanalytics.identity.flat import digests_of
from leadanalytics.identity.profiles import Values, are_free, text_column, to_values
from leadanalytics.identity.succession import carry_on
from leadanalytics.identity.words import word_list
from leadanalytics.schema import TEXT

_PREFIX = "A-"
NO_KEY = np.uint64(0)


def account_keys(leads: pd.DataFrame, *, free_domains: np.ndarray | None = None) -> pd.DataFrame:
    """Return what tells the company of each lead, as digests, 0 where it does not.

    Parameters
    ----------
    leads : DataFrame
        With any of email, company and country.
    free_domains : array of uint64, optional
        Digests of the domains at which anybody may have a mailbox, see `read_profiles`.

    Returns
    -------
    DataFrame
        *domain*, the work domain: no free mail, no placeholder; *account*, the company's name without legal form
        together with its country.
    """
    domain, company = _domains(leads), to_values(canonical_companies(text_column(leads, "company")))
    country = to_values(country_codes(text_column(leads, "country")))
    nobodys = {word[1:] for word in word_list("placeholders") if word.startswith("@")}
    is_work = ~are_free(domain, company, free_domains) & ~np.isin(domain.texts, list(nobodys))
    both = (company.codes >= 0) & (country.codes >= 0)
    named = pd.factorize(company.codes[both] * (len(country.texts) + 1) + country.codes[both])
    texts = [
        f"{company.texts[pair // (len(country.texts) + 1)]} {country.texts[pair % (len(country.texts) + 1)]}"
        for pair in named[1].tolist()
    ]
    companies = np.zeros(len(leads), "uint64")
    companies[both] = digests_of(np.array(texts, object))[named[0]]
    domains = np.append(np.where(is_work, digests_of(domain.texts), NO_KEY), NO_KEY)[domain.codes]
    return pd.DataFrame({"domain": domains, "account": companies}, index=leads.index)


def account_ids(keys: pd.DataFrame, record_ids: pd.Series, order: np.ndarray, *, before: pd.Series) -> pd.Series:
    """Return the account id of each lead: one for all leads of a company, missing where that is not known.

    A work domain is a company. A lead without one belongs to the domain that most leads of its company and country
    have, else to these two. Who changes the company belongs with each lead to the company of that lead.

    Parameters
    ----------
    keys : DataFrame
        As made by `account_keys`.
    record_ids : Series of str
        Of the leads.
    order : array of int
        The rows, the oldest lead first; an id is made from the record id of the account's oldest lead.
    before : Series of str
        Account ids so far, which go on; missing for new leads.

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "email": ["ana@contoso.example", "li@contoso.example", "ana@gmail.com"],
    ...     "company": ["Contoso Ltd", None, "Contoso"],
    ...     "country": ["ES", None, "Spain"],
    ... })
    >>> nobody = pd.Series([None] * 3, dtype="str")
    >>> account_ids(account_keys(leads), pd.Series(["a", "b", "c"]), np.arange(3), before=nobody).nunique()
    1
    """
    accounts = _group(keys["domain"].to_numpy(), keys["account"].to_numpy())
    rows = np.flatnonzero(accounts != NO_KEY)
    among = np.full(len(accounts), -1)
    among[rows] = np.arange(len(rows))
    ids = carry_on(
        pd.factorize(accounts[rows])[0],
        among[order][among[order] >= 0],
        record_ids.iloc[rows],
        before=before.iloc[rows],
        prefix=_PREFIX,
    )
    return pd.Series(ids.array.take(among, allow_fill=True), index=record_ids.index, dtype=TEXT)


def _group(domain: np.ndarray, company: np.ndarray) -> np.ndarray:
    """Return the domain of each lead, else the commonest one of its company, else the company."""
    pairs = pd.DataFrame({"company": company, "domain": domain})
    pairs = pairs[(company != NO_KEY) & (domain != NO_KEY)].value_counts(sort=False).reset_index()
    commonest = pairs.sort_values(["company", "count", "domain"]).drop_duplicates("company", keep="last")
    places = np.searchsorted(commonest["company"], company)
    is_named = np.append(commonest["company"], NO_KEY)[places] == company
    named = np.where(is_named, np.append(commonest["domain"], NO_KEY)[places], company)
    return np.where(domain != NO_KEY, domain, named)


def _domains(leads: pd.DataFrame) -> Values:
    emails = to_values(canonical_emails(text_column(leads, "email")))
    domains, texts = pd.factorize(np.array([text.rpartition("@")[2] for text in emails.texts], object))
    return Values(np.append(domains, -1)[emails.codes], np.asarray(texts, dtype=object))
