import pandas as pd
import pytest
from explorer_cases import leads_to_explore

from leadanalytics.errors import OptionError
from leadanalytics.explorer.choices import companies, find_choice, list_choices
from leadanalytics.explorer.selection import EVERYTHING, Choice

COUNTRIES = [Choice("Germany (DE)", ("DE", "Germany")), Choice("FR", ("FR",))]


def test_the_choices_are_those_of_the_leads_the_most_frequent_first():
    choices = list_choices(leads_to_explore())
    assert choices["offer"] == [Choice("Virtual Machine", ("vm",)), Choice("App", ("app",))]
    assert choices["country"] == [Choice("Germany (DE)", ("DE", "Germany")), Choice("FR", ("FR",))]
    assert choices["campaign"] == [Choice("spring", ("spring",))]


def test_offers_of_one_name_are_told_apart_by_their_ids():
    leads = leads_to_explore().assign(offer_name="Suite")
    assert [choice.label for choice in list_choices(leads)["offer"]] == ["Suite (vm)", "Suite (app)"]


def test_a_storefront_has_the_offers_that_are_sold_through_it_and_those_sold_nowhere():
    leads = pd.concat([leads_to_explore(), leads_to_explore().iloc[:1].assign(offer_id="new")])
    storefronts = {choice.label: choice.accepted for choice in list_choices(leads)["storefront"]}
    assert storefronts == {"Azure Marketplace": ("new", "vm"), "AppSource": ("app", "new")}


@pytest.mark.parametrize("typed", ["Germany (DE)", "germany", "de", " DE "])
def test_a_choice_is_found_by_its_label_or_any_spelling(typed):
    assert find_choice("country", typed, COUNTRIES) == COUNTRIES[0]


@pytest.mark.parametrize("typed", [None, "", "  "])
def test_nothing_typed_is_everything(typed):
    assert find_choice("country", typed, COUNTRIES) == EVERYTHING


def test_what_is_not_there_is_refused_with_the_nearest_that_is():
    with pytest.raises(OptionError, match=r"no country 'Germny'.*did you mean 'Germany \(DE\)'"):
        find_choice("country", "Germny", COUNTRIES)


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("ger", r"did you mean 'Germany \(DE\)'\?"),
        ("an", r"did you mean 'Andorra', 'Germany \(DE\)' or 'France'\?"),
        ("Narnia", r"the nearest is 'Finland'; clear the field to see every country"),
    ],
)
def test_a_part_of_a_name_gives_those_that_have_it_and_anything_else_the_nearest(typed, named):
    names = ("France", "Andorra", "Finland")
    with pytest.raises(OptionError, match=named):
        find_choice("country", typed, [COUNTRIES[0], *(Choice(name, (name,)) for name in names)])


@pytest.mark.parametrize("choices", [[], [Choice("spring", ("spring",))]])
def test_where_no_letter_is_alike_nothing_is_near(choices):
    with pytest.raises(OptionError, match=r"found (none at all|1 other); clear the field to see every campaign"):
        find_choice("campaign", "zzz", choices)


def test_an_offer_does_not_name_the_storefront_that_sells_it():
    with pytest.raises(OptionError):
        find_choice("storefront", "vm", [Choice("AppSource", ("vm",))])


def test_companies_are_suggested_without_those_of_test_leads():
    assert companies(leads_to_explore())[0] == "Contoso Ltd"
