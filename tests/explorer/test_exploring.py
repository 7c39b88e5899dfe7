import subprocess
import sys

import pandas as pd
import pytest
from explorer_cases import leads_to_explore
from listed_offers import write_leads_of_offers
from test_one_number import random_rules

import leadanalytics as la
from leadanalytics.errors import OptionError
from leadanalytics.recipes import count_each_offer


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """Give leads of offers of every listing, and the vocabulary that knows how some of them are listed."""
    path, offers = write_leads_of_offers(tmp_path_factory.mktemp("listed"), seed=3)
    vocabulary = la.load_vocabulary(offers=offers)
    return la.load_leads(path, vocabulary=vocabulary), vocabulary


def test_the_arguments_are_the_first_selection():
    panel = la.explore(leads_to_explore(), offer="vm", country="germany", window="36 hours", unit="customer_id").panel
    selection = panel.selected.selection
    assert (selection.offer.label, selection.country.label) == ("Virtual Machine", "Germany (DE)")
    assert selection.rules == la.FunnelRules(window="36 hours", unit="customer_id")


@pytest.mark.parametrize("rules", [la.FunnelRules(window=None, gap="3 days"), {"window": None, "gap": "3 days"}])
def test_rules_are_taken_whole_and_changes_go_before_them(rules):
    panel = la.explore(leads_to_explore(), rules, window="5 days").panel
    assert panel.selected.selection.rules == la.FunnelRules(window="5 days", gap="3 days")


@pytest.mark.parametrize(
    ("options", "steps"),
    [
        ({"offer": "vm"}, ["Test drive", "Get it now", "Install"]),
        ({"offer": "app"}, ["Get it now"]),
        ({"offer": "app", "funnel": "acquisition"}, ["Test drive", "Get it now", "Install"]),
        ({"offer": "app", "funnel": ["Get it now", "Contact me"]}, ["Get it now", "Contact me"]),
    ],
)
def test_an_offer_shows_its_own_steps_unless_others_are_asked_for(options, steps):
    panel = la.explore(leads_to_explore(), **options).panel
    assert steps in [part.attrs["steps"] for part in panel.selected.parts]


def test_of_twenty_who_tried_and_twelve_who_asked_it_shows_sixty_percent(tmp_path):
    rows = ["PartitionKey,RowKey,CreatedTime,LeadSource,CustomerInfo"]
    for number in range(20):
        person = f'"{{""Email"": ""p{number}@firm{number}.example"", ""LastName"": ""Ruiz{number}""}}"'
        rows.append(f"p,t{number},2024-06-{number + 1:02}T08:00:00Z,TestDrive-StartTestDrive|contoso.listing,{person}")
        if number < 12:
            rows.append(f"p,a{number},2024-06-{number + 1:02}T14:00:00Z,SPZA-PLT|contoso.listing,{person}")
    (tmp_path / "leads.csv").write_text("\n".join(rows), encoding="utf-8")
    panel = la.explore(la.load_leads(tmp_path / "leads.csv")).panel
    assert la.count_stages(panel.selected.funnels)["n"].tolist() == [20, 12]
    assert "20 customers per offer at Test drive, 12 at Contact me (60 %)." in panel.pictures["funnel"].tooltip
    assert panel.selected.headline == "20 customers per offer: 20 took Test drive, 0 skipped it."


@pytest.mark.parametrize("seed", range(8))
def test_each_offer_counts_as_in_count_offers_whatever_the_rules(listed, seed):
    leads, vocabulary = listed
    rules = random_rules(seed)
    panel = la.explore(leads, rules, vocabulary=vocabulary).panel
    assert not panel.texts["error"].value
    shown = count_each_offer(panel.selected.funnels)
    pd.testing.assert_frame_equal(shown, la.count_offers(leads, rules, vocabulary=vocabulary))
    for tab in range(len(panel.pictures)):
        panel.tabs.selected_index = tab
        assert not panel.texts["error"].value


@pytest.mark.parametrize("unit", ["customer_id", "account_id"])
@pytest.mark.parametrize("seed", [1, 2])
def test_customers_and_companies_count_as_in_build_funnels(listed, unit, seed):
    leads, vocabulary = listed
    rules = random_rules(seed).changed(unit=unit)
    panel = la.explore(leads, rules, vocabulary=vocabulary).panel
    counts = la.count_stages(la.build_funnels(leads, rules, vocabulary=vocabulary))
    pd.testing.assert_frame_equal(la.count_stages(panel.selected.funnels), counts)


@pytest.mark.parametrize("seed", range(2))
def test_an_offer_that_is_picked_counts_as_among_all(listed, seed):
    leads, vocabulary = listed
    rules = random_rules(seed)
    expected = la.count_offers(leads, rules, vocabulary=vocabulary)
    panel = la.explore(leads, rules, vocabulary=vocabulary).panel
    columns = [column for column in ("step", "n", "open", "dropped", "bypass", "skipped") if column in expected]
    for offer, counts in expected[expected["offer_id"].isin(["both", "listing"])].groupby("offer_id"):
        panel.controls["offer"].value = offer
        assert not panel.texts["error"].value
        shown = count_each_offer(panel.selected.funnels)
        assert shown[columns].to_numpy().tolist() == counts[columns].to_numpy().tolist()


@pytest.mark.parametrize(
    "options",
    [
        {"offer": "none"},
        {"unit": "email"},
        {"window": 30},
        {"start": "frist"},
        {"funnel": "none"},
        {"funnel": ["Test drive", "Nothing"]},
        {"entered": ("2024-06-01", None)},
    ],
)
def test_an_argument_that_means_nothing_is_refused(options):
    with pytest.raises(OptionError):
        la.explore(leads_to_explore(), **options)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_days_that_are_not_whole_are_refused_with_the_whole_ones(zone):
    dates = ("2024-06-01 12:00+00:00", None)
    with pytest.raises(OptionError, match=rf"whole days of {zone}.*dates=\('2024-06-01', None\)"):
        la.explore(leads_to_explore(), dates=dates, zone=zone)


def test_the_leads_stay_as_they_are():
    leads = leads_to_explore()
    la.explore(leads)
    assert leads.equals(leads_to_explore())


def test_without_the_extra_the_error_names_it():
    code = "import sys; sys.modules['ipywidgets'] = None; import leadanalytics as la; la.explore"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pip install 'leadanalytics[notebooks]'" in run.stderr
