from datetime import date

import pytest
from explorer_cases import leads_to_explore

import leadanalytics as la
from leadanalytics.errors import OptionError
from leadanalytics.explorer.choices import list_choices
from leadanalytics.explorer.controls import Controls
from leadanalytics.explorer.selection import Choice, Selection


def controls(*, keeps_funnel=False, **options):
    return Controls(
        Selection(**options),
        choices=list_choices(leads_to_explore()),
        companies=["Contoso"],
        vocabulary=la.load_vocabulary(),
        keeps_funnel=keeps_funnel,
    )


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"unit": ("account_id",), "window": None, "start": "any", "funnel": "active", "company": "con"},
        {"window": "45 days", "as_of": "2024-06-30 00:00:00+00:00"},
        {"country": Choice("Germany (DE)", ("DE", "Germany")), "storefront": Choice("AppSource", ("app",))},
        {"entered": ("2024-06-01 00:00+00:00", "2024-07-01 00:00+00:00")},
    ],
)
def test_they_say_the_selection_that_they_were_given(options):
    assert controls(**options).read() == Selection(**options)


def test_no_limit_of_time_is_a_line_of_its_list_and_not_a_blank():
    shown = controls(window=None)
    assert shown["window"].label == "any time"
    shown["window"].value = "7 days"
    shown["window"].label = "any time"
    assert shown["window"].index is not None
    assert shown.read().window is None


def test_days_are_whole_and_the_last_one_is_included():
    shown = controls()
    shown["since"].value, shown["to"].value = date(2024, 6, 1), date(2024, 6, 30)
    assert shown.read().entered == ("2024-06-01 00:00+00:00", "2024-07-01 00:00+00:00")


def test_what_is_typed_must_be_there():
    shown = controls()
    shown["offer"].value = "virtual machines"
    with pytest.raises(OptionError, match="did you mean 'Virtual Machine'"):
        shown.read()


def test_a_storefront_brings_its_funnel_in_one_change():
    shown, told = controls(), []
    shown.on_change(lambda: told.append(shown.read().funnel))
    shown["storefront"].value = "AppSource"
    assert told == ["appsource"]


def test_a_storefront_takes_its_funnel_along_when_it_is_left():
    shown = controls()
    shown["storefront"].value = "AppSource"
    shown["storefront"].value = ""
    assert shown.read().funnel == "acquisition"


def test_steps_that_somebody_picked_stay_when_the_storefront_is_left():
    shown = controls()
    shown["storefront"].value = "AppSource"
    shown["funnel"].value = "active"
    shown["storefront"].value = ""
    assert shown.read().funnel == "active"


def test_a_funnel_that_was_asked_for_stays_whatever_the_storefront():
    shown = controls(keeps_funnel=True, funnel="active")
    shown["storefront"].value = "AppSource"
    assert shown.read().funnel == "active"


def test_a_reset_is_one_change_back_to_the_first_selection():
    shown, told = controls(company="con"), []
    shown["company"].value, shown["unit"].value = "", ("customer_id",)
    shown.on_change(lambda: told.append(shown.read()))
    shown.reset_button.click()
    assert told == [Selection(company="con")]
