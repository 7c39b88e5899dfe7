from explorer_cases import leads_to_explore

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
