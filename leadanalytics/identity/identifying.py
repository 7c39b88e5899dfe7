"""Who each lead is: the customer's id and what says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd
from numba import njit

from leadanalytics.errors import FrameError
from leadanalytics.identity.accounts import account_ids, account_keys
from leadanalytics.identity.clusters import join
from leadanalytics.identity.decisions import FIELDS, agreeing
from leadanalytics.identity.flat import first_rows, flatten, to_arrow
from leadanalytics.identity.grouping import group_leads
from leadanalytics.identity.keys import RULES, match_keys
from leadanalytics.identity.matching import Matches, match_leads
from leadanalytics.identity.ordering import moments, sorted_rows
from leadanalytics.identity.rules import ATTR, MatchRules
from leadanalytics.identity.succession import carry_on
from leadanalytics.progress import Progress, tell_nobody
from leadanalytics.schema import CUSTOMER_FIELDS, TEXT, check

_NEEDED = ("record_id", "created_at", *CUSTOMER_FIELDS)

TEST_LEAD = "test lead"
NO_PERSON = "no person"
ALONE = "alone"
NO_KEY = "nothing to match on"
SAME_RECORD = "same record"
TOLD = "as told"


class Identified(NamedTuple):
    """What a method makes of the leads of people.

    Attributes
    ----------
    clusters : array of int
        The number of each lead's customer.
    rules : array of int
        What links each lead to another record, as the place of a label.
    labels : list of str
        The labels.
    bits : array of float
        The evidence of that link; NaN where there is none.
    """

    clusters: np.ndarray
    rules: np.ndarray
    labels: list[str]
    bits: np.ndarray

    def part(self, rows: slice) -> Identified:
        """Return what is made of some of the leads."""
        return self._replace(clusters=self.clusters[rows], rules=self.rules[rows], bits=self.bits[rows])


class Identities(NamedTuple):
    """Who the people of some leads are.

    Attributes
    ----------
    found : Identified
        What the method makes of each lead.
    customer_ids, account_ids : Series of str
        One per lead; account ids may be missing.
    """

    found: Identified
    customer_ids: pd.Series
    account_ids: pd.Series


class Known(Protocol):
    """What knows earlier customers, such as a `CustomerIndex`."""

    @property
    def rules(self) -> MatchRules:
        """What made these customers."""

    def identify(self, people: pd.DataFrame, rules: MatchRules) -> Identities:
        """Return who the people of leads are, and store nothing."""


def identify_customers(
    leads: pd.DataFrame,
    rules: Mapping[str, Any] | None = None,
    *,
    known: pd.DataFrame | Known | None = None,
    progress: Progress | None = None,
    **changes: Any,
) -> pd.DataFrame:
    """Return the leads with the customer each belongs to.

    From record_id, the seven customer fields, created_at, is_test and record_kind (all but the first may be absent)
    to customer_id, account_id, match_rule and match_bits; rows, order and all other columns stay as they are.

    Parameters
    ----------
    leads : DataFrame
        As made by `decode_leads`, or any frame with record_id and some of the customer fields.
    rules : MatchRules or mapping, optional
        What makes leads one customer's; by default `MatchRules()`, or those of the index in `known`.
    known : DataFrame or CustomerIndex, optional
        Earlier leads, with record_id and customer_id, or an index of them, which stays as it is: customers among them
        keep their ids. `CustomerIndex.update` stores the leads as well.
    progress : callable, optional
        Called as `progress(step, rows)` when a step begins; see `show_progress`.
    **changes
        Choices of `MatchRules` and their values: method, threshold, review, same, different.

    Returns
    -------
    DataFrame
        The leads and four columns: *customer_id*, missing for test leads and referrals without people, made from the
        record id of the customer's oldest lead, so neither row order nor later leads change it; *account_id*, the
        same for all leads of one company, see `account_ids`, missing where the company is not known; *match_rule*
        (categorical), what links the lead most strongly to another record of the customer, joined by "; ", else "as
        told" (by `same`), "same record" (only delivered again), "alone" (no match found), "nothing to match on", "test
        lead" or "no person"; *match_bits*, the evidence of that link [bits], missing where there is none. The rules
        are in `attrs["match_rules"]`, where explanations read them.

    Raises
    ------
    FrameError
        When there is no column record_id, a record id is missing, or `same` and `different` name records that are not
        there or contradict each other.
    OptionError
        When there is no such choice, or it has no such value.

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "record_id": ["r1", "r2", "r3"],
    ...     "first_name": ["Ana", "ANA", "Li"],
    ...     "last_name": ["Ruiz", "Ruiz", "Chen"],
    ...     "email": ["ana@example.com", "Ana+azure@example.com", None],
    ... })
    >>> leads = identify_customers(leads)
    >>> leads["match_rule"].tolist()
    ['e-mail; name; company', 'e-mail; name; company', 'alone']
    >>> print(leads.attrs["match_rules"])
    One customer is who has leads that at least 0 bits of evidence link.
    """
    tell = progress or tell_nobody
    if known is None or isinstance(known, pd.DataFrame):
        rules = MatchRules.read(rules, **changes)
        return label_leads(leads, _identify(people_of(leads), known, rules, tell), rules)
    rules = MatchRules.read(known.rules if rules is None else rules, **changes)
    tell("Comparing with the index", len(leads))
    return label_leads(leads, known.identify(people_of(leads), rules), rules)


def people_of(leads: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that identify, of those leads that are somebody's: neither tests nor referrals."""
    check(leads, "leads", columns=["record_id"])
    missing = int(leads["record_id"].isna().sum())
    if missing:
        raise FrameError(
            "every lead needs a record_id",
            found=f"{missing} without",
            next_step="leads['record_id'] = leads.index.astype(str)",
        )
    people = leads[[name for name in _NEEDED if name in leads.columns]]
    is_person = ~(_tests(leads) | _referrals(leads))
    return people if is_person.all() else people[is_person]


