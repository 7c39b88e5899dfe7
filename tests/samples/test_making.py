from __future__ import annotations

import json
import re
import unicodedata

import pandas as pd
import pandas.testing as pdt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadanalytics import schema
from leadanalytics.errors import OptionError
from leadanalytics.samples import make_leads, sample_leads

FORMS = (
    "ltd",
    "limited",
    "inc",
    "llc",
    "corporation",
    "gmbh",
    "ag",
    "sas",
    "sarl",
    "sl",
    "sa",
    "ab",
    "pvt",
    "co",
    "kk",
)


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    return sample_leads()


def customers(raw: pd.DataFrame) -> pd.DataFrame:
    """Return the customer fields of the leads that are no tests, read as leniently as one can."""

    def fields(text: str) -> dict[str, str]:
        try:
            read = json.loads(text)
        except ValueError:
            return {}
        return json.loads(read) if isinstance(read, str) else read

    real = raw[raw["true_customer"].notna()]
    return pd.DataFrame([fields(text) for text in real["customer_info"]], index=real.index).fillna("")


def matched(raw: pd.DataFrame) -> pd.Series:
    """Return a customer per lead, matched in the plainest way: e-mail, phone and name, name and company."""
    groups: dict[object, object] = {}

    def root(item: object) -> object:
        while groups.setdefault(item, item) != item:
            item = groups[item]
        return item

    fields = customers(raw)
    for row, lead in zip(fields.index, fields.to_dict("records")):
        for key in keys(lead):
            groups[root(key)] = root(row)
    return pd.Series([root(row) for row in fields.index], index=fields.index)


def keys(lead: dict[str, str]) -> list[tuple[str, ...]]:
    email = re.sub(r"\+[^@]*", "", lead.get("Email", "").lower())
    phone = re.sub(r"\D", "", lead.get("Phone", ""))
    name = " ".join(sorted((fold(lead.get("FirstName", "")), fold(lead.get("LastName", "")))))
    words = re.sub("[.,]", "", fold(lead.get("Company", "")).replace("z o.o.", "")).replace("sp ", " sp ").split()
    while words and words[-1] in (*FORMS, "sp"):
        words.pop()
    shared = re.match("(info|sales|support|admin)@", email) or email == "test@test.com"
    return [
        *([("e-mail", email)] if email and not shared else []),
        *([("phone", phone[-9:], name)] if name.strip() and phone and phone != "1234567890" else []),
        *([("company", name, " ".join(words))] if name.strip() and words else []),
    ]


def fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return letters.translate(str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "đ": "d"}))


def test_leads_are_a_raw_frame_with_the_truth_after_it():
    raw = make_leads(customers=20)
    schema.check(raw, "raw")
    pdt.assert_frame_equal(raw, schema.conform(raw, "raw"))
    assert list(raw)[-2:] == ["true_customer", "true_stage"]
    assert list(raw["origin_row"]) == list(range(1, len(raw) + 1))


def test_the_same_arguments_give_the_same_leads_and_another_seed_others():
    pdt.assert_frame_equal(make_leads(customers=50, seed=7), make_leads(customers=50, seed=7))
    assert not make_leads(customers=50, seed=7).equals(make_leads(customers=50, seed=8))


def test_arguments_say_how_many_and_when():
    raw = make_leads(customers=300, offers=3, months=2, start="2024-02-01")
    assert raw["offer_title"].nunique() == 3
    received = pd.to_datetime(raw["received"], format="ISO8601")
    assert received.min().date() == pd.Timestamp("2024-01-31").date()
    assert received.max() < pd.Timestamp("2024-04-01 00:00:10", tz="UTC")


@pytest.mark.parametrize(
    ("argument", "value"), [("customers", 0), ("customers", 2_000_001), ("offers", 13), ("months", 0), ("seed", -1)]
)
def test_numbers_out_of_range_are_refused(argument, value):
    with pytest.raises(OptionError, match=f"{argument} is a whole number from"):
        make_leads(**{argument: value})


def test_a_start_that_is_no_date_is_refused():
    with pytest.raises(OptionError, match="start is a date"):
        make_leads(customers=1, start="soon")


@settings(max_examples=15, deadline=None)
@given(
    customers=st.integers(1, 60), seed=st.integers(0, 2**32 - 1), offers=st.integers(1, 12), months=st.integers(1, 30)
)
def test_every_seed_gives_whole_leads(customers, seed, offers, months):
    raw = make_leads(customers=customers, seed=seed, offers=offers, months=months)
    assert raw["true_customer"].nunique() == customers
    assert raw["true_customer"].isna().sum() == 2 * offers
    assert raw["record_id"].is_unique
    filled = ["lead_source", "action_code", "offer_title", "created", "received", "partition_key", "customer_info"]
    assert raw[[*filled, "description"]].notna().all(axis=None)


