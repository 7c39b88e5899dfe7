"""The list to follow up: everybody is on it or counted as left out, and the most urgent come first."""

import pandas as pd
import pytest
from funnel_cases import CON, GET, INS, TD

import leadanalytics as la
from leadanalytics import schema

AS_OF = "2024-07-01 00:00Z"
OPEN_A = "took Test drive of The a and can still go on to Get it now"


def leads_of(*rows):
    """Leads given as (customer, stage, days before as_of, offer)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "stage", "days", "offer_id"])
    return frame.drop(columns="days").assign(
        record_id=[f"r{row}" for row in range(len(rows))],
        created_at=pd.Timestamp(AS_OF) - pd.to_timedelta(frame["days"], "D"),
        offer_name="The " + frame["offer_id"],
        email=frame["customer_id"] + "@example.com",
    )


def todo(*rows, **options):
    return la.follow_up_list(leads_of(*rows), **{"as_of": AS_OF, "funnel": "acquisition"} | options)


def test_open_lost_and_bypass_are_on_it_with_their_reason():
    said = todo(
        ("open", TD, 3, "crane"), ("lost", GET, 40, "crane"), ("lost", TD, 41, "crane"), ("by", GET, 5, "crane")
    )
    assert said[["customer_id", "status", "why", "offer", "step"]].to_numpy().tolist() == [
        ["open", "open", "took Test drive of The crane and can still go on to Get it now", "The crane", TD],
        ["by", "bypass", "came in at Get it now of The crane, without Test drive", "The crane", GET],
        ["lost", "lost", "took Get it now of The crane and not Install within 30 days", "The crane", GET],
    ]
    assert said["days_since"].tolist() == [3, 5, 40]
    assert said["follow_up"].tolist()[0] == "Offer a guided trial and the next step"


def test_who_can_still_be_answered_in_time_comes_first_the_least_time_left_first():
    said = todo(("open", TD, 2, "a"), ("lately", GET, 0.25, "a"), ("early", GET, 0.75, "a"), ("now", TD, 0, "a"))
    assert said["customer_id"].tolist() == ["early", "lately", "now", "open"]
    assert said["hours_left"].tolist() == [6, 18, 24, 0]
    assert todo(("a", TD, 2, "x"), answer_within="3 days")["hours_left"].tolist() == [24]


def test_whoever_asks_to_be_contacted_comes_first_whatever_the_funnel_says():
    hours = 1 / 24
    said = todo(
        ("open", TD, 3, "a"), ("asks", CON, hours / 2, "a"),
        ("done", INS, 1 * hours, "a"), ("done", GET, 2, "a"), ("done", TD, 3, "a"),
        ("both", TD, 3, "a"), ("both", CON, 2 * hours, "b"),
    )  # fmt: skip
    said["hours_left"] = said["hours_left"].round(6)
    assert said[["customer_id", "status", "why", "offer", "step", "hours_left"]].fillna("").to_numpy().tolist() == [
        ["both", "new", f"asked to be contacted 2 hours ago; {OPEN_A}", "The a", TD, 22],
        ["done", "new", "left a lead 1 hour ago: Install of The a", "The a", "", 23],
        ["asks", "new", "asked to be contacted 0.5 hours ago", "The a", "", 23.5],
        ["open", "open", OPEN_A, "The a", TD, 0],
    ]
    assert said.attrs["left_out"] == {}


def test_whoever_asks_and_must_not_be_contacted_stays_out():
    leads = leads_of(("u", CON, 0, "a"), ("u", None, 5, "a")).assign(do_not_contact=[False, True])
    assert la.follow_up_list(leads, as_of=AS_OF).attrs["left_out"] == {"do not contact": 1}
    tests = leads_of(("u", CON, 0, "a")).assign(is_test=True)
    assert la.follow_up_list(tests, as_of=AS_OF).empty


def test_after_the_time_to_answer_a_request_is_news_no_more():
    assert todo(("u", CON, 1, "a")).attrs["left_out"] == {"in no step": 1}
    assert todo(("u", CON, 1, "a"), answer_within="25 hours")["status"].tolist() == ["new"]


def test_the_message_follows_from_what_is_told():
    """Install of another offer is the furthest stage of all, and reached: the open test drive is what is told."""
    said = todo(
        ("u", TD, 3, "open"),
        ("u", INS, 40, "done"),
        ("u", GET, 41, "done"),
        ("u", TD, 42, "done"),
        ("v", CON, 0.1, "a"),
    ).set_index("customer_id")
    assert said.loc["u", "furthest_stage"] == INS
    assert said["follow_up"].to_dict() == {
        "v": "Answer the request today",
        "u": "Offer a guided trial and the next step",
    }


def test_the_warmest_of_the_open_come_first_with_their_chance():
    said = todo(
        ("past", TD, 60, "a"), ("past", GET, 50, "a"), ("past", INS, 49, "a"), ("cold", TD, 60, "a"),
        ("late", TD, 12, "a"), ("soon", TD, 16, "a"), ("soon", GET, 3, "a"), ("early", TD, 5, "a"),
    )  # fmt: skip
    open_ones = said[said["status"] == "open"].set_index("customer_id")
    assert open_ones.index.tolist() == ["early", "late", "soon"]
    assert open_ones["probability"].tolist() == [5 / 8, 1 / 2, 0]
    assert open_ones.loc["late", "why"] == f"{OPEN_A}, as 50 % of such customers do"
    assert said[said["status"] != "open"]["probability"].isna().all()


def test_the_most_promising_offer_of_a_customer_counts_then_the_latest():
    said = todo(("u", TD, 50, "old"), ("u", GET, 3, "by"), ("u", TD, 10, "one"), ("u", TD, 9, "two"))
    assert said[["status", "offer"]].to_numpy().tolist() == [["open", "The two"]]


def test_nobody_is_lost_without_a_window():
    assert todo(("u", TD, 400, "crane"), window=None)["status"].tolist() == ["open"]


def test_everybody_is_on_the_list_or_counted_as_left_out():
    leads = leads_of(
        ("on", TD, 3, "a"), ("reached", INS, 1, "a"), ("reached", GET, 2, "a"), ("reached", TD, 3, "a"),
        ("no step", "Contact me", 1, "a"), ("silent", TD, 3, "a"), ("never", TD, 3, "a"), ("never", None, 2, "a"),
    ).assign(do_not_contact=lambda frame: frame["stage"].isna())  # fmt: skip
    leads.loc[leads["customer_id"] == "silent", "email"] = None
    said = la.follow_up_list(leads, funnel="acquisition", as_of=AS_OF)
    assert said["customer_id"].tolist() == ["on"]
    assert said.attrs["left_out"] == {"reached": 1, "in no step": 1, "no contact details": 1, "do not contact": 1}


def test_who_says_later_not_to_be_contacted_is_not_on_the_list_of_today():
    leads = leads_of(("u", TD, 3, "a"), ("u", None, -1, "a")).assign(do_not_contact=[False, True])
    assert la.follow_up_list(leads, as_of=AS_OF).attrs["left_out"] == {"do not contact": 1}


def test_leads_after_as_of_are_no_touch():
    said = todo(("u", TD, 3, "a"), ("u", GET, -1, "a"), ("v", TD, -1, "a"))
    assert said[["customer_id", "days_since", "leads"]].to_numpy().tolist() == [["u", 3, 1]]


def test_the_list_is_of_the_kind_customers_and_goes_into_a_crm(tmp_path):
    said = todo(("u", TD, 3, "a"))
    schema.check(said, "customers", columns=schema.KINDS["customers"].names)
    written = la.write_leads(said.assign(last_name="Ruiz", company="Firm"), tmp_path / "list.csv", for_="hubspot")
    assert (written.rows, written.left_out_rows) == (1, 0)


def test_an_offer_without_an_id_goes_by_its_name():
    leads = leads_of(("u", TD, 3, "a")).assign(offer_id=None)
    assert la.follow_up_list(leads, as_of=AS_OF)["offer"].tolist() == ["The a"]


@pytest.mark.filterwarnings("error")
def test_no_leads_make_an_empty_list():
    said = la.follow_up_list(schema.empty("leads with customer_id"))
    assert len(said) == 0
    assert said.attrs["left_out"] == {}


def own(*rows, **options):
    return la.follow_up_list(leads_of(*rows), **{"as_of": AS_OF} | options)


def test_whoever_took_the_last_step_of_one_branch_is_done_with_the_offer():
    said = own(
        ("asked", TD, 20, "both"), ("asked", CON, 19, "both"),
        ("bought", TD, 20, "both"), ("bought", GET, 19, "both"),
        ("tried", TD, 10, "both"), ("late", TD, 50, "both"),
    )  # fmt: skip
    assert said[["customer_id", "status"]].to_numpy().tolist() == [["tried", "open"], ["late", "lost"]]
    assert said.attrs["left_out"] == {"reached": 2}


def test_each_offer_has_the_steps_that_its_own_leads_show():
    said = own(
        ("a", TD, 9, "listing"), ("b", CON, 40, "listing"), ("c", GET, 9, "template"), ("d", INS, 40, "template")
    ).set_index("customer_id")
    assert said["why"].to_dict() == {
        "a": "took Test drive of The listing and can still go on to Contact me",
        "c": "took Get it now of The template and can still go on to Install",
        "b": "came in at Contact me of The listing, without Test drive",
        "d": "came in at Install of The template, without Get it now",
    }
    assert said.loc["c", "follow_up"] == "Ask what is missing before they deploy"


def test_the_test_drive_of_an_offer_that_shows_no_other_step_is_no_end():
    said = own(("u", TD, 9, "crane"), ("v", CON, 9, "service"))
    assert said[["customer_id", "status", "why"]].to_numpy().tolist() == [
        ["u", "tried", "took Test drive of The crane, which shows no other step yet"]
    ]
    assert said["follow_up"].tolist() == ["Offer a guided trial and the next step"]
    assert said.attrs["left_out"] == {"reached": 1}


def test_an_offer_of_no_name_is_not_named():
    leads = leads_of(("u", TD, 9, "a"), ("v", GET, 9, "a")).assign(offer_id=None, offer_name=None)
    said = la.follow_up_list(leads, as_of=AS_OF).set_index("customer_id")
    assert said["why"].to_dict() == {
        "u": "took Test drive and can still go on to Get it now",
        "v": "came in at Get it now, without Test drive",
    }


def test_steps_in_any_order_are_counted_in_words():
    said = todo(("u", GET, 9, "a"), ("v", INS, 50, "a"), order="any").set_index("customer_id")
    assert said["why"].to_dict() == {
        "u": "took 1 of 3 steps of The a and can still go on to another one",
        "v": "took 1 of 3 steps of The a and not another one within 30 days",
    }
    assert said.loc["u", "follow_up"] == "Ask what is missing before they deploy"


def test_whoever_is_left_out_by_the_rules_is_counted_by_the_reason():
    rules = la.FunnelRules(funnel="acquisition", excluding=CON, policy="unit")
    rows = [("u", TD, 9, "a"), ("u", CON, 8, "a"), ("u", GET, 7, "a"), ("v", TD, -3, "a"), ("w", TD, 20, "a")]
    said = la.follow_up_list(leads_of(*rows), rules, as_of=AS_OF, dates=("2024-06-15", None))
    assert said.attrs["left_out"] == {"excluded": 1, "in no step within the dates": 1, "only later leads": 1}


def test_a_unit_that_names_no_customer_is_refused():
    with pytest.raises(la.errors.OptionError, match="names customers"):
        todo(("u", TD, 3, "a"), unit="offer_id")