def label_leads(leads: pd.DataFrame, identities: Identities, rules: MatchRules) -> pd.DataFrame:
    """Return leads with the identities of their people, and the rules that made them in the attrs."""
    found, is_test = identities.found, _tests(leads)
    is_person = ~(is_test | _referrals(leads))
    places = np.full(len(leads), -1)
    places[is_person] = np.arange(is_person.sum())
    labels = [*found.labels, TEST_LEAD, NO_PERSON]
    nobody = np.where(is_test, len(labels) - 2, len(labels) - 1)
    customers, accounts = (
        pd.Series(ids.array.take(places, allow_fill=True), index=leads.index)
        for ids in (identities.customer_ids, identities.account_ids)
    )
    identified = leads.assign(
        customer_id=customers,
        account_id=accounts,
        match_rule=pd.Categorical.from_codes(np.where(is_person, np.append(found.rules, 0)[places], nobody), labels),
        match_bits=np.append(found.bits, np.nan)[places],
    )
    identified.attrs[ATTR] = rules
    return identified


def oldest_first(leads: pd.DataFrame) -> np.ndarray:
    """Return the rows of leads in order of time, and of record id where the time is the same or there is none."""
    times = moments(leads["created_at"]) if "created_at" in leads.columns else np.zeros(len(leads), "int64")
    return sorted_rows([times], leads["record_id"])


def _identify(people: pd.DataFrame, known: pd.DataFrame | None, rules: MatchRules, tell: Progress) -> Identities:
    everyone, before, accounts = people, *_nobody(people)
    if known is not None:
        everyone = pd.concat([_earlier(known), people], ignore_index=True)
        before, accounts = known_ids(everyone), everyone["account_id"]
    tell("Comparing people", len(everyone))
    if rules.method == "evidence":
        matches = match_leads(everyone, threshold=rules.threshold, review=rules.review)
        tell("Joining the leads of each", len(everyone))
        found = by_evidence(matches, everyone, rules)
    else:
        found = _by_keys(everyone)
    tell("Naming customers and companies", len(everyone))
    order = oldest_first(everyone)
    new = slice(len(everyone) - len(people), None)
    return Identities(
        found.part(new),
        carry_on(found.clusters, order, everyone["record_id"], before=before)[new],
        account_ids(account_keys(everyone), everyone["record_id"], order, before=accounts)[new],
    )


def known_ids(leads: pd.DataFrame) -> pd.Series:
    """Return the customer id so far of each lead, which a known record keeps when it is delivered again."""
    known = leads.dropna(subset="customer_id").drop_duplicates("record_id").set_index("record_id")["customer_id"]
    return leads["customer_id"].fillna(leads["record_id"].map(known).astype(TEXT))


def _earlier(known: pd.DataFrame) -> pd.DataFrame:
    """Return the earlier leads that are somebody's, with their ids."""
    check(known, "leads with customer_id", columns=["record_id", "customer_id"])
    earlier = known[known["customer_id"].notna()]
    earlier = earlier[[name for name in (*_NEEDED, "customer_id", "account_id") if name in known.columns]]
    return earlier if "account_id" in known.columns else earlier.assign(account_id=_nobody(earlier)[0])


