import pytest
from explorer_cases import leads_to_explore

import leadanalytics as la
from leadanalytics.errors import FrameError
from leadanalytics.explorer.preparing import prepare_leads


def test_what_is_missing_is_made_and_said():
    prepared = prepare_leads(la.make_leads(customers=5, seed=1))
    assert prepared.steps[:2] == (".pipe(la.decode_leads)", ".pipe(la.identify_customers)")
    assert len(prepared.notes) == 2
    assert "customer_id" in prepared.leads


def test_leads_that_know_their_customers_keep_them():
    prepared = prepare_leads(leads_to_explore())
    assert (prepared.steps, prepared.notes) == ((), ())
    assert prepared.leads["customer_id"].equals(leads_to_explore()["customer_id"].astype("str"))


def test_customers_come_the_latest_first_with_their_account():
    customers = prepare_leads(leads_to_explore()).customers
    assert customers[["customer_id", "account_id"]].to_numpy().tolist() == [
        ["C-2", "A-1"],
        ["C-3", "A-2"],
        ["C-1", "A-1"],
    ]


def test_an_offer_without_an_id_goes_by_its_name():
    leads = leads_to_explore()
    leads.loc[leads["offer_id"] == "app", "offer_id"] = None
    prepared = prepare_leads(leads)
    assert set(prepared.leads["offer_id"]) == {"vm", "App"}
    assert "offer_name" in prepared.steps[0]
    assert leads["offer_id"].isna().any()  # the caller's frame stays as it was


@pytest.mark.parametrize(
    "leads",
    [None, [], la.count_stages(la.build_funnels(leads_to_explore(), funnel="acquisition", window=None))],
    ids=type,
)
def test_what_holds_no_leads_is_refused(leads):
    with pytest.raises(FrameError):
        prepare_leads(leads)
