import leadanalytics as la
from leadanalytics.cli.loading import load
from leadanalytics.cli.reading_options import Reading


def test_leads_come_with_the_customer_that_each_belongs_to(tmp_path):
    la.write_samples(tmp_path, raw=la.make_leads(customers=20, seed=1))
    leads = load([str(tmp_path)], Reading(layout=None))
    assert leads["customer_id"].notna().sum() + leads["is_test"].sum() == len(leads) > 0
