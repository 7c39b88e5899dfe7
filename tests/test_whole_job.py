"""The whole sentence on real input: files and a real table in, the known truth out."""

from pathlib import Path

import pandas as pd
import pytest
from azure.data.tables import TableClient
from azurite import connection_string

import leadanalytics as la
from leadanalytics.samples import as_entities


def funnel_numbers(leads):
    """Each offer's counts in every shipped funnel, as the package finds them."""
    counts = [
        la.count_stages(la.build_funnels(leads, funnel=funnel, window=None), by="offer_id").assign(funnel=funnel)
        for funnel in ("acquisition", "contact_me", "get_it_now", "overall")
    ]
    return pd.concat(counts).set_index(["funnel", "offer_id", "step"])["n"].sort_index().to_dict()


def true_funnel_numbers(truth):
    return truth.funnels.set_index(["funnel", "offer_id", "step"])["n"].sort_index().to_dict()


def test_the_sample_leads_give_their_known_truth():
    leads = la.load_leads(Path(__file__).parent.parent / "data" / "samples")
    truth = la.sample_truth(la.sample_leads())
    customers = la.collapse_customers(leads)
    assert len(leads) == truth.leads
    assert leads["is_test"].sum() == truth.test_leads
    assert leads["do_not_contact"].sum() == truth.do_not_contact
    assert len(customers) == truth.customers
    assert funnel_numbers(leads) == true_funnel_numbers(truth)


@pytest.mark.azurite
def test_the_whole_job_runs_from_a_real_table(azurite):
    sample = la.sample_leads()
    # Few partitions, so that a transaction of 100 entities, which must share one, carries many.
    entities = as_entities(sample).drop(columns="Timestamp")
    entities["PartitionKey"] = (sample["origin_row"] // 100).astype(str)
    connection = connection_string(azurite)
    with TableClient.from_connection_string(connection, table_name="MarketplaceLeads") as table:
        table.create_table()
        for _, part in entities.groupby("PartitionKey"):
            rows = [row.dropna().to_dict() for _, row in part.iterrows()]
            table.submit_transaction([("create", row) for row in rows])
        leads = la.get_leads(table).pipe(la.decode_leads).pipe(la.identify_customers)
    truth = la.sample_truth(sample)
    assert len(leads) == truth.leads == len(sample)
    assert leads["is_test"].sum() == truth.test_leads
    assert len(la.collapse_customers(leads)) == truth.customers
    assert funnel_numbers(leads) == true_funnel_numbers(truth)
