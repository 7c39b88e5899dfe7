from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadanalytics.errors import FrameError
from leadanalytics.identity import identify_customers

PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "first_name": st.sampled_from(["Ana", "Li", None]),
            "last_name": st.sampled_from(["Ruiz", "Chen", None]),
            "email": st.sampled_from(
                ["ana@example.com", "Ana+x@example.com", "li@example.org", "info@example.org", None]
            ),
            "phone": st.sampled_from(["020 7946 0018", "+44 20 7946 0018", "0000000", None]),
            "company": st.sampled_from(["Alpine", "Alpine Ltd", None]),
        }
    ),
    min_size=1,
    max_size=12,
)

# Names that resemble one another, so that no address comes to be shared by different people.
FAMILY = PEOPLE.map(lambda rows: [row | {"last_name": "Ruiz"} for row in rows])


def frame(rows, **more):
    leads = pd.DataFrame(rows).astype("str")
    leads.insert(0, "record_id", [f"r{number:02d}" for number in range(len(leads))])
    leads["created_at"] = pd.Timestamp("2024-03-01", tz="UTC") + pd.to_timedelta(
        [n // 2 for n in range(len(leads))], "D"
    )
    return leads.assign(**more)


@pytest.fixture
def leads():
    return frame(
        [
            {"first_name": "Ana", "last_name": "Ruiz", "email": "ana@example.com", "phone": None, "company": "Alpine"},
            {"first_name": "ANA", "last_name": "Ruiz", "email": "Ana+x@example.com", "phone": None, "company": None},
            {
                "first_name": "Ruiz",
                "last_name": "Ana",
                "email": "info@example.com",
                "phone": None,
                "company": "Alpine Ltd",
            },
            {"first_name": "Li", "last_name": "Chen", "email": "info@example.com", "phone": None, "company": "Grid"},
            {"first_name": None, "last_name": None, "email": None, "phone": "020 7946 0018", "company": None},
            {"first_name": None, "last_name": None, "email": None, "phone": "020 7946 0018", "company": None},
            {"first_name": "MSFT", "last_name": None, "email": "ana@example.com", "phone": None, "company": None},
        ],
        is_test=[False] * 6 + [True],
    )


def test_keys_join_leads_by_rules_and_through_one_another(leads):
    ids = identify_customers(leads, method="keys")["customer_id"]
    assert ids[0] == ids[1] == ids[2]
    assert ids.iloc[2:6].nunique() == 4


def test_the_rule_says_which_keys_link_each_lead(leads):
    identified = identify_customers(leads, method="keys")
    assert identified["match_rule"].tolist() == [
        "e-mail; name and company",
        "e-mail",
        "name and company",
        "alone",
        "nothing to match on",
        "nothing to match on",
        "test lead",
    ]
    assert identified["match_bits"].isna().all()


def test_evidence_says_what_links_each_lead_and_how_strongly(leads):
    identified = identify_customers(leads)
    assert identified["match_rule"].tolist() == [
        "e-mail; name; company",
        "e-mail; name; company",  # the address says the company
        "name; company",
        "alone",
        "alone",
        "alone",
        "test lead",
    ]
    assert (identified["match_bits"] > 0).tolist() == [True] * 3 + [False] * 4
    ids = identified["customer_id"]
    assert ids[0] == ids[1] == ids[2]
    assert ids.iloc[2:6].nunique() == 4


def test_the_users_lists_win(leads):
    joined = identify_customers(leads, same=[("r00", "r03")], different=[("r00", "r01")])
    ids = joined["customer_id"]
    assert ids[0] == ids[3]
    assert ids[0] != ids[1]
    assert joined.loc[3, "match_rule"] == "as told"


@pytest.mark.parametrize(
    "lists", [{"same": [("r00", "rx")]}, {"same": [("r00", "r01")], "different": [("r01", "r00")]}]
)
def test_lists_that_cannot_be_followed_are_refused(leads, lists):
    with pytest.raises(FrameError, match="same and different"):
        identify_customers(leads, **lists)


@pytest.mark.parametrize(("one", "other", "people"), [("Smith Sr.", "Smith Jr.", 2), ("Smith Sr.", "Smith", 1)])
def test_father_and_son_are_two_people_when_both_are_written(one, other, people):
    shared = {"first_name": "John", "email": "smith@example.com", "phone": "020 7946 0018", "company": "Alpine"}
    leads = frame([shared | {"last_name": one}, shared | {"last_name": other}])
    assert identify_customers(leads)["customer_id"].nunique() == people


def test_of_two_leads_that_say_the_same_and_are_two_peoples_neither_has_a_link(leads):
    twins = leads.iloc[[0, 0, 0]].assign(record_id=["r1", "r2", "r3"])
    apart = identify_customers(twins.head(2), different=[("r1", "r2")])
    assert apart["customer_id"].nunique() == 2
    assert apart["match_rule"].tolist() == ["alone", "alone"]
    assert apart["match_bits"].isna().all()
    parted = identify_customers(twins, different=[("r1", "r3")])
    linked = parted["customer_id"].duplicated(keep=False)
    assert (parted["match_rule"] == "alone").tolist() == (~linked).tolist()
    assert linked.sum() == 2


def test_a_record_that_says_two_things_is_no_match_of_itself(leads):
    twice = leads.iloc[[0, 1, 3]].assign(record_id=["r1", "r1", "r2"])
    identified = identify_customers(twice)
    assert identified["match_rule"].tolist() == ["same record", "same record", "alone"]
    told = identify_customers(twice, same=[("r2", "r1")])
    assert told["match_rule"].tolist() == ["as told"] * 3


def test_test_leads_have_no_customer_and_join_nobody(leads):
    identified = identify_customers(leads)
    assert identified["customer_id"].isna().tolist() == [False] * 6 + [True]


def test_referrals_are_nobody_and_join_nobody(leads):
    identified = identify_customers(leads[:2].assign(record_kind=["lead", "referral"]))
    assert identified["customer_id"].isna().tolist() == [False, True]
    assert identified["match_rule"].tolist() == ["alone", "no person"]


def test_all_else_stays_as_it_was(leads):
    leads = leads.assign(mine=range(7)).set_axis(list("gfedcba"))
    before = leads.copy()
    identified = identify_customers(leads)
    pd.testing.assert_frame_equal(leads, before)
    pd.testing.assert_frame_equal(identified[before.columns], before)


def test_records_delivered_again_are_the_same_customer():
    leads = pd.DataFrame({"record_id": ["r1", "r2", "r1"], "email": ["ana@example.com", None, None]})
    identified = identify_customers(leads)
    assert identified["customer_id"].duplicated().tolist() == [False, False, True]
    assert identified["match_rule"].tolist() == ["same record", "nothing to match on", "same record"]


@pytest.mark.parametrize("method", ["evidence", "keys"])
def test_ids_of_earlier_leads_go_on(leads, method):
    known = leads.head(2).assign(customer_id=["C-1", "C-2"], account_id=["A-1", None])
    later = leads.iloc[2:]
    identified = identify_customers(later, method=method, known=known)
    assert identified.index.equals(later.index)
    assert identified["customer_id"].tolist()[:1] == ["C-1"]
    assert not identified["customer_id"].iloc[1:].isin(["C-1", "C-2"]).any()


def test_an_earlier_record_keeps_its_customer_when_it_is_delivered_again():
    known = pd.DataFrame({"record_id": ["r1", "r2"], "customer_id": ["C-1", None]})
    again = pd.DataFrame({"record_id": ["r1", "r3"]})
    assert identify_customers(again, known=known)["customer_id"].eq("C-1").tolist() == [True, False]
    with pytest.raises(FrameError, match="customer_id"):
        identify_customers(again, known=again)


def test_a_frame_needs_nothing_but_record_ids():
    identified = identify_customers(pd.DataFrame({"record_id": ["r1", "r2"]}))
    assert not identified["customer_id"].duplicated().any()


def test_an_empty_frame_stays_empty():
    identified = identify_customers(pd.DataFrame({"record_id": pd.Series(dtype="str")}))
    assert list(identified.columns) == ["record_id", "customer_id", "account_id", "match_rule", "match_bits"]
    assert identified.empty


def test_missing_record_ids_are_refused():
    with pytest.raises(FrameError, match="record_id"):
        identify_customers(pd.DataFrame({"record_id": ["r1", None]}))
    with pytest.raises(FrameError, match="record_id"):
        identify_customers(pd.DataFrame({"email": ["ana@example.com"]}))


@settings(max_examples=40, deadline=None)
@given(PEOPLE, st.randoms())
def test_the_order_of_rows_does_not_matter(rows, random):
    leads = frame(rows)
    order = random.sample(range(len(leads)), len(leads))
    shuffled = identify_customers(leads.iloc[order])
    pd.testing.assert_frame_equal(shuffled.sort_index(), identify_customers(leads))


@settings(max_examples=40, deadline=None)
@given(FAMILY, st.data())
def test_later_leads_leave_the_oldest_id_of_each_customer(rows, data):
    leads = frame(rows)
    known = data.draw(st.integers(1, len(leads)))
    before = identify_customers(leads.head(known), method="keys")["customer_id"]
    after = identify_customers(leads, method="keys")["customer_id"]
    assert set(after.head(known)) <= set(before)  # customers may grow together, none gets a new id
    untouched = ~before.isin(before[before != after.head(known)])
    assert (after.head(known)[untouched] == before[untouched]).all()


@settings(max_examples=40, deadline=None)
@given(PEOPLE)
def test_identifying_again_changes_nothing(rows):
    identified = identify_customers(frame(rows))
    pd.testing.assert_frame_equal(identify_customers(identified), identified)


@settings(max_examples=100, deadline=None)
@given(PEOPLE, st.data())
def test_who_has_a_link_has_another_record_of_the_same_customer(rows, data):
    leads = frame(rows)
    numbers = st.integers(0, len(leads) - 1)
    again = data.draw(st.lists(numbers, min_size=len(leads), max_size=len(leads)))
    leads["record_id"] = [f"r{min(number, own):02d}" for own, number in enumerate(again)]
    pairs = data.draw(st.lists(st.tuples(numbers, numbers), max_size=3))
    different = [(one, other) for one, other in leads["record_id"].to_numpy()[pairs] if one != other] if pairs else []
    threshold = data.draw(st.sampled_from([-2.0, 0.0, 8.0]))
    identified = identify_customers(leads, threshold=threshold, different=different)
    several = identified.groupby("customer_id")["record_id"].transform("nunique") > 1
    assert not (identified["match_bits"].notna() & ~several).any()
    without_link = ["same record", "alone", "nothing to match on"]
    assert (identified["match_rule"].isin(without_link) == identified["match_bits"].isna()).all()
    by_keys = identify_customers(leads, method="keys")
    several = by_keys.groupby("customer_id")["record_id"].transform("nunique") > 1
    assert (several | by_keys["match_rule"].isin(without_link)).all()


@settings(max_examples=40, deadline=None)
@given(FAMILY)
def test_one_more_lead_never_parts_a_customer(rows):
    leads = frame(rows)
    fewer = identify_customers(leads.head(len(leads) - 1), method="keys")["customer_id"]
    more = identify_customers(leads, method="keys")["customer_id"].head(len(leads) - 1)
    assert len(set(zip(fewer, more, strict=True))) == fewer.nunique()


def test_progress_is_told_every_step_with_the_leads_of_people():
    told = []
    leads = pd.DataFrame({"record_id": ["r1", "r2"], "email": ["ana@example.com", "li@example.com"]})
    identify_customers(leads, progress=lambda step, rows: told.append((step, rows)))
    assert told == [("Comparing people", 2), ("Joining the leads of each", 2), ("Naming customers and companies", 2)]
