"""Every shape of `tests/data/shapes` holds the same ten leads; each gives the truth up to what it cannot carry."""

import warnings
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

import leadanalytics as la
from leadanalytics.errors import AssumptionWarning, OptionError, TruncatedExportWarning, UnknownCodeWarning

SHAPES = Path(__file__).parent / "data" / "shapes"
TRUTH = pd.read_csv(SHAPES / "expected_canonical.csv", dtype=str, keep_default_na=False).set_index("event_id")
FIELDS = [
    *("source", "action", "publisher_id", "offer_id", "offer_title", "first_name", "last_name", "email", "phone"),
    *("country", "company", "title", "description"),
]
PEOPLE = [event for event in TRUTH.index if TRUTH.loc[event, "is_test"] == "0"]
SAAS, VM = {"offer_title": "FlowGuard for Azure"}, {"offer_title": "FlowGuard VM"}


@dataclass(frozen=True)
class Shape:
    """One file, and what its shape cannot carry."""

    name: str
    layout: str
    lacks: tuple[str, ...] = ()
    time: str = "s"  # to the second, the minute ("min") or the day ("D"); "" for none
    tz: str | None = None
    events: tuple[str, ...] = tuple(TRUTH.index)
    otherwise: dict[str, dict[str, str]] = field(default_factory=dict)  # event to field to what the file says instead
    kind: str = "lead"
    late: str = "0 s"


# What only the lead source tells, where it stands in a column of its own and no title goes beside it.
UNTITLED = ("offer_title",)
# The topic holds either the lead source or the title; the description then is what is left of it.
TOPIC = {event: {"offer_title": ""} for event in ("E01", "E03", "E05", "E07", "E09")} | {"E02": {"description": ""}}
# A body names this offer by its title alone; the last is of 2018 and has no description.
BODY = {event: {"publisher_id": "", "offer_id": ""} for event in ("E04", "E09")} | {"E10": {"description": ""}}
LOWER = {event: {"email": TRUTH.loc[event, "email"].lower()} for event in ("E02", "E05")}
NO_SOURCE = ("source", "action", "publisher_id", "offer_id")
REFERRAL = ("publisher_id", "first_name", "last_name", "email", "phone", "title", "description")
CHOSEN = ("E01", "E03", "E04", "E08", "E09")
NEW_YORK, CHICAGO, BERLIN = "America/New_York", "America/Chicago", "Europe/Berlin"

CASES = [
    *(
        Shape(f"azure_table_{name}", "azure_table")
        for name in (
            *("storage_explorer_typed.csv", "storage_explorer_typed_v1.40_bug.csv", "storage_explorer_plain.csv"),
            *("no_keys_semicolon.csv", "rest_odata.json", "az_cli.json"),
        )
    ),
    Shape("https_payloads.jsonl", "https", time="", otherwise=BODY),
    Shape("https_array.json", "https", time="", otherwise=BODY),
    Shape("https_envelopes.jsonl", "https", otherwise=BODY, late="5 s"),
    Shape(
        "power_automate_excel.xlsx",
        "https_flat",
        # A phone number that became a number has lost what stood before its first digit that counts.
        otherwise={"E02": {"phone": "2079460018", "description": ""}, "E10": {"phone": "34915550123"}},
    ),
    Shape("sharepoint_list_export.csv", "sharepoint_list", time="min", tz=BERLIN),
    Shape("All Leads 4-26-2024 9-12-44 AM.xlsx", "dynamics365", tz=NEW_YORK, otherwise=TOPIC),
    Shape("dynamics365_leads_export.csv", "dynamics365", time="min", tz=NEW_YORK, otherwise=TOPIC),
    Shape("dynamics365_logical_names.csv", "dynamics365_api", otherwise=TOPIC),
    Shape("dynamics365_import_ready.csv", "dynamics365", ("description",), time="D", events=CHOSEN),
    Shape("salesforce_data_loader.csv", "salesforce_api", UNTITLED),
    Shape("salesforce_report_details_en_GB_latin1.csv", "salesforce", UNTITLED, time="D"),
    Shape(
        "salesforce_web_to_lead_fields.txt",
        "salesforce_web_to_lead",
        UNTITLED,
        time="",
        # A field of a form is one line.
        otherwise={"E03": {"description": TRUTH.loc["E03", "description"].replace("\n", " ")}},
    ),
    Shape("salesforce_import_wizard_ready.csv", "salesforce", UNTITLED, time="", events=CHOSEN),
    Shape("marketo_list_export.csv", "marketo", UNTITLED, tz=CHICAGO),
    Shape("marketo_bulk_extract.csv", "marketo_api", ("offer_title", "description")),
    Shape("marketo_import_ready.csv", "marketo", ("offer_title", "description"), time="", events=CHOSEN),
    Shape("hubspot_contacts_export.csv", "hubspot", NO_SOURCE, time="min", tz=NEW_YORK, kind="person", otherwise=LOWER),
    Shape(
        "partner_center_leads_download.csv",
        "partner_center",
        REFERRAL,
        time="D",
        kind="referral",
        # It knows three storefronts and three calls to action.
        otherwise={
            "E02": {"action": "INS"},
            "E04": {"source": "AzureMarketplace"},
            "E05": {"offer_id": "flowguard-saas", "source": "", "action": ""},
            "E07": {"action": "PLT"},
        },
    ),
    Shape(
        "aws_partner_central_lead_import_required_columns.csv",
        "aws_lead_import",
        (*NO_SOURCE, "offer_title", "phone", "description"),
        time="",
        kind="person",
        otherwise={"E09": {"country": "US"}, "E10": {"country": "ES"}},
    ),
]


