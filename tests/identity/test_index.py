from __future__ import annotations

import math

import pandas as pd
import pytest
from filelock import FileLock

from leadanalytics.errors import FrameError, OptionError, ReadError, WriteError
from leadanalytics.identity import MatchRules, forget, identify_customers, index
from leadanalytics.identity.index import CustomerIndex
from leadanalytics.identity.known_records import read_known

ANA = {"first_name": "Ana", "last_name": "Ruiz", "email": "ana@example.org", "phone": None, "company": "Alpine"}
LI = {"first_name": "Li", "last_name": "Chen", "email": "li@example.net", "phone": "+34 612 345 671", "company": "Grid"}


def frame(*rows, start=0):
    leads = pd.DataFrame(list(rows)).astype("str")
    leads.insert(0, "record_id", [f"r{start + number:02d}" for number in range(len(leads))])
    days = pd.to_timedelta([start + number for number in range(len(leads))], "D")
    return leads.assign(created_at=pd.Timestamp("2024-03-01", tz="UTC") + days)


@pytest.fixture
def known(tmp_path):
    known = CustomerIndex.open(tmp_path / "index")
    known.update(frame(ANA, LI))
    return known


def customers_of(known):
    """Return the present customer of each record."""
    records = read_known(known.folder).records.select(["record_id", "customer_id"]).to_pandas()
    return records.drop_duplicates("record_id").set_index("record_id")["customer_id"]


def events(updated):
    return updated.events.fillna("")[["event", "record_id"]].astype("str").to_numpy().tolist()


def test_the_first_update_is_as_identifying(tmp_path):
    leads = frame(ANA, ANA | {"email": "ANA+x@example.org"}, LI).assign(is_test=[False, False, True])
    updated = CustomerIndex.open(tmp_path).update(leads)
    pd.testing.assert_frame_equal(updated.leads, identify_customers(leads))
    assert events(updated) == [["created", "r00"], ["joined", "r01"]]
    assert updated.refreshed


def test_later_leads_join_whom_they_match(known):
    before = customers_of(known)
    updated = known.update(frame(ANA, {"first_name": "Bo", "email": "bo@example.com"}, start=2), refresh_at=math.inf)
    assert events(updated) == [["created", "r03"], ["joined", "r02"]]
    assert updated.leads["customer_id"].tolist()[0] == before["r00"]
    assert updated.leads["match_rule"].tolist() == ["e-mail; name; company", "alone"]
    assert not updated.refreshed


def test_a_lead_may_join_two_customers_of_which_the_older_survives(known):
    first = customers_of(known)
    known.update(
        frame(ANA | {"email": None, "company": None, "phone": "+34 699 888 771"}, start=2), refresh_at=math.inf
    )
    third = customers_of(known)["r02"]
    assert third not in set(first)
    updated = known.update(frame(ANA | {"phone": "+34 699 888 771"}, start=3), refresh_at=math.inf)
    assert events(updated) == [["joined", "r03"], ["merged", "r02"]]
    assert set(customers_of(known)[["r00", "r02", "r03"]]) == {first["r00"]}
    crosswalk = known.crosswalk().set_index("customer_id")
    assert crosswalk["present_id"].to_dict() == {
        first["r00"]: first["r00"],
        first["r01"]: first["r01"],
        third: first["r00"],
    }
    assert crosswalk.loc[third, "since"] == pd.Timestamp("2024-03-03", tz="UTC")


def test_the_part_with_the_oldest_record_keeps_the_id(known):
    first = customers_of(known)
    known.update(frame(ANA, start=2))
    updated = known.update(frame(LI, start=3), different=[("r00", "r02")], refresh_at=math.inf)
    assert ["split", "r02"] in events(updated)
    now = customers_of(known)
    assert now["r00"] == first["r00"] != now["r02"]
    assert known.crosswalk()["customer_id"].iloc[-1] == now["r02"]


def test_the_users_lists_may_name_known_records(known):
    updated = known.update(frame(LI, start=2), same=[("r00", "r01")], refresh_at=math.inf)
    assert ["merged", "r01"] in events(updated)
    assert len(set(customers_of(known))) == 1
    with pytest.raises(FrameError, match="not there"):
        known.update(frame(LI, start=3), same=[("r00", "nobody")], refresh_at=math.inf)


