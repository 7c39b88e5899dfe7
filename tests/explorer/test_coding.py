import matplotlib.pyplot as plt
import pandas as pd
import pytest
from explorer_cases import explorer, leads_to_explore
from listed_offers import write_leads_of_offers

import leadanalytics as la
from leadanalytics.charts import describe_chart
from leadanalytics.explorer.coding import as_code
from leadanalytics.explorer.selection import Choice, Selection


def run(code, leads, **names):
    """Run a cell as somebody would, and return what it leaves."""
    names |= {"leads": leads}
    exec(compile(code, "cell", "exec"), names)
    return names


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"offer": "vm", "country": "germany", "window": None},
        {"storefront": "AppSource", "funnel": "contact_me", "start": "any"},
        {"company": "contoso", "unit": "account_id", "window": "7 days"},
        {"campaign": "spring", "dates": ("2024-06-05", None), "as_of": "2024-06-30", "zone": "Europe/Berlin"},
        {"gap": "1 day", "ties": "strict", "entry": "first", "prefer": "latest"},
        {"funnel": {"Tried": "Test drive", "Asked": ("Contact me", "Install")}, "excluding": "Get it now"},
        {"unit": "customer_id", "order": "any", "offer": "app"},
        {"company": "nobody of this name"},
    ],
)
def test_the_cell_gives_the_counts_that_the_explorer_shows(options):
    panel = explorer(**options)
    made = run(panel.code, leads_to_explore())
    pd.testing.assert_frame_equal(made["counts"], la.count_stages(panel.selected.funnels), check_like=True)
    assert made["funnels"].attrs["rules"] == panel.selected.selection.rules


@pytest.mark.parametrize("offer", [None, "both", "listing"])
@pytest.mark.parametrize("tab", range(3))
def test_the_cell_draws_what_the_open_tab_shows(offer, tab, tmp_path):
    path, offers = write_leads_of_offers(tmp_path, seed=1)
    vocabulary = la.load_vocabulary(offers=offers)
    leads = la.load_leads(path, vocabulary=vocabulary)
    panel = la.explore(leads, offer=offer, vocabulary=vocabulary).panel
    panel.tabs.selected_index = tab
    made = run(panel.code, leads, vocabulary=vocabulary)
    shown = panel.pictures[list(panel.pictures)[tab]].tooltip
    for ax in plt.gcf().axes:
        assert not ax.get_visible() or describe_chart(ax) in shown
    assert made["funnels"].attrs["definition"] in shown
    title = plt.gcf().get_suptitle() or plt.gcf().axes[0].get_title(loc="left")
    assert title.replace("\n", " ") == panel.selected.title(list(panel.pictures)[tab])


def test_only_what_differs_from_the_defaults_is_written():
    rules = la.FunnelRules(window="30 days", start="any")
    assert "funnels = la.build_funnels(leads, start='any')\n" in as_code(Selection(rules=rules))


def test_a_long_call_has_a_line_for_each_choice():
    rules = la.FunnelRules(funnel=["Test drive", "Contact me"], start="any", dates=("2024-06-01", "2024-07-01"))
    code = as_code(Selection(rules=rules))
    assert "    funnel=['Test drive', 'Contact me'],\n    start='any',\n" in code
    assert max(map(len, code.splitlines())) <= 100
    compile(code, "cell", "exec")


def test_the_cell_does_first_what_was_missing():
    raw = la.make_leads(customers=20, seed=1)
    panel = la.explore(raw).panel
    assert ".pipe(la.decode_leads).pipe(la.identify_customers)" in panel.code
    pd.testing.assert_frame_equal(run(panel.code, raw)["counts"], la.count_stages(panel.selected.funnels))


def test_what_somebody_typed_stays_a_text():
    typed = "'); raise SystemExit #\n\nraise SystemExit"
    rules = la.FunnelRules(funnel="acquisition")
    code = as_code(Selection(rules=rules, company=typed, offer=Choice(typed, (typed,))), title=typed)
    assert run(code, leads_to_explore())["counts"]["n"].tolist() == [0, 0, 0]