def leads_of(shape):
    read = la.read_referrals if shape.kind == "referral" else la.read_leads
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TruncatedExportWarning)
        warnings.simplefilter("ignore", la.errors.RejectsWarning)
        return la.decode_leads(read(SHAPES / shape.name), tz=shape.tz).set_axis(list(shape.events))


def expected(shape):
    truth = TRUTH.loc[list(shape.events)].copy()
    truth[list(shape.lacks)] = ""
    for event, values in shape.otherwise.items():
        for name, value in values.items():
            truth.loc[event, name] = value
    return truth


@pytest.mark.parametrize("shape", CASES, ids=lambda shape: shape.name)
def test_a_shape_gives_the_truth_up_to_what_it_cannot_carry(shape):
    leads, truth = leads_of(shape), expected(shape)
    assert set(leads["layout"]) == {shape.layout}
    assert set(leads["record_kind"]) == {shape.kind}
    for name in FIELDS:
        found = leads[name].astype(str).where(leads[name].notna(), "")
        assert found.tolist() == truth[name].tolist(), name


@pytest.mark.parametrize("shape", CASES, ids=lambda shape: shape.name)
def test_a_shape_gives_the_flags_that_it_can_carry(shape):
    leads = leads_of(shape)
    assert leads.index[leads["is_test"]].tolist() == [event for event in shape.events if event == "E05"]
    tells = "action" not in shape.lacks and "action" not in shape.otherwise.get("E07", {})
    assert leads.index[leads["do_not_contact"]].tolist() == [e for e in shape.events if e == "E07" and tells]


@pytest.mark.parametrize("shape", CASES, ids=lambda shape: shape.name)
def test_a_shape_gives_the_times_as_exactly_as_it_writes_them(shape):
    people = leads_of(shape).loc[[event for event in shape.events if event in PEOPLE]]
    if not shape.time:
        assert people["created_at"].isna().all()
        return
    truth = pd.to_datetime(TRUTH.loc[people.index, "created_utc"]).dt.floor(shape.time)
    late = people["created_at"].dt.floor(shape.time) - truth
    assert late.between(pd.Timedelta(0), pd.Timedelta(shape.late)).all()


@pytest.mark.parametrize("shape", [case for case in CASES if case.kind != "referral"], ids=lambda shape: shape.name)
def test_the_people_of_a_shape_are_the_true_people(shape):
    leads = la.identify_customers(leads_of(shape))
    people = leads.assign(person=TRUTH.loc[leads.index, "person_group"])[~leads["is_test"]]
    assert people.groupby("person")["customer_id"].nunique().eq(1).all()
    assert people["customer_id"].nunique() == people["person"].nunique()


def test_every_shape_is_here():
    others = {"expected_canonical.csv", "https_docs_broken_sample.json.txt"}
    special = {"aws_ace_leads_dataset.csv", "salesforce_appexchange_leads.csv"}
    names = {path.name for path in SHAPES.iterdir()}
    assert names == {shape.name for shape in CASES} | others | special


