from explorer_cases import leads_to_explore

import leadanalytics as la
from leadanalytics.explorer.building import Builder
from leadanalytics.explorer.preparing import prepare_leads
from leadanalytics.explorer.selection import Choice, Selection


def select(**options):
    return Builder(prepare_leads(leads_to_explore())).select(Selection(**options))


def test_choices_are_made_among_funnels_that_are_built_once():
    builder = Builder(prepare_leads(leads_to_explore()))
    everybody = builder.select(Selection())
    german = builder.select(Selection(country=Choice("Germany", ("DE", "Germany"))))
    assert german.everything is everybody.everything
    assert builder.select(Selection(window="7 days")).everything is not everybody.everything


def test_the_funnels_selected_count_as_those_built_for_it():
    selected = select(company="contoso").funnels
    leads = leads_to_explore()
    alone = la.build_funnels(
        leads[leads["company"].str.contains("contoso", case=False)], window="30 days", funnel="acquisition"
    )
    assert la.count_stages(selected)["n"].tolist() == la.count_stages(alone)["n"].tolist() == [2, 1, 1]


def test_a_range_of_dates_decides_which_leads_are_entries():
    entered = ("2024-06-15 00:00+00:00", None)
    assert select(entered=entered).funnels["customer_id"].tolist() == ["C-2"]


def test_the_headline_says_of_how_many_and_adds_up():
    assert select().headline == "3 customers per offer: 2 took Test drive, 1 came past it and are beside the funnel."
    narrowed = select(offer=Choice("App", ("app",)))
    assert narrowed.headline.startswith("1 of 3 customers per offer (offer App): 0 took Test drive, 1 came past it")
    assert select(start="any").headline == "3 customers per offer came in at any step."
