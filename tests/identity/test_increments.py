from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadanalytics.identity.frozen_rarity import recall_population
from leadanalytics.identity.grouping import group_leads
from leadanalytics.identity.increments import Choices, take_in
from leadanalytics.identity.known_records import nothing_known
from leadanalytics.identity.matching import match_profiles
from leadanalytics.identity.profiles import read_profiles
from leadanalytics.identity.rules import MatchRules

PEOPLE = st.fixed_dictionaries(
    {
        "first_name": st.sampled_from(["Ana", "Li", "Bo", None]),
        "last_name": st.sampled_from(["Ruiz", "Chen", None]),
        "email": st.sampled_from(
            ["ana@example.org", "Ana+x@example.org", "li@example.net", "li@contoso.example", None]
        ),
        "phone": st.sampled_from(["020 7946 0018", "+34 612 345 671", None]),
        "company": st.sampled_from(["Alpine", "Grid", None]),
    }
)
BATCHES = st.lists(st.lists(PEOPLE, min_size=1, max_size=5), min_size=2, max_size=4)
# Many of one name, who are one person's where the title is the same: too many to compare each with each.
NAMESAKES = st.tuples(st.integers(0, 5), st.integers(10, 99)).map(
    lambda drawn: {
        "first_name": "Ana",
        "last_name": "Ruiz",
        "country": "ES",
        "title": f"Title {drawn[0]}",
        "company": f"Firm {drawn[1]}",
    }
)
CROWDS = st.lists(st.lists(NAMESAKES, min_size=8, max_size=16), min_size=2, max_size=3)


def frames(batches):
    """Return batches of people as leads, each newer than those before."""
    people = pd.DataFrame([person for batch in batches for person in batch]).astype("str")
    people["record_id"] = [f"r{number:02d}" for number in range(len(people))]
    people["created_at"] = pd.Timestamp("2024-03-01", tz="UTC") + pd.to_timedelta(range(len(people)), "D")
    numbers = [number for number, batch in enumerate(batches) for _ in batch]
    return [batch for _, batch in people.groupby(numbers)]


def customers_of(known):
    """Return the present customer of each record."""
    return known.records.select(["record_id", "customer_id"]).to_pandas().set_index("record_id")["customer_id"]


def taken_in(batches):
    known = nothing_known()
    for batch in batches:
        known = take_in(known, batch, Choices()).known
    return known


def one_run(leads, rarity):
    """Return the groups of all leads at once, their values as rare as frozen."""
    profiles = read_profiles(leads, free_domains=rarity.free_domains)
    population = recall_population(rarity, profiles)
    matches = match_profiles(profiles, population, leads["record_id"], threshold=0.0, review=-2.0)
    return pd.Series(group_leads(matches, leads["record_id"]), index=leads["record_id"].array)


@settings(max_examples=25, deadline=None)
@given(BATCHES)
def test_increments_make_the_customers_of_one_run(batches):
    batches = frames(batches)
    known = taken_in(batches)
    groups = one_run(pd.concat(batches), known.rarity)
    customers = customers_of(known)[groups.index]
    assert len(set(zip(customers, groups, strict=True))) == customers.nunique() == groups.nunique()


@settings(max_examples=15, deadline=None)
@given(CROWDS)
def test_in_crowded_blocks_increments_part_nobody_whom_one_run_joins(crowds):
    batches = frames([[{"first_name": "Li", "last_name": "Chen", "country": "ES"}], *crowds])
    known = taken_in(batches)
    groups = one_run(pd.concat(batches), known.rarity)
    customers = customers_of(known)[groups.index]
    assert len(set(zip(customers, groups, strict=True))) == groups.nunique()


@settings(max_examples=25, deadline=None)
@given(BATCHES, st.data())
def test_events_tell_all_that_changed(batches, data):
    known, before = nothing_known(), pd.Series(dtype="str")
    for batch in frames(batches):
        apart = [tuple(data.draw(st.permutations(list(before.index)))[:2])] if len(before) > 1 else []
        increment = take_in(known, batch, Choices(MatchRules(different=apart)))
        known, events, after = increment.known, increment.events, customers_of(increment.known)
        arrivals = events[events["event"].isin(["created", "joined"])]
        assert sorted(arrivals["record_id"]) == sorted(batch["record_id"])
        counts = events["event"].value_counts()
        parts = events.loc[events["event"] == "split", "other_id"]
        parted = parts[~parts.isin(before)].nunique()
        assert after.nunique() == before.nunique() + counts["created"] + parted - counts["merged"]
        untouched = before[~before.isin([*events["customer_id"], *events["other_id"]])]
        assert (after[untouched.index] == untouched).all()
        customers = known.customers.to_pandas()
        assert set(customers.loc[customers["superseded_by"].isna(), "customer_id"]) == set(after)
        before = after


@pytest.mark.parametrize("refresh_at", [0, 100])
def test_untouched_customers_keep_their_ids_whether_refreshed_or_not(refresh_at):
    ana, li = {"first_name": "Ana", "email": "ana@example.org"}, {"first_name": "Li", "email": "li@example.net"}
    first, second = frames([[ana, li], [li]])
    known = taken_in([first])
    increment = take_in(known, second, Choices(refresh_at=refresh_at))
    assert increment.refreshed == (refresh_at == 0)
    assert increment.events["event"].tolist() == ["joined"]
    assert customers_of(increment.known)[["r00", "r01"]].tolist() == customers_of(known).tolist()


def test_a_group_that_was_too_large_for_one_person_stays_apart():
    desk = [{"first_name": f"Name{number}", "last_name": "Ruiz", "email": "desk@example.org"} for number in range(14)]
    batches = frames([desk[:6], desk[6:13], desk[13:]])
    known = taken_in(batches)
    groups = one_run(pd.concat(batches), known.rarity)
    customers = customers_of(known)[groups.index]
    assert len(set(zip(customers, groups, strict=True))) == customers.nunique() == groups.nunique()


def test_who_was_kept_apart_by_a_list_is_looked_at_again_when_the_list_is_another():
    ana = {"first_name": "Ana", "last_name": "Ruiz", "phone": "+34 612 345 671"}
    first, second = frames([[ana, ana | {"title": "CTO"}], [{"first_name": "Bo", "email": "bo@example.com"}]])
    rules = MatchRules(different=[("r00", "r01")])
    known = take_in(nothing_known(), first, Choices(rules)).known
    assert known.records["parted"].to_pylist() == [True, True]
    assert take_in(known, second, Choices(rules)).events["event"].tolist() == ["created"]
    assert take_in(known, second, Choices()).events["event"].tolist() == ["created", "merged"]


def test_another_threshold_looks_at_every_customer_again():
    ana = {"first_name": "Ana", "last_name": "Ruiz", "phone": "+34 612 345 671"}
    first, second = frames([[ana, ana], [{"first_name": "Bo", "email": "bo@example.com"}]])
    known = taken_in([first])
    increment = take_in(known, second, Choices(MatchRules(threshold=50)))
    assert increment.refreshed
    assert increment.events["event"].tolist() == ["created", "split"]
    assert not take_in(known, second, Choices(MatchRules(review=-9))).refreshed
