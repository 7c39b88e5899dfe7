import pandas as pd
import pytest

import leadanalytics as la
from leadanalytics.cli.running import run_job


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("job")
    la.write_samples(folder / "leads")
    with (folder / "leads" / "https_leads.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"body": {"UserDetails": {"FirstName": "cut\n')
    with pytest.warns(la.errors.UnknownCodeWarning):
        return run_job(
            [str(folder / "leads")],
            folder / "out",
            reading={},
            funnel=None,
            window=None,
            as_of=None,
            vocabulary=la.load_vocabulary(),
        )


def test_the_folder_holds_every_result_and_nothing_else(results):
    assert sorted(results.written[0].parent.iterdir()) == list(results.written)
    assert [path.name for path in results.written] == [
        *("customers.csv", "customers.xlsx", "funnel.csv", "funnel.png", "funnel.svg"),
        *("leads.parquet", "left_out.csv", "rejects.csv"),
    ]


def test_what_was_read_and_set_aside_is_what_was_delivered(results):
    facts = results.facts
    assert facts["leads read"] + facts["set aside"] == facts["delivered"]
    assert facts["set aside"] == 1
    assert (results.files["read"] + results.files["set_aside"]).equals(results.files["delivered"])


def test_the_numbers_are_the_known_truth(results):
    truth = la.sample_truth(la.sample_leads())
    assert results.facts["leads read"] == truth.leads
    assert results.facts["of them test leads"] == truth.test_leads
    assert results.facts["customers"] == truth.customers


def test_everybody_is_in_one_of_the_two_lists(results):
    out = results.written[0].parent
    contacts = pd.read_csv(out / "customers.csv")
    left_out = pd.read_csv(out / "left_out.csv")
    assert len(contacts) + len(left_out) == results.facts["customers"] + results.facts["of them test leads"]
    assert set(left_out["reason"]) == {"test lead", "do not contact"}
    assert len(contacts) == results.facts["of them in customers.csv"]


def test_the_written_leads_can_be_read_again(results):
    again = la.read_leads(results.written[0].parent / "leads.parquet")
    assert len(again) == results.facts["leads read"]


def test_a_rejected_record_is_kept_with_its_place_and_reason(results):
    rejects = pd.read_csv(results.written[0].parent / "rejects.csv")
    assert rejects["origin"].tolist() == ["https_leads.jsonl"]
    assert rejects["reason"].notna().all()


@pytest.mark.filterwarnings("ignore::leadanalytics.errors.UnknownCodeWarning")
def test_an_index_lets_the_ids_of_customers_last(results, tmp_path):
    choices = {"reading": {}, "funnel": None, "window": None, "as_of": None, "vocabulary": la.load_vocabulary()}
    source = str(results.written[0].parent / "leads.parquet")
    for _ in range(2):
        run_job([source], tmp_path / "out", **choices, index=tmp_path / "index")
    index = la.CustomerIndex.open(tmp_path / "index")
    ids = pd.read_parquet(tmp_path / "out" / "leads.parquet")["customer_id"].dropna()
    assert set(ids) == set(index.crosswalk()["present_id"])
