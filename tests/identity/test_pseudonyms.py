from __future__ import annotations

import warnings

import pandas as pd
import pytest

from leadanalytics.decoding import decode_leads
from leadanalytics.errors import FrameError, OptionError
from leadanalytics.identity import identify_customers
from leadanalytics.identity.emails import canonical_emails, flat_emails, personal
from leadanalytics.identity.phones import canonical_phones, standard_phones
from leadanalytics.identity.pseudonyms import pseudonymise
from leadanalytics.samples import sample_leads

KEY = "a secret of the tests"


def share(key=KEY, **columns):
    size = len(next(iter(columns.values())))
    leads = pd.DataFrame({"record_id": [f"r{row}" for row in range(size)]})
    for name, values in columns.items():
        leads[name] = pd.Series(values, dtype="str")
    return pseudonymise(leads, key=key)


@pytest.fixture(scope="module")
def leads():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # codes on purpose unknown to the vocabulary
        return decode_leads(sample_leads())


def groups(leads, method):
    return pd.factorize(identify_customers(leads, method=method)["customer_id"])[0].tolist()


@pytest.mark.parametrize("method", ["keys", "evidence"])
def test_the_samples_give_the_same_customers(leads, method):
    assert groups(pseudonymise(leads, key=KEY), method) == groups(leads, method)


def test_nobody_is_named_any_more(leads):
    shared = pseudonymise(leads, key=KEY)
    assert list(shared.columns) == list(leads.columns)
    people = leads[~leads["is_test"]]
    for column in ("first_name", "last_name", "phone", "company", "record_id"):
        assert not set(people[column].dropna()) & set(shared[column].dropna()), column
    addresses = canonical_emails(people["email"]).dropna().drop_duplicates()
    named = addresses[personal(flat_emails(addresses))]
    assert not set(named) & set(shared["email"].dropna())
    assert shared[["description", "note", "customer_info", "url_parameters"]].isna().all(axis=None)
    assert shared["country"].equals(leads["country"])


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("email", "Ana Ruiz <ANA.Ruiz+azure@Example.com>", "ana.ruiz@example.com"),
        ("email", "a.na@googlemail.com", "ana@gmail.com"),
        ("phone", "+44 20 7946 0018", "(020) 7946 0018 ext. 2"),
        ("first_name", "MÜLLER", "Muller"),
        ("company", "The Alpine GmbH", "alpine"),
    ],
)
def test_spellings_that_mean_the_same_share_a_pseudonym(field, one, other):
    shared = share(**{field: [one, other, None]})[field]
    assert shared[0] == shared[1]
    assert pd.isna(shared[2])


def test_domains_of_firms_agree_and_free_mail_stays_readable():
    shared = share(email=["ana@alpine.example", "bo@alpine.example", "ana@gmail.com"], company=["Alpine.example"] * 3)
    domains = shared["email"].str.rpartition("@")[2]
    assert domains[0] == domains[1] == shared.loc[0, "company"]
    assert domains[2] == "gmail.com"
    assert shared["email"].is_unique


def test_mailboxes_that_are_nobodys_stay_what_they_are():
    shared = share(email=["Sales@alpine.example", "test@test.com", "ana@test.com"])["email"]
    assert shared[0].startswith("sales@")
    assert shared[1] == "test@test.com"
    assert not shared[2].startswith("ana")
    assert not personal(flat_emails(shared)).any()


def test_phone_pseudonyms_match_but_cannot_be_called():
    shared = share(
        phone=["+44 20 7946 0018", "+1 206 267 4000", "0000000", "555-0100"], country=["GB", "US", "US", "US"]
    )
    assert (canonical_phones(shared["phone"]) >= 0).tolist() == [True, True, False, False]
    assert shared["phone"].isna().tolist() == [False, False, True, True]
    assert standard_phones(shared["phone"], shared["country"]).isna().all()


def test_names_keep_their_shape():
    shared = share(
        first_name=["Jean-Pierre", "J.", "Dr. Ana", "Ruiz, Ana", "Unknown", "明美", "Артемий"],
        last_name=["O'Neil", "ONeil Jr.", "Ruiz", None, "-", "山口", "Крюков"],
    )
    first, last = shared["first_name"], shared["last_name"]
    assert first[0][0] == first[1][0]
    assert last[1] == f"{last[0]} jr."
    assert first[3] == f"{last[2]}, {first[2].removeprefix('dr. ')}"
    assert (first[4], last[4]) == ("unknown", "-")
    assert first[5] >= "一"
    assert first[6][0] in "абвгдежзиклмнопр"


def test_another_key_makes_other_pseudonyms_and_the_same_key_the_same():
    columns = {"first_name": ["Ana"], "email": ["ana@alpine.example"], "phone": ["+44 20 7946 0018"]}
    assert share(**columns).equals(share(**columns))
    assert share(**columns).equals(share(key=KEY.encode(), **columns))
    other = share(key=KEY + "!", **columns)
    assert not (share(**columns) == other).any(axis=None)


def test_columns_that_are_not_known_go_unless_they_are_kept():
    leads = pd.DataFrame({"record_id": ["r1"], "region": ["North"], "owner": ["Ana"]})
    shared = pseudonymise(leads, key=KEY, keep=["region"])
    assert shared["region"].tolist() == ["North"]
    assert shared["owner"].isna().all()
    assert leads["owner"].tolist() == ["Ana"]


@pytest.mark.parametrize("key", ["too short", b"too short", 12345678901234567])
def test_a_key_that_is_none_is_refused_and_never_quoted(key):
    with pytest.raises(OptionError, match="at least 16") as error:
        share(key=key, first_name=["Ana"])
    assert str(key) not in str(error.value)


@pytest.mark.parametrize("rows", [0, 2])
def test_leads_may_say_nothing(rows):
    nothing = pd.Series([None] * rows, dtype="str")
    shared = share(email=nothing, phone=nothing, first_name=nothing, company=nothing)
    assert shared.drop(columns="record_id").isna().all(axis=None)
    assert len(shared) == rows


def test_leads_need_record_ids():
    with pytest.raises(FrameError, match="record_id"):
        pseudonymise(pd.DataFrame({"email": ["ana@example.com"]}), key=KEY)


def test_pairs_in_the_rules_of_the_leads_get_the_same_pseudonyms():
    leads = identify_customers(pd.DataFrame({"record_id": ["r1", "r2"]}), same=[("r1", "r2")])
    shared = pseudonymise(leads, key=KEY)
    assert shared.attrs["match_rules"]["same"] == [shared["record_id"].tolist()]
    assert leads.attrs["match_rules"]["same"] == [["r1", "r2"]]
