"""The whole of decoding: frames in, frames out, and what holds for any text whatever."""

import warnings
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadanalytics import schema
from leadanalytics.auditing import audit_leads
from leadanalytics.decoding import decode_leads
from leadanalytics.errors import AssumptionWarning, FrameError, LeadAnalyticsWarning, OptionError, UnknownCodeWarning
from leadanalytics.reading import read_leads
from leadanalytics.vocabulary import load_vocabulary

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
ANA = '{"FirstName": "Ana", "LastName": "Lee", "Email": "ana@firm.example", "Country": "GB"}'
TEST = "MSFT_TEST_638445817914123000"


def decoded(*rows, **options):
    raw = pd.DataFrame([{"record_id": str(number), **row} for number, row in enumerate(rows)])
    return decode_leads(raw, **options)


def azure(**changes):
    row = {
        "lead_source": "AzureMarketplace-INS|contoso.desk",
        "action_code": "INS",
        "offer_title": "The Desk",
        "created": "2/27/2024 5:41:09 AM",
        "received": "2024-02-27T05:41:11.8134557Z",
        "partition_key": "2:2F27:2F2024",
        "customer_info": ANA,
        "description": "Campaigns: build24",
    }
    return row | changes


def test_an_azure_table_record():
    lead = decoded(azure()).iloc[0].dropna().to_dict()
    assert lead == {
        "record_id": "0",
        "created_at": pd.Timestamp("2024-02-27T05:41:09Z"),
        "created_from": "created",
        "source": "AzureMarketplace",
        "action": "INS",
        "marketplace": "Azure Marketplace",
        "stage": "Get it now",
        "publisher_id": "contoso",
        "offer_id": "desk",
        "offer_name": "The Desk",
        "first_name": "Ana",
        "last_name": "Lee",
        "email": "ana@firm.example",
        "country": "GB",
        "campaign": "build24",
        "is_test": False,
        "do_not_contact": False,
        "lead_source": "AzureMarketplace-INS|contoso.desk",
        "action_code": "INS",
        "offer_title": "The Desk",
        "description": "Campaigns: build24",
        "origin_row": 0,
    }


def test_a_captured_https_body_takes_its_offer_from_the_leads_that_name_it():
    captured = {"lead_source": "AzureMarketplace", "action_code": "INS", "offer_title": "the desk"}
    lead = decoded(azure(), captured | {"email": "bo@firm.example", "received": "2024-02-28T00:00:00Z"}).iloc[1]
    assert (lead["publisher_id"], lead["offer_id"], lead["offer_name"]) == ("contoso", "desk", "the desk")
    assert (lead["email"], lead["created_from"]) == ("bo@firm.example", "received")
    assert pd.isna(lead["problem"])


def test_a_connection_test_is_dated_by_its_ticks_and_has_no_problem():
    names = f"{TEST}-{TEST}|The Desk"
    lead = decoded(
        azure(), {"lead_source": names, "action_code": TEST, "offer_title": "The Desk", "first_name": TEST}
    ).iloc[1]
    assert (lead["source"], lead["action"], lead["is_test"]) == ("test", "test", True)
    assert lead["created_at"] == pd.Timestamp("2024-02-26T22:03:11.4123Z")
    assert lead[["publisher_id", "offer_id", "stage", "problem"]].isna().all()
    assert lead["offer_name"] == "The Desk"