def test_a_plain_matcher_finds_exactly_the_true_customers():
    raw = make_leads(customers=6_000, seed=11)
    found = matched(raw)
    truth = raw.loc[found.index, "true_customer"]
    pairs = pd.DataFrame({"found": found, "truth": truth}).drop_duplicates()
    assert len(pairs) == truth.nunique() == found.nunique()


def test_the_sample_is_about_two_thousand_leads_of_six_offers(sample):
    assert len(sample) == pytest.approx(2000, abs=50)
    assert sample["offer_title"].nunique() == 6
    created = pd.to_datetime(sample["created"], format="%m/%d/%Y %I:%M:%S %p")
    assert created.dt.to_period("M").nunique() == 19  # 18 months and the day of the connection tests


def test_every_awkward_kind_is_in_the_sample(sample):
    fields = customers(sample)
    email, company = fields["Email"].str.lower(), fields["Company"]
    action, info = sample["action_code"], sample["customer_info"]
    counts = {
        "connection test": action.str.startswith("MSFT_TEST_").sum(),
        "test drive": (action == "StartTestDrive").sum(),
        "do not contact": (action == "DNC").sum(),
        "unknown action": (action == "Preview").sum(),
        "unknown source": sample["lead_source"].str.startswith("PartnerDirectory").sum(),
        "blanks round the bar": sample["lead_source"].str.contains(" | ", regex=False).sum(),
        "cut": info.str.endswith('"Compa').sum(),
        "encoded twice": info.str.startswith('"').sum(),
        "withheld": ((fields[["FirstName", "LastName", "Email", "Company"]] == "").all(axis=1)).sum(),
        "no e-mail": ((email == "") & (company != "")).sum(),
        "no phone": ((fields["Phone"] == "") & (email != "")).sum(),
        "no company": ((company == "") & (email != "")).sum(),
        "no name": ((fields["LastName"] == "") & (email != "")).sum(),
        "second address": email.str.endswith("@post.example").sum(),
        "plus tag": email.str.contains("+azure@", regex=False).sum(),
        "shared mailbox": email.str.startswith("info@").sum(),
        "placeholder e-mail": (email == "test@test.com").sum(),
        "placeholder phone": (fields["Phone"] == "1234567890").sum(),
        "formula": company.str.startswith("=HYPERLINK").sum(),
        "Chinese or Japanese": fields["LastName"].str.contains("[一-鿿]").sum(),
        "Cyrillic": fields["LastName"].str.contains("[а-яА-Я]").sum(),
        "accents": fields["LastName"].str.contains("[À-ž]").sum(),
        "dollar sign": sample["offer_title"].str.contains("$", regex=False).sum(),
        "note with lines": sample["description"].str.contains("\n").sum(),
        "URL parameters": sample["description"].str.startswith("{").sum(),
        "campaign": sample["description"].str.match("Campaigns: .").sum(),
    }
    assert {kind: count for kind, count in counts.items() if count < 3} == {}


def test_the_sample_sells_through_one_storefront_or_both(sample):
    sold = sample.groupby("offer_title")["action_code"].agg(set)
    azure, app_source = sold.map(lambda codes: "Create" in codes), sold.map(lambda codes: "PLT" in codes)
    assert (azure & app_source).any() and (azure & ~app_source).any() and (~azure & app_source).any()


def test_every_address_of_the_sample_is_made_up(sample):
    domains = sample["customer_info"].str.lower().str.extractall(r"[\w+.]@([\w.-]+)")[0]
    assert set(domains.str.rpartition(".")[2]) - {"example"} == {"com"}
    assert set(domains[domains.str.endswith(".com")]) == {"test.com"}


def test_leads_of_one_customer_and_offer_never_come_within_ten_seconds(sample):
    """The HTTPS capture knows only when a lead arrived, some seconds later: the order must survive that."""
    offer = sample["lead_source"].str.partition("|")[2].str.strip()
    created = pd.to_datetime(sample["created"], format="%m/%d/%Y %I:%M:%S %p")
    gaps = created.groupby([sample["true_customer"], offer]).diff()
    assert gaps.min() > pd.Timedelta(10, unit="s")
