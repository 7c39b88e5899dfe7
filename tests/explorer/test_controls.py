from datetime import date

import pytest
from explorer_cases import leads_to_explore

import leadanalytics as la
from leadanalytics.errors import OptionError
from leadanalytics.explorer.choices import list_choices
from leadanalytics.explorer.controls import Controls, dates_of, days_of
from leadanalytics.explorer.selection import Choice, Selection


def selection(rules=None, **choices):
    return Selection(rules=la.FunnelRules.read(rules), **choices)


def controls(rules=None, **choices):
    return Controls(
        selection(rules, **choices),
        choices=list_choices(leads_to_explore()),
        companies=["Contoso"],
        vocabulary=la.load_vocabulary(),
    )


@pytest.mark.parametrize(
    ("rules", "choices"),
    [
        ({}, {}),
        ({"unit": "account_id", "window": None, "start": "any", "funnel": "contact_me"}, {"company": "con"}),
        ({"window": "45 days", "as_of": "2024-06-30 00:00:00+00:00"}, {}),
        ({}, {"country": Choice("Germany (DE)", ("DE", "Germany")), "storefront": Choice("AppSource", ("app",))}),
        ({"dates": ("2024-06-01", "2024-07-01")}, {}),
        ({"dates": (None, "2024-07-01"), "zone": "Europe/Berlin"}, {}),
        ({"funnel": ["Test drive", ["Contact me", "Install"]]}, {}),
        ({"funnel": {"Tried": "Test drive", "Asked": "Contact me"}}, {}),
    ],
)
def test_they_say_the_selection_that_they_were_given(rules, choices):
    assert controls(rules, **choices).read() == selection(rules, **choices)


@pytest.mark.parametrize(
    "rules",
    [
        {"gap": "3 days", "ties": "strict", "entry": "first", "prefer": "latest"},
        {"excluding": "Contact me", "policy": "unit", "order": "strict"},
        {"order": "any", "as_of": "2024-06-30", "zone": "Asia/Tokyo"},
    ],
)
def test_choices_without_a_control_stay_as_they_were_given(rules):
    shown = controls(rules)
    shown["window"].value, shown["unit"].value = "7 days", ("customer_id",)
    assert shown.read().rules == la.FunnelRules(**rules, window="7 days", unit="customer_id")


def test_each_offer_has_its_own_steps_at_first_and_one_funnel_can_be_picked_for_all():
    shown = controls()
    assert shown["funnel"].label == "each offer's own"
    shown["funnel"].label = "acquisition funnel"
    assert shown.read().rules.funnel == "acquisition"
    shown["funnel"].index = 0
    assert shown.read().rules.funnel is None


def test_a_storefront_leaves_the_steps_as_they_are():
    shown = controls({"funnel": "contact_me"})
    shown["storefront"].value = "Azure Marketplace"
    assert shown.read().rules.funnel == "contact_me"


def test_no_limit_of_time_is_a_line_of_its_list_and_not_a_blank():
    shown = controls({"window": None})
    assert shown["window"].label == "any time"
    shown["window"].value = "7 days"
    shown["window"].label = "any time"
    assert shown["window"].index is not None
    assert shown.read().rules.window is None


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
def test_days_are_whole_days_of_the_zone_and_the_last_one_is_included(zone):
    shown = controls({"zone": zone})
    assert zone in shown["since"].description
    shown["since"].value, shown["to"].value = date(2024, 3, 1), date(2024, 6, 30)
    rules = shown.read().rules
    assert rules == la.FunnelRules(dates=("2024-03-01", "2024-07-01"), zone=zone)
    assert days_of(rules) == (date(2024, 3, 1), date(2024, 6, 30))


def test_no_day_is_no_limit():
    assert dates_of(None, None) == days_of(la.FunnelRules()) == (None, None)


def test_what_is_typed_must_be_there():
    shown = controls()
    shown["offer"].value = "virtual machines"
    with pytest.raises(OptionError, match="did you mean 'Virtual Machine'"):
        shown.read()


def test_a_reset_is_one_change_back_to_the_first_selection():
    shown, read = controls({"gap": "3 days"}, company="con"), []
    shown["company"].value, shown["unit"].value = "", ("customer_id",)
    shown.on_change(lambda: read.append(shown.read()))
    shown.reset_button.click()
    assert read == [selection({"gap": "3 days"}, company="con")]