def test_leads_of_own_domains_are_tests():
    assert decoded(azure(), own_domains=["firm.example"])["is_test"].tolist() == [True]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"created": None, "received": None, "partition_key": None}, "no created time"),
        ({"action_code": None, "lead_source": "SPZA|contoso.desk"}, "no action"),
        ({"customer_info": ANA[:-20]}, "broken customer info"),
        ({"customer_info": '{"Country": "GB"}'}, "no customer"),
        ({"lead_source": "SPZA", "offer_title": " "}, "no offer"),
        ({"action_code": "PLT"}, "actions disagree"),
        ({"offer_id": "contoso.chair"}, "offers disagree"),
        ({"created": "2099-01-05", "received": None, "partition_key": None}, "no created time; time in the future"),
        ({"record_id": "0"}, "repeated record"),
        ({"action_code": None, "lead_source": "SPZA", "offer_title": None}, "no action; no offer"),
    ],
)
def test_each_problem_is_named(changes, problem):
    leads = decoded(azure(), azure(**changes))
    assert leads["problem"].tolist()[1] == problem
    assert pd.isna(leads["problem"].iloc[0])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"created": "3/4/2024", "received": None, "partition_key": None, "origin": "other"}, "created time assumed"),
        ({"created": "soon"}, "created time from fallback"),
        ({"created": "2099-01-05"}, "time in the future; created time from fallback"),
    ],
)
def test_each_doubtful_time_is_named(changes, problem):
    with pytest.warns(AssumptionWarning) as caught:
        leads = decoded(azure(), azure(**changes))
    assert leads["problem"].tolist()[1] == problem
    assert pd.isna(leads["problem"].iloc[0])
    assert [warning.filename for warning in caught] == [__file__]


def test_few_doubtful_times_are_named_without_a_warning():
    assert decoded(*[azure()] * 19, azure(created="soon"))["problem"].iloc[19] == "created time from fallback"


def test_broken_customer_info_is_kept_and_no_other():
    leads = decoded(azure(), azure(customer_info=ANA[:-20]))
    assert leads["customer_info"].isna().tolist() == [True, False]
    assert leads["customer_info"].iloc[1] == ANA[:-20]
    assert leads["first_name"].tolist() == ["Ana", "Ana"]


def test_unknown_codes_are_kept_and_warned_about_once():
    rows = [azure(lead_source="Shop-XYZ|contoso.desk", action_code=None)] * 2 + [azure(lead_source="Shop")]
    with pytest.warns(UnknownCodeWarning) as caught:
        leads = decoded(*rows)
    assert [str(warning.message).split(";")[0] for warning in caught] == [
        "3 of 3 leads have codes that are not known: source 'Shop': 3, action 'XYZ': 2"
    ]
    assert caught[0].filename == __file__
    assert leads["action"].tolist() == ["XYZ", "XYZ", "INS"]
    assert leads["problem"].tolist() == ["unknown source; unknown action"] * 2 + ["unknown source"]


def test_one_cell_of_the_codes_makes_ins_an_install(tmp_path):
    actions = load_vocabulary().actions
    actions = actions.assign(do_not_contact=actions["do_not_contact"].map({True: "yes", False: "no"}))
    actions.loc[actions["action"] == "INS", "stage"] = "Install"
    actions.to_csv(tmp_path / "actions.csv", index=False)
    assert decoded(azure(), vocabulary=load_vocabulary(tmp_path))["stage"].tolist() == ["Install"]


def test_the_callers_date_order_and_zone_are_used():
    row = {"created": "3/4/2024 12:00", "time_zone": "local"}
    leads = decoded(row, date_order="day_first", tz="Europe/Berlin")
    assert leads["created_at"].tolist() == [pd.Timestamp("2024-04-03T10:00:00Z")]


def test_a_date_order_must_be_one_of_two():
    with pytest.raises(OptionError, match="day_first"):
        decoded(azure(), date_order="dayfirst")


def test_the_moment_of_reading_is_the_callers_or_the_readers_or_now():
    raw = pd.DataFrame([{"record_id": "1", "created": "2024-02-27T05:41:09Z"}])
    raw.attrs["read_at"] = "2024-02-20T00:00:00+00:00"
    early = decode_leads(raw)
    assert early["problem"].str.contains("time in the future").tolist() == [True]
    assert early.attrs["read_at"] == "2024-02-20T00:00:00+00:00"
    late = decode_leads(raw, read_at="2024-02-27T07:00+02:00")
    assert late["created_at"].tolist() == [pd.Timestamp("2024-02-27T05:41:09Z")]
    assert late.attrs["read_at"] == "2024-02-27T05:00:00+00:00"
    made = decode_leads(pd.DataFrame(raw.to_dict("list")))
    assert abs(pd.Timestamp(made.attrs["read_at"]) - pd.Timestamp.now("UTC")) < pd.Timedelta("1 min")


