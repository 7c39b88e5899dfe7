import subprocess
import sys

import pytest
from explorer_cases import leads_to_explore

import leadanalytics as la
from leadanalytics.errors import OptionError


def test_the_arguments_are_the_first_selection():
    panel = la.explore(leads_to_explore(), offer="vm", country="germany", window="36 hours", unit="customer_id").panel
    selection = panel.selected.selection
    assert (selection.offer.label, selection.country.label) == ("Virtual Machine", "Germany (DE)")
    assert (selection.window, selection.unit) == ("1 day 12 hours", ("customer_id",))


@pytest.mark.parametrize(
    ("options", "funnel"),
    [
        ({}, "acquisition"),
        ({"storefront": "AppSource"}, "appsource"),
        ({"storefront": "AppSource", "funnel": "active"}, "active"),
    ],
)
def test_a_storefront_brings_its_own_funnel_unless_one_is_asked_for(options, funnel):
    panel = la.explore(leads_to_explore(), **options).panel
    assert panel.selected.selection.funnel == panel.controls["funnel"].value == funnel


@pytest.mark.parametrize(
    "options",
    [
        {"offer": "none"},
        {"unit": "email"},
        {"window": 30},
        {"start": "frist"},
        {"funnel": "none"},
        {"entered": ("2024-06-01 12:00+00:00", None)},
    ],
)
def test_an_argument_that_means_nothing_is_refused(options):
    with pytest.raises(OptionError):
        la.explore(leads_to_explore(), **options)


def test_the_leads_stay_as_they_are():
    leads = leads_to_explore()
    la.explore(leads)
    assert leads.equals(leads_to_explore())


def test_without_the_extra_the_error_names_it():
    code = "import sys; sys.modules['ipywidgets'] = None; import leadanalytics as la; la.explore"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pip install 'leadanalytics[notebooks]'" in run.stderr