def test_appexchange_codes_are_those_of_its_documentation():
    leads = la.load_leads(SHAPES / "salesforce_appexchange_leads.csv")
    facts = leads[["source", "action", "stage", "offer_name"]].astype(object).where(lambda frame: frame.notna(), None)
    assert facts.drop_duplicates().to_numpy().tolist() == [
        ["SFDC", "IN", "Get it now", "FlowGuard"],
        ["SFDC", "DM", None, "FlowGuard"],
        ["SFDC", "TS", "Test drive", "FlowGuard"],
        ["SFDC", "TD", "Test drive", "FlowGuard"],
        ["SFDC-dup", "IN", "Get it now", "FlowGuard"],
        ["SFDC-dup", "DM", None, "FlowGuard"],
        ["Package Installation", "Package Installation", "Install", None],
        ["SFDC", "LM", None, "FlowGuard"],
        ["SFDC-dup", "TD", "Test drive", "FlowGuard"],
    ]
    assert set(leads["marketplace"]) == {"AppExchange"}
    assert set(leads["campaign"].dropna()) == {"spring-24"}


def test_the_dataset_of_aws_holds_events_without_people():
    with pytest.warns(UnknownCodeWarning, match="AWS Marketplace"):
        leads = la.decode_leads(la.read_referrals(SHAPES / "aws_ace_leads_dataset.csv"))
    assert set(leads["record_kind"]) == {"referral"}
    assert leads["created_at"].tolist() == pd.to_datetime(TRUTH["created_utc"]).tolist()
    assert la.identify_customers(leads)["customer_id"].isna().all()


def written_again(tmp_path, times, *, delimiter=";", timestamps=None):
    """Write an Azure Table export as a spreadsheet saves it: the times in the form of its user, and no keys."""
    rows = [
        {"CreatedTime": time, "LeadSource": "AzureMarketplace-INS|contoso.desk", "CustomerInfo": "{}"} for time in times
    ]
    table = pd.DataFrame(rows).assign(**{"Timestamp": timestamps} if timestamps else {})
    table.to_csv(tmp_path / "leads.csv", sep=delimiter, index=False)
    return tmp_path / "leads.csv"


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("time", ["07/11/2021 23:59", "07/11/2021", "07/11/2021 11:59:59 PM", "7.11.2021 23.59.59"])
def test_an_order_that_nothing_tells_is_asked_for(tmp_path, time, delimiter):
    path = written_again(tmp_path, [time], delimiter=delimiter)
    with pytest.raises(OptionError, match=r"dates of 'leads.csv'.*date_order='day_first'"):
        la.decode_leads(la.read_leads(path))
    for date_order, month in (("day_first", 11), ("month_first", 7)):
        answered = la.decode_leads(la.read_leads(path, date_order=date_order))
        assert (answered["created_at"].dt.month.tolist(), answered["problem"].tolist()) == ([month], ["no customer"])
    path = written_again(tmp_path, [time], delimiter=delimiter, timestamps=["2021-11-08T00:00:01Z"])
    assert la.decode_leads(la.read_leads(path))["created_at"].dt.month.tolist() == [11]


def test_the_american_form_is_assumed_aloud(tmp_path):
    path = written_again(tmp_path, ["7/11/2021 11:59:59 PM"], delimiter=",")
    with pytest.warns(AssumptionWarning, match="month first was assumed"):
        leads = la.decode_leads(la.read_leads(path))
    assert leads["created_at"].tolist() == [pd.Timestamp("2021-07-11T23:59:59Z")]
    answered = la.decode_leads(la.read_leads(path, date_order="day_first"))
    assert answered["created_at"].tolist() == [pd.Timestamp("2021-11-07T23:59:59Z")]


@pytest.mark.parametrize(
    "time",
    [
        "27.11.2021 23.59.59",
        "27.11.2021 klo 23.59.59",
        "27-11-2021 kl. 23.59.59",
        "27/11/2564 23:59:59",
        "2021/11/27 下午 11:59:59",
        "2021-11-27 오후 11:59:59",
        "2021/11/27 午後 11:59:59",
        "27/11/2021 11:59:59 p. m.",
    ],
)
def test_times_of_many_languages_come_from_the_created_column(tmp_path, time):
    leads = la.decode_leads(la.read_leads(written_again(tmp_path, [time], timestamps=["2022-02-01T00:00:00Z"])))
    assert leads["created_at"].tolist() == [pd.Timestamp("2021-11-27T23:59:59Z")]
    assert leads["created_from"].tolist() == ["created"]


def test_a_table_whose_created_times_cannot_be_read_says_so(tmp_path):
    path = written_again(tmp_path, ["Saturday the 27th"] * 2, timestamps=["2022-02-01T00:00:00Z"] * 2)
    with pytest.warns(AssumptionWarning, match="'leads.csv': 100 % of 2 times do not come from") as caught:
        la.load_leads(path)
    assert [warning.filename for warning in caught] == [__file__]
