import pandas as pd
import pytest
from explorer_cases import explorer, leads_to_explore
from test_one_number import random_rules

import leadanalytics as la
from leadanalytics.explorer.explaining import explanations
from leadanalytics.explorer.preparing import prepare_leads
from leadanalytics.explorer.selection import Selection


def test_a_customer_is_explained_as_counted_and_as_matched():
    leads = prepare_leads(leads_to_explore()).leads
    counted, matched = explanations(leads, "C-1", Selection(rules=la.FunnelRules(window="2 days")))
    assert counted[0] == "How this customer is counted"
    assert "out of the window" in counted[1]
    assert "3 records" in matched[1]


@pytest.mark.parametrize("seed", range(6))
def test_a_customer_is_explained_as_the_funnels_shown_count_them(seed):
    rules = random_rules(seed).changed(as_of=None, dates=(None, None))
    panel = explorer(rules=rules)
    for customer, rows in panel.selected.funnels.groupby("customer_id"):
        explained = la.explain_funnel(panel.prepared.leads, customer, rules)
        parts = [part for _, part in la.split_funnels(explained.funnels)]
        columns = ["customer_id", "offer_id", "depth", "status", "entered_at"]
        same = pd.concat(part[columns] for part in parts).sort_values(columns).astype("str")
        shown = rows[columns].sort_values(columns).astype("str")
        assert same.to_numpy().tolist() == shown.to_numpy().tolist()
        assert next(explanations(panel.prepared.leads, customer, panel.selected.selection))[1] == str(explained)
