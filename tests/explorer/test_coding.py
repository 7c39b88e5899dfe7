import pandas as pd
import pytest
from explorer_cases import explorer, leads_to_explore

import leadanalytics as la
from leadanalytics.explorer.coding import as_code
from leadanalytics.explorer.selection import Choice, Selection


def counts_by(code, leads):
    """Run a cell as somebody would, and return the counts that it made."""
    names = {"leads": leads}
    exec(compile(code, "cell", "exec"), names)
    return names["counts"]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"offer": "vm", "country": "germany", "window": None},
        {"storefront": "AppSource", "funnel": "appsource", "start": "any"},
        {"company": "contoso", "unit": "account_id", "window": "7 days"},
        {"campaign": "spring", "entered": ("2024-06-05 00:00+00:00", None), "as_of": "2024-06-30 00:00+00:00"},
    ],
)
def test_the_cell_gives_the_counts_that_the_explorer_shows(options):
    panel = explorer(**options)
    counts = counts_by(panel.code, leads_to_explore())
    pd.testing.assert_frame_equal(counts, la.count_stages(panel.selected.funnels), check_like=True)


def test_the_cell_does_first_what_was_missing():
    raw = la.make_leads(customers=20, seed=1)
    panel = la.explore(raw).panel
    assert ".pipe(la.decode_leads).pipe(la.identify_customers)" in panel.code
    pd.testing.assert_frame_equal(counts_by(panel.code, raw), la.count_stages(panel.selected.funnels))


@pytest.mark.parametrize("drawn", ["funnel", "trend", "curve"])
def test_the_cell_draws_the_tab_that_is_open(drawn):
    code = as_code(Selection(company="con"), drawn=drawn)
    compile(code, "cell", "exec")
    assert code.splitlines()[-1].startswith("la.plot_")


def test_what_somebody_typed_stays_a_text():
    typed = "'); raise SystemExit #\n\nraise SystemExit"
    code = as_code(Selection(company=typed, offer=Choice(typed, (typed,))))
    assert counts_by(code, leads_to_explore())["n"].tolist() == [0, 0, 0]
