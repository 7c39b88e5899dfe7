import leadanalytics as la
from leadanalytics.cli.loading import load, load_with_rejects
from leadanalytics.cli.reading_options import Reading


def test_leads_come_with_the_customer_that_each_belongs_to(tmp_path):
    la.write_samples(tmp_path, raw=la.make_leads(customers=20, seed=1))
    leads = load([str(tmp_path)], Reading(layout=None))
    assert leads["customer_id"].notna().sum() + leads["is_test"].sum() == len(leads) > 0


def test_what_could_not_be_read_comes_beside_the_leads(tmp_path):
    la.write_samples(tmp_path, raw=la.make_leads(customers=20, seed=1))
    whole = load([str(tmp_path)], Reading())
    (tmp_path / "more.jsonl").write_text('{"body": {"UserDetails": {"FirstName": "cut\n', encoding="utf-8")
    leads, rejects = load_with_rejects([str(tmp_path)], Reading())
    assert leads["record_id"].tolist() == whole["record_id"].tolist()
    assert set(leads.columns) == set(whole.columns)
    assert rejects["origin"].tolist() == ["more.jsonl"]