def test_the_rules_of_an_update_are_those_of_the_next(known):
    assert known.rules == MatchRules()
    first = known.update(frame(ANA, start=2), different=[("r00", "r02")], refresh_at=math.inf)
    assert first.leads.attrs["match_rules"] == known.rules == MatchRules(different=[("r00", "r02")])
    assert customers_of(known)["r00"] != customers_of(known)["r02"]
    later = known.update(frame(LI, start=3), refresh_at=math.inf)
    assert later.events["event"].tolist() == ["joined"]
    assert identify_customers(frame(LI, start=4), known=known).attrs["match_rules"] == known.rules
    again = known.update(frame(LI, start=4), different=[], refresh_at=math.inf)
    assert ["merged", "r02"] in events(again)


def test_forgotten_records_are_in_no_pair(known):
    known.update(frame(ANA, start=2), same=[("r00", "r01")], different=[])
    forget(known, record_ids=["r01"], whole_customer=False)
    assert known.rules == MatchRules()
    assert known.update(frame(LI, start=3)).events["event"].tolist() == ["created"]


def test_an_index_holds_the_evidence_only(known):
    with pytest.raises(OptionError, match="evidence"):
        known.update(frame(ANA, start=2), method="keys")


def test_a_record_delivered_again_is_the_same_customers(known):
    before = customers_of(known)
    again = frame(ANA, {"first_name": "Zoe", "email": "zoe@example.com"})
    updated = known.update(again, refresh_at=math.inf)
    assert updated.leads["customer_id"].tolist() == before.tolist()
    assert updated.events.empty
    assert read_known(known.folder).records.num_rows == 3  # Ana's says the same again


def test_rarity_is_measured_anew_when_the_list_has_doubled(known):
    assert not known.update(frame(ANA, start=2)).refreshed
    assert known.update(frame(ANA, start=3)).refreshed
    assert read_known(known.folder).rarity.leads == 4
    known.update(frame(ANA, start=4))
    assert known.refresh().empty
    assert read_known(known.folder).rarity.leads == 5


def test_accounts_go_on(known):
    work = [{"first_name": name, "email": f"{name}@contoso.example"} for name in ("Kim", "Joe", "Mia")]
    first = known.update(frame(work[0], start=2), refresh_at=math.inf).leads["account_id"]
    second = known.update(frame(work[1], start=3), refresh_at=math.inf).leads["account_id"]
    third = known.update(frame(work[2], start=4), refresh_at=0).leads["account_id"]
    assert first.tolist() == second.tolist() == third.tolist()


def test_identifying_beside_an_index_stores_nothing(known):
    later = frame(ANA, start=2)
    before = {path.name: path.read_bytes() for path in known.folder.iterdir()}
    identified = identify_customers(later, known=known)
    assert identified["customer_id"].tolist() == [customers_of(known)["r00"]]
    assert {path.name: path.read_bytes() for path in known.folder.iterdir()} == before
    pd.testing.assert_frame_equal(known.update(later, refresh_at=math.inf).leads, identified)
    with pytest.raises(OptionError, match="evidence"):
        identify_customers(later, known=known, method="keys")


def test_leads_of_nobody_change_nothing(known):
    before = customers_of(known)
    updated = known.update(frame(ANA, start=2).assign(is_test=True), refresh_at=math.inf)
    assert updated.events.empty
    assert updated.leads["match_rule"].tolist() == ["test lead"]
    pd.testing.assert_series_equal(customers_of(known), before)


def test_an_index_that_is_not_there_is_empty(tmp_path):
    known = CustomerIndex.open(tmp_path / "none")
    assert known.crosswalk().empty
    assert not (tmp_path / "none").exists()


def test_two_at_once_are_refused(known, monkeypatch):
    monkeypatch.setattr(index, "_PATIENCE", 0)
    with FileLock(known.folder / ".lock"):
        with pytest.raises(WriteError, match="in use"):
            known.update(frame(ANA, start=2))


def test_what_fails_leaves_the_index_as_it_was(known):
    before = customers_of(known)
    with pytest.raises(FrameError):
        known.update(frame(ANA, start=2).assign(record_id=None))
    pd.testing.assert_series_equal(customers_of(known), before)


def test_a_damaged_index_is_refused(known):
    (known.folder / "records.arrow").write_bytes(b"something else")
    with pytest.raises(ReadError, match="cannot be read"):
        CustomerIndex.open(known.folder)


def test_nothing_of_a_person_shows_in_its_text(known):
    assert repr(known) == f"CustomerIndex({str(known.folder)!r})"
