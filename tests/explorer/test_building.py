import pandas as pd
from explorer_cases import leads_to_explore

import leadanalytics as la
from leadanalytics.explorer.building import Builder
from leadanalytics.explorer.preparing import prepare_leads
from leadanalytics.explorer.selection import Choice, Selection


def select(rules=None, *, leads=None, **choices):
    prepared = prepare_leads(leads_to_explore() if leads is None else leads)
    return Builder(prepared).select(Selection(rules=la.FunnelRules.read(rules), **choices))


def leads_of_two_buttons():
    """Return leads of an offer with two buttons (Ana takes both, Bob one) and of one with another (Cleo)."""
    rows = [
        ("C-1", "suite", "Test drive", "2024-06-01"),
        ("C-1", "suite", "Get it now", "2024-06-02"),
        ("C-1", "suite", "Contact me", "2024-06-03"),
        ("C-2", "suite", "Contact me", "2024-06-04"),
        ("C-3", "desk", "Get it now", "2024-06-05"),
    ]
    leads = pd.DataFrame(rows, columns=["customer_id", "offer_id", "stage", "created_at"])
    accounts = leads["customer_id"].map({"C-1": "A-1", "C-2": "A-1", "C-3": "A-2"})
    leads = leads.assign(account_id=accounts, record_id=leads.index.astype(str))
    leads["marketplace"] = leads["offer_id"].map({"suite": "AppSource", "desk": "Azure Marketplace"})
    return leads.assign(created_at=pd.to_datetime(leads["created_at"], utc=True))


def test_choices_are_made_among_funnels_that_are_built_once():
    builder = Builder(prepare_leads(leads_to_explore()))
    everybody = builder.select(Selection())
    german = builder.select(Selection(country=Choice("Germany", ("DE", "Germany"))))
    assert german.everything is everybody.everything
    week = builder.select(Selection(rules=la.FunnelRules(window="7 days")))
    assert week.everything is not everybody.everything


def test_the_funnels_selected_count_as_those_built_for_it():
    selected = select({"funnel": "acquisition"}, company="contoso").funnels
    leads = leads_to_explore()
    alone = la.build_funnels(leads[leads["company"].str.contains("contoso", case=False)], funnel="acquisition")
    assert la.count_stages(selected)["n"].tolist() == la.count_stages(alone)["n"].tolist() == [2, 1, 1]


def test_a_range_of_dates_decides_which_leads_are_entries():
    assert select({"dates": ("2024-06-15", None)}).funnels["customer_id"].tolist() == ["C-2"]


def test_each_offer_has_its_own_funnel_and_all_units_are_in_one():
    selected = select(leads=leads_of_two_buttons())
    steps = {tuple(part.attrs["steps"]): sorted(part["customer_id"]) for part in selected.parts}
    assert steps == {
        ("Test drive", "Contact me"): ["C-1", "C-2"],
        ("Test drive", "Get it now"): ["C-1"],
        ("Get it now",): ["C-3"],
    }


def test_the_headline_says_of_how_many_and_adds_up():
    rules = {"funnel": "acquisition"}
    assert select(rules).headline == "3 customers per offer: 2 took Test drive, 1 skipped it."
    narrowed = select(rules, offer=Choice("App", ("app",)))
    assert narrowed.headline == "1 of 3 customers per offer (offer App): 0 took Test drive, 1 skipped it."
    assert select(rules | {"start": "any"}).headline == "3 customers per offer came in at any step."
    assert select(rules | {"order": "any"}).headline == "3 customers per offer came in at any step."


def test_the_headline_counts_a_unit_of_two_funnels_once_and_says_so():
    selected = select(leads=leads_of_two_buttons())
    assert len(selected.funnels) == 4
    assert selected.headline == (
        "3 customers per offer: 2 took the first step of their funnel, 1 skipped it. "
        "1 of them count in more than one funnel, one for each button of their offer."
    )
    narrowed = select(leads=leads_of_two_buttons(), offer=Choice("desk", ("desk",)))
    assert narrowed.headline == "1 of 3 customers per offer (offer desk): 1 took Get it now, 0 skipped it."


def test_the_headline_names_those_who_were_excluded():
    leads = leads_to_explore()
    leads.loc[leads["record_id"] == "r2", "stage"] = "Contact me"
    rules = {"funnel": ["Test drive", "Install"], "excluding": "Contact me", "policy": "unit"}
    assert select(rules, leads=leads).headline == (
        "2 customers per offer: 1 took Test drive, 0 skipped it, 1 were excluded."
    )


def test_a_picture_of_funnels_side_by_side_has_all_and_another_the_largest_by_its_name():
    selected = select(leads=leads_of_two_buttons())
    assert selected.drawn("funnel") is selected.funnels
    assert selected.title("funnel") == "Each offer in its own funnel"
    assert selected.drawn("trend")["customer_id"].tolist() == ["C-1", "C-2"]
    assert selected.title("trend") == "Test drive → Contact me, the largest of 3 funnels"
    assert (selected.only("funnel"), selected.only("trend")) == (None, "contact_me")


def test_where_one_funnel_is_left_it_is_drawn_alone():
    selected = select(leads=leads_of_two_buttons(), offer=Choice("desk", ("desk",)))
    assert selected.drawn("funnel").attrs["steps"] == ["Get it now"]
    assert selected.title("funnel") == selected.title("trend") == "Offer desk"
    only = select(leads=leads_of_two_buttons().query("offer_id == 'desk'"))
    assert (only.title("funnel"), only.only("funnel")) == ("Get it now", None)


def test_one_funnel_for_all_keeps_the_titles_of_the_charts():
    assert select({"funnel": "acquisition"}).title("funnel") is None
    assert select({"funnel": "acquisition"}, company="con").title("curve") == "Company with “con”"


def test_nobody_has_the_funnels_all_the_same():
    nobody = select(leads=leads_of_two_buttons(), company="zzz")
    assert len(nobody.parts) == 3
    assert nobody.headline.startswith("0 of 3 customers per offer (company with “zzz”): 0 took")
