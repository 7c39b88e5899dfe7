"""Who each lead is: the customer's id and what says so."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from leadanalytics.errors import FrameError, OptionError, check_option
from leadanalytics.identity.accounts import account_ids, account_keys
from leadanalytics.identity.clusters import join
from leadanalytics.identity.decisions import FIELDS, agreeing
from leadanalytics.identity.flat import first_rows, flatten, to_arrow
from leadanalytics.identity.grouping import Pairs, group_leads
from leadanalytics.identity.keys import RULES, match_keys
from leadanalytics.identity.matching import Matches, match_leads
from leadanalytics.identity.ordering import moments, sorted_rows
from leadanalytics.identity.succession import carry_on
from leadanalytics.progress import Progress, tell_nobody
from leadanalytics.schema import CUSTOMER_FIELDS, TEXT, check

_NEEDED = ("record_id", "created_at", *CUSTOMER_FIELDS)
METHODS = ("evidence", "keys")

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

    def identify(
        self, people: pd.DataFrame, *, threshold: float, review: float, same: Pairs, different: Pairs
    ) -> Identities:
        """Return who the people of leads are, and store nothing."""


def identify_customers(
    leads: pd.DataFrame,
    *,
    method: str = "evidence",
    threshold: float = 0.0,
    review: float = -2.0,
    known: pd.DataFrame | Known | None = None,
    same: Pairs = (),
    different: Pairs = (),
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the leads with the customer each belongs to.

    From record_id, the seven customer fields, created_at, is_test and record_kind (all but the first may be absent)
    to customer_id, account_id, match_rule and match_bits; rows, order and all other columns stay as they are.

    Parameters
    ----------
    leads : DataFrame
        As made by `decode_leads`, or any frame with record_id and some of the customer fields.
    method : {"evidence", "keys"}
        Weigh what speaks for and against two leads being one person's, in bits; or join those with the same e-mail
        address, phone and name, or name and company, or joined by leads between them.
    threshold : float
        The bits from which two leads are one person's; each bit more halves the wrong merges and misses some right
        ones. Method "evidence" only.
    review : float
        The bits from which two leads are worth a look, see `review_matches`. Method "evidence" only.
    known : DataFrame or CustomerIndex, optional
        Earlier leads, with record_id and customer_id, or an index of them, which stays as it is: customers among them
        keep their ids. `CustomerIndex.update` stores the leads as well.
    same : iterable of pairs of str
        Record ids that are one person's, whatever the evidence says.
    different : iterable of pairs of str
        Record ids that are two people's, whatever the evidence says.
    progress : callable, optional
        Called as `progress(step, rows)` when a step begins; see `show_progress`.

    Returns
    -------
    DataFrame
        The leads and four columns: *customer_id*, missing for test leads and referrals without people, made from the
        record id of the customer's oldest lead, so neither row order nor later leads change it; *account_id*, the
        same for all leads of one company, see `account_ids`, missing where the company is not known; *match_rule*
        (categorical), what links the lead most strongly to another record of the customer, joined by "; ", else "same
        record" (only delivered again), "as told", "alone" (no match found), "nothing to match on", "test lead" or "no
        person"; *match_bits*, the evidence of that link [bits], missing where there is none.

    Raises
    ------
    FrameError
        When there is no column record_id, a record id is missing, or `same` and `different` name records that are not
        there or contradict each other.
    OptionError
        When `method` is not one of its options.

    Examples
    --------
    >>> leads = pd.DataFrame({
    ...     "record_id": ["r1", "r2", "r3"],
    ...     "first_name": ["Ana", "ANA", "Li"],
    ...     "last_name": ["Ruiz", "Ruiz", "Chen"],
    ...     "email": ["ana@example.com", "Ana+azure@example.com", None],
    ... })
    >>> identify_customers(leads)["match_rule"].tolist()
    ['e-mail; name; company', 'e-mail; name; company', 'alone']
    """
    check_option("method", method, METHODS)
    tell = progress or tell_nobody
    if known is None or isinstance(known, pd.DataFrame):
        identities = _identify(people_of(leads), known, method, threshold, review, same, different, tell)
    elif method == "evidence":
        tell("Comparing with the index", len(leads))
        identities = known.identify(
            people_of(leads), threshold=threshold, review=review, same=same, different=different
        )
    else:
        raise OptionError("an index holds the evidence", found=f"method={method!r}", next_step="method='evidence'")
    return label_leads(leads, identities)


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


