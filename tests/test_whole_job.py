"""The whole sentence on real input: files and a real table in, the known truth out."""

import warnings
from pathlib import Path

import pandas as pd
import pytest
from azure.data.tables import TableClient
from azurite import connection_string

import leadanalytics as la
from leadanalytics.errors import TruncatedExportWarning
from leadanalytics.samples import as_entities

# The sample leads hold codes that nobody has documented, on purpose.
pytestmark = pytest.mark.filterwarnings("ignore::leadanalytics.errors.UnknownCodeWarning")

SHAPES = Path(__file__).parent / "data" / "shapes"
TRUTH = pd.read_csv(SHAPES / "expected_canonical.csv", dtype=str, keep_default_na=False)
AZURE_TABLE = [
    "azure_table_storage_explorer_typed.csv",
    "azure_table_storage_explorer_plain.csv",
    "azure_table_storage_explorer_typed_v1.40_bug.csv",
    "azure_table_no_keys_semicolon.csv",
    "azure_table_rest_odata.json",
    "azure_table_az_cli.json",
]
HTTPS = ["https_payloads.jsonl", "https_array.json", "https_envelopes.jsonl"]
FIELDS = [
    *("source", "action", "publisher_id", "offer_id", "offer_title", "first_name", "last_name", "email", "phone"),
    *("country", "company", "title"),
]


def decode_file(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TruncatedExportWarning)
        return la.decode_leads(la.read_leads(SHAPES / name))


def funnel_numbers(leads):
    """Each offer's counts in every shipped funnel, as the package finds them."""
    counts = [
        la.count_stages(la.build_funnels(leads, funnel=funnel), by="offer_id").assign(funnel=funnel)
        for funnel in ("acquisition", "appsource", "active")
    ]
    return pd.concat(counts).set_index(["funnel", "offer_id", "step"])["n"].sort_index().to_dict()


def true_funnel_numbers(truth):
    return truth.funnels.set_index(["funnel", "offer_id", "step"])["n"].sort_index().to_dict()


def as_text(column):
    return column.astype(str).where(column.notna(), "").tolist()


@pytest.mark.parametrize("name", AZURE_TABLE)
def test_every_field_of_an_azure_table_is_the_truth(name):
    leads = decode_file(name)
    for field in [*FIELDS, "description"]:
        assert as_text(leads[field]) == TRUTH[field].tolist(), field


@pytest.mark.parametrize("name", HTTPS)
def test_every_field_of_a_captured_body_is_the_truth_as_far_as_it_carries_it(name):
    leads = decode_file(name)
    truth = TRUTH.copy()
    # FlowGuard VM is named by its title only in every body; the last is of the 2018 shape, without description.
    truth.loc[truth["offer_title"] == "FlowGuard VM", ["publisher_id", "offer_id"]] = ""
    truth.loc[truth["event_id"] == "E10", "description"] = ""
    for field in [*FIELDS, "description"]:
        assert as_text(leads[field]) == truth[field].tolist(), field


@pytest.mark.parametrize("name", [*AZURE_TABLE, *HTTPS])
def test_every_flag_of_every_shape_is_the_truth(name):
    leads = decode_file(name)
    assert leads["is_test"].astype(int).astype(str).tolist() == TRUTH["is_test"].tolist()
    assert leads["do_not_contact"].astype(int).astype(str).tolist() == TRUTH["do_not_contact"].tolist()


@pytest.mark.parametrize("name", AZURE_TABLE)
def test_every_time_of_an_azure_table_is_the_truth_to_the_second(name):
    assert decode_file(name)["created_at"].dt.floor("s").tolist() == pd.to_datetime(TRUTH["created_utc"]).tolist()


def test_a_captured_lead_has_the_time_of_its_capture():
    late = decode_file("https_envelopes.jsonl")["created_at"] - pd.to_datetime(TRUTH["created_utc"])
    assert late.between(pd.Timedelta(0), pd.Timedelta("5 s")).all()


@pytest.mark.parametrize("name", ["https_payloads.jsonl", "https_array.json"])
def test_a_body_without_a_time_is_undated_and_kept(name):
    leads = decode_file(name)
    assert len(leads) == len(TRUTH)
    assert leads.loc[~leads["is_test"], "created_at"].isna().all()


@pytest.mark.parametrize("name", [*AZURE_TABLE, *HTTPS])
def test_the_people_of_every_shape_are_the_true_people(name):
    leads = la.identify_customers(decode_file(name))
    people = leads.assign(person=TRUTH["person_group"].to_numpy())[~leads["is_test"]]
    assert people.groupby("person")["customer_id"].nunique().eq(1).all()
    assert people["customer_id"].nunique() == people["person"].nunique()


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