@pytest.mark.parametrize("read_at", ["2024-02-27", "soon", pd.NaT])
def test_the_moment_of_reading_has_a_zone(read_at):
    with pytest.raises(OptionError, match="read_at is a time with a zone"):
        decoded(azure(), read_at=read_at)


@pytest.mark.parametrize("created", ["1/5/2099 10:00:00 AM", "27/1/2099", "2099-01-27T10:00:00Z"])
def test_a_lead_of_the_future_changes_no_other(created):
    raw = read_leads(SAMPLES)
    last = raw.iloc[[-1]].assign(record_id="late", created=created, received=None, partition_key=None)
    late = pd.concat([raw, last.assign(layout=raw["layout"].iloc[0], origin=raw["origin"].iloc[0])], ignore_index=True)
    late = schema.conform(late, "raw")
    late.attrs = raw.attrs
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnknownCodeWarning)
        leads, more = decode_leads(raw), decode_leads(late)
    pd.testing.assert_frame_equal(more.iloc[:-1], leads, check_categorical=False)
    assert more["created_at"].isna().iloc[-1]
    audit = audit_leads(more).set_index("problem")["leads"] - audit_leads(leads).set_index("problem")["leads"]
    assert audit["time in the future"] == 1


def test_a_frame_without_record_ids_is_no_raw_frame():
    with pytest.raises(FrameError, match="record_id"):
        decode_leads(pd.DataFrame({"lead_source": ["SPZA"]}))


def test_columns_of_leads_come_in_order_and_others_pass_through():
    raw = pd.DataFrame({"record_id": ["1"], "crm_owner": ["Bo"], "received": ["2024-02-27"]}, index=[7])
    raw.attrs["made_by"] = "a test"
    before = raw.copy()
    leads = decode_leads(raw)
    assert list(leads.columns) == [*schema.KINDS["leads"].names, "crm_owner"]
    assert (leads.index.tolist(), leads["crm_owner"].tolist(), leads.attrs["made_by"]) == ([7], ["Bo"], "a test")
    pd.testing.assert_frame_equal(raw, before)


def test_no_records_are_no_leads_of_the_right_kind():
    leads = decode_leads(schema.empty("raw"))
    assert len(leads) == 0
    for column in schema.KINDS["leads"].columns:
        found = leads[column.name].dtype
        assert found == column.dtype or isinstance(found, pd.CategoricalDtype), column.name


TEXT_COLUMNS = [c.name for c in schema.KINDS["raw"].columns if c.dtype == schema.TEXT and c.name != "record_id"]
PIECES = [
    "SPZA",
    "-",
    "INS",
    "|",
    ".",
    " ",
    "{",
    "}",
    '"',
    ":",
    "\\",
    "Phone",
    "2024",
    "/",
    "3",
    "4",
    "\n",
    "\0",
    "é",
    "A",
    TEST,
]
any_text = st.none() | st.text(max_size=12) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
any_row = st.fixed_dictionaries({"record_id": st.uuids().map(str)}, optional=dict.fromkeys(TEXT_COLUMNS, any_text))


@pytest.mark.slow
@given(st.lists(any_row, min_size=1, max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_any_text_is_decoded_row_by_row_in_any_order(rows, random):
    raw = pd.DataFrame(rows)
    order = random.sample(range(len(rows)), len(rows))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LeadAnalyticsWarning)
        leads, shuffled = decode_leads(raw), decode_leads(raw.iloc[order])
    assert leads["record_id"].tolist() == raw["record_id"].tolist()
    pd.testing.assert_frame_equal(shuffled, leads.iloc[order])