def _nobody(leads: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the customer and account ids of leads that nobody knows."""
    missing = pd.Series(np.nan, index=leads.index, dtype=TEXT)
    return missing, missing


def _tests(leads: pd.DataFrame) -> np.ndarray:
    return leads["is_test"].to_numpy("bool") if "is_test" in leads.columns else np.zeros(len(leads), bool)


def _referrals(leads: pd.DataFrame) -> np.ndarray:
    if "record_kind" not in leads.columns:
        return np.zeros(len(leads), bool)
    return (leads["record_kind"] == "referral").to_numpy("bool")


def by_evidence(matches: Matches, leads: pd.DataFrame, rules: MatchRules) -> Identified:
    """Return what the evidence makes of leads, given their matches."""
    clusters = group_leads(matches, leads["record_id"], same=rules.same, different=rules.different)
    record = first_rows(flatten(to_arrow(leads["record_id"])))
    fields = agreeing(matches.evidence)
    strongest = _strongest_links(matches, fields, clusters, record)
    linked = strongest >= 0
    labels = [*_combinations(FIELDS), SAME_RECORD, TOLD, ALONE, NO_KEY]
    named = [name for pair in rules.same for name in pair]
    told = leads["record_id"].isin(named).to_numpy("bool") if named else np.zeros(len(leads), bool)
    repeated = np.bincount(record, minlength=len(record))[record] > 1
    unlinked = np.select(
        [told, repeated, _is_somebody(matches)],
        [labels.index(TOLD), labels.index(SAME_RECORD), labels.index(ALONE)],
        labels.index(NO_KEY),
    )
    return Identified(
        clusters,
        np.where(linked, np.append(fields, 0)[strongest] - 1, unlinked),
        labels,
        np.where(linked, np.append(matches.evidence.total, np.nan)[strongest], np.nan),
    )


def _strongest_links(matches: Matches, fields: np.ndarray, clusters: np.ndarray, record: np.ndarray) -> np.ndarray:
    """Return for each lead the place of its link with the most bits to another record of its customer, -1 for none.

    Leads are looked at, not profiles: a user may part leads that say the same, and a record may say two things.
    """
    links, of = matches.links, matches.profiles.of
    # Of equal bits those of more fields, so that the order of the leads does not matter.
    links = links[np.lexsort([fields[links], matches.evidence.total[links]])[::-1]]
    begins = np.append(0, np.cumsum(np.bincount(of, minlength=len(matches.profiles))))
    ends = matches.evidence.one[links], matches.evidence.other[links]
    return np.append(links, -1)[_first_links(*ends, of, begins, clusters.astype("int64"), record)]


@njit(cache=True)
def _first_links(one, other, of, begins, clusters, record):  # type: ignore[no-untyped-def]
    """Return for each lead the place of the first link to a lead of another record in its cluster, -1 for none."""
    leads, filled = np.empty(len(of), np.int64), begins.copy()
    for lead in range(len(of)):  # by profile
        leads[filled[of[lead]]] = lead
        filled[of[lead]] += 1
    result = np.full(len(of), -1)
    for link in range(len(one)):
        for here, there in ((one[link], other[link]), (other[link], one[link])):
            for lead in leads[begins[here] : begins[here + 1]]:
                if result[lead] >= 0:
                    continue
                for mate in leads[begins[there] : begins[there + 1]]:
                    if clusters[mate] == clusters[lead] and record[mate] != record[lead]:
                        result[lead] = link
                        break
    return result


def _is_somebody(matches: Matches) -> np.ndarray:
    """Return which leads hold anything that could match: an address, a phone number or a name."""
    profiles = matches.profiles
    values = (profiles.phone, profiles.first, profiles.last, profiles.full)
    known = np.logical_or.reduce([profiles.is_personal, *(each.codes >= 0 for each in values)])
    return known[profiles.of]


def _by_keys(leads: pd.DataFrame) -> Identified:
    record = first_rows(flatten(to_arrow(leads["record_id"])))
    keys = match_keys(leads)
    labels = [*_combinations(RULES), SAME_RECORD, ALONE, NO_KEY]
    linking = [_links(key, record) << place for place, key in enumerate(keys.values())]
    usable = np.any([key >= 0 for key in keys.values()], axis=0)
    repeated = np.bincount(record, minlength=len(record))[record] > 1
    unlinked = np.select([repeated, usable], [labels.index(SAME_RECORD), labels.index(ALONE)], labels.index(NO_KEY))
    links = np.bitwise_or.reduce(linking)
    rules = np.where(links > 0, links - 1, unlinked)
    return Identified(join([record, *keys.values()]), rules, labels, np.full(len(leads), np.nan))


def _combinations(names: tuple[str, ...]) -> list[str]:
    """Return every combination of names, as the bits of its place plus one say."""
    return [
        "; ".join(name for place, name in enumerate(names) if bits >> place & 1) for bits in range(1, 1 << len(names))
    ]


def _links(key: np.ndarray, record: np.ndarray) -> np.ndarray:
    """Return 1 for each lead whose key another record holds too, else 0."""
    differs = (key >= 0) & (record != record[key])
    linking = np.zeros(len(key), "int64")
    linking[key[differs]] = 1
    return np.where(key >= 0, linking[key], 0)
