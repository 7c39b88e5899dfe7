"""The same leads and rules give the same numbers in counts, in explanations and in the list to follow up."""

import numpy as np
import pandas as pd
import pytest
from funnel_cases import CON, GET, INS, TD, ZERO
from hypothesis import given, settings
from hypothesis import strategies as st

import leadanalytics as la
from leadanalytics.errors import OptionError
from leadanalytics.funnels import split_funnels

# Offers of each kind: the stages that they show, and the marketplace that their leads come from.
OFFERS = {
    "machine": ((TD, GET, INS), "Azure Marketplace"),
    "template": ((GET, INS), "Azure Marketplace"),
    "listing": ((TD, CON), "AppSource"),
    "service": ((CON,), "AppSource"),
    "app": ((TD, GET), "AppSource"),
    "both": ((TD, GET, CON), "AppSource"),
    "every": ((TD, GET, CON, INS), None),
    "tried": ((TD,), None),
}
CHOICES = {
    "window": [None, "2 days", "5 days", "30 days"],
    "gap": [None, "3 days"],
    "entry": ["best", "first"],
    "start": ["first", "any"],
    "prefer": ["earliest", "latest"],
    "ties": ["forward", "strict"],
    "order": ["ordered", "strict", "any"],
    "as_of": [None, "2024-06-08"],
    "dates": [(None, None), ("2024-06-02", "2024-06-09")],
    "excluding": [(), (CON,), ("do not contact",)],
    "policy": ["chain", "unit"],
    "funnel": [None, None, None, "acquisition"],
    "unit": [("customer_id", "offer_id"), ("customer_id", "offer_id"), ("customer_id",)],
}


def leads_from(rows):
    """Leads of rows of (customer, offer, place of the stage among those of the offer, half days, flag)."""
    kinds = [(customer, offer, *OFFERS[offer], place, days, flag) for customer, offer, place, days, flag in rows]
    return pd.DataFrame(
        [
            (f"r{row}", f"c{customer}", offer, market, stages[place % len(stages)], days / 2, flag == 0, flag == 1)
            for row, (customer, offer, stages, market, place, days, flag) in enumerate(kinds)
        ],
        columns=["record_id", "customer_id", "offer_id", "marketplace", "stage", "days", "do_not_contact", "is_test"],
    ).assign(
        created_at=lambda frame: ZERO + pd.to_timedelta(frame.pop("days"), "D"),
        offer_name=lambda frame: frame["offer_id"].str.title(),
        email=lambda frame: frame["customer_id"] + "@example.com",
    )


def generated(seed, *, leads=50, customers=5):
    rng = np.random.default_rng(seed)
    draws = rng.integers((0, 0, 0, 0, 0), (customers, len(OFFERS), 4, 24, 40), (leads, 5))
    return leads_from([(customer, list(OFFERS)[offer], *rest) for customer, offer, *rest in draws.tolist()])


def read(drawn):
    """Return rules of some choices; those that mean nothing beside the others are left out."""
    try:
        return la.FunnelRules(**drawn)
    except OptionError:
        kept = {"gap": None, "excluding": (), "policy": "chain", "start": "first", "ties": "forward"}
        return la.FunnelRules(**(drawn | kept))


def random_rules(seed):
    rng = np.random.default_rng(seed)
    return read({name: values[rng.integers(len(values))] for name, values in CHOICES.items()})


def explained(leads, customers, rules):
    return [la.explain_funnel(leads, customer, rules) for customer in customers]


@pytest.mark.parametrize("seed", range(20))
def test_the_counts_are_the_sums_of_what_is_explained_and_of_the_list_to_follow_up(seed):
    leads, rules = generated(seed), random_rules(seed)
    funnels = la.build_funnels(leads, rules)
    customers = sorted(leads["customer_id"].unique())
    told = explained(leads, customers, rules)

    rows = pd.concat([part.assign(funnel=name) for each in told for name, part in split_funnels(each.funnels)])
    for name, part in split_funnels(funnels):
        of_funnel = rows[rows["funnel"].eq(name)] if name is not None else rows
        summed = of_funnel.reset_index(drop=True)
        summed.attrs = part.attrs
        columns = [column for column in la.count_stages(part).columns if column != "funnel"]
        pd.testing.assert_frame_equal(la.count_stages(summed)[columns], la.count_stages(part)[columns])

    todo = la.follow_up_list(leads, rules, answer_within="1 s")
    assert len(todo) + sum(todo.attrs["left_out"].values()) == leads.loc[~leads["is_test"], "customer_id"].nunique()
    listed = todo.set_index("customer_id")["status"]
    reached = set(funnels.loc[funnels["status"] == "reached", "customer_id"])
    for status, name in {"open": "open", "bypass": "bypass", "dropped": "lost"}.items():
        assert set(listed.index[listed == name]) <= set(funnels.loc[funnels["status"] == status, "customer_id"])
    rows_of = funnels.groupby("customer_id", observed=True)["status"]
    never = set(leads.loc[leads["do_not_contact"], "customer_id"])
    can_go_on = {customer for customer, status in rows_of if not {*status}.isdisjoint(["open", "bypass", "dropped"])}
    assert {customer for customer in can_go_on if customer not in reached | never} <= set(listed.index)


@pytest.mark.parametrize("seed", range(3))
def test_the_titles_of_all_offers_are_told_and_no_id(seed):
    leads = generated(seed)
    for told in explained(
        leads, sorted(leads["customer_id"].unique())[:5], random_rules(seed).changed(unit=["offer_id", "customer_id"])
    ):
        assert not any(f"offer {offer}" in str(told) for offer in OFFERS)
    todo = la.follow_up_list(leads, random_rules(seed))
    assert not todo["why"].str.contains("|".join(rf"of {offer}\b" for offer in OFFERS)).any()


lead = st.tuples(
    st.integers(0, 1), st.sampled_from(sorted(OFFERS)), st.integers(0, 3), st.integers(0, 24), st.integers(0, 12)
)


@settings(max_examples=200)
@given(
    rows=st.lists(lead, min_size=1, max_size=8),
    drawn=st.fixed_dictionaries({k: st.sampled_from(v) for k, v in CHOICES.items()}),
)
def test_each_verdict_and_each_step_is_the_one_that_was_counted(rows, drawn):
    leads, rules = leads_from(rows), read(drawn)
    customer = leads["customer_id"].iloc[0]
    funnels = la.build_funnels(leads, rules)
    told = la.explain_funnel(leads, customer, rules)
    counted = funnels[funnels["customer_id"] == customer]
    told_rows = pd.concat([part for _, part in split_funnels(told.funnels)])
    columns = [*rules.unit, "depth", "status", "entered_step", "entered_at"]
    pd.testing.assert_frame_equal(
        told_rows[columns].astype("str").sort_values(columns, ignore_index=True),
        counted[columns].astype("str").sort_values(columns, ignore_index=True),
    )
    verdicts = [verdict for verdict in told.verdicts.values() if not verdict.startswith(("no lead", "entered outside"))]
    words = {"bypass": "skipped", "excluded": "excluded"}
    assert sorted(verdict.split()[0] for verdict in verdicts) == sorted(
        words.get(status, status) for status in counted["status"]
    )
    served = told.frame.dropna(subset="step").groupby("unit")["step"].agg(["count", "max"])
    taken = told_rows.loc[told_rows["depth"] > 0]
    if rules.order != "any" and rules.start == "first":
        assert sorted(served["max"]) == sorted(taken.loc[taken["status"] != "excluded", "depth"])