def label_leads(leads: pd.DataFrame, identities: Identities) -> pd.DataFrame:
    """Return leads with the identities of their people."""
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
    return leads.assign(
        customer_id=customers,
        account_id=accounts,
        match_rule=pd.Categorical.from_codes(np.where(is_person, np.append(found.rules, 0)[places], nobody), labels),
        match_bits=np.append(found.bits, np.nan)[places],
    )


def oldest_first(leads: pd.DataFrame) -> np.ndarray:
    """Return the rows of leads in order of time, and of record id where the time is the same or there is none."""
    times = moments(leads["created_at"]) if "created_at" in leads.columns else np.zeros(len(leads), "int64")
    return sorted_rows([times], leads["record_id"])


def _identify(
    people: pd.DataFrame,
    known: pd.DataFrame | None,
    method: str,
    threshold: float,
    review: float,
    same: Pairs,
    different: Pairs,
    tell: Progress,
) -> Identities:
    everyone, before, accounts = people, *_nobody(people)
    if known is not None:
        everyone = pd.concat([_earlier(known), people], ignore_index=True)
        before, accounts = known_ids(everyone), everyone["account_id"]
    tell("Comparing people", len(everyone))
    if method == "evidence":
        matches = match_leads(everyone, threshold=threshold, review=review)
        tell("Joining the leads of each", len(everyone))
        found = by_evidence(matches, everyone, same=same, different=different)
    else:
        found = _by_keys(everyone, same, different)
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


def by_evidence(matches: Matches, leads: pd.DataFrame, *, same: Pairs, different: Pairs) -> Identified:
    """Return what the evidence makes of leads, given their matches."""
    clusters = group_leads(matches, leads["record_id"], same=same, different=different)
    strongest = _strongest_links(matches, clusters)[matches.profiles.of]
    linked = strongest >= 0
    fields = np.append(agreeing(matches.evidence), 0)[strongest]
    labels = [*_combinations(FIELDS), SAME_RECORD, TOLD, ALONE, NO_KEY]
    record = first_rows(flatten(to_arrow(leads["record_id"])))
    together = np.bincount(clusters, minlength=1)[clusters] > 1 if len(clusters) else linked
    repeated = np.bincount(record, minlength=len(record))[record] > 1
    unlinked = np.select(
        [repeated, together, _is_somebody(matches)],
        [labels.index(SAME_RECORD), labels.index(TOLD), labels.index(ALONE)],
        labels.index(NO_KEY),
    )
    return Identified(
        clusters,
        np.where(linked, fields - 1, unlinked),
        labels,
        np.where(linked, np.append(matches.evidence.total, np.nan)[strongest], np.nan),
    )


def _strongest_links(matches: Matches, clusters: np.ndarray) -> np.ndarray:
    """Return for each profile the place of its link with the most bits that was not cut, -1 for none."""
    some_lead = np.zeros(len(matches.profiles), "int64")
    some_lead[matches.profiles.of] = np.arange(len(clusters))
    customer = clusters[some_lead]
    links = matches.links
    links = links[customer[matches.evidence.one[links]] == customer[matches.evidence.other[links]]]
    # Of equal bits those of more fields, so that the order of the leads does not matter.
    links = links[np.lexsort([agreeing(matches.evidence)[links], matches.evidence.total[links]])]
    strongest = np.full(len(matches.profiles), -1)
    for side in (matches.evidence.one, matches.evidence.other):
        ranked = np.full(len(matches.profiles), -1)
        ranked[side[links]] = np.arange(len(links))  # the one written last, the strongest, stays
        strongest = np.maximum(strongest, ranked)
    return np.append(links, -1)[strongest]


def _is_somebody(matches: Matches) -> np.ndarray:
    """Return which leads hold anything that could match: an address, a phone number or a name."""
    profiles = matches.profiles
    values = (profiles.phone, profiles.first, profiles.last, profiles.full)
    known = np.logical_or.reduce([profiles.is_personal, *(each.codes >= 0 for each in values)])
    return known[profiles.of]


def _by_keys(leads: pd.DataFrame, same: Pairs, different: Pairs) -> Identified:
    if list(same) or list(different):
        raise FrameError("same and different need the evidence", next_step="method='evidence'")
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
