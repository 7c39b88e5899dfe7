import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

import leadanalytics as la
from leadanalytics.reading.receiver.bodies import read_body
from leadanalytics.reading.receiver.envelopes import Receipt, ReceivedLead, iso_time, read_receipt, to_line

TIME = datetime(2024, 2, 27, 5, 41, 9, 123000, tzinfo=UTC)


def line(**body):
    return to_line(ReceivedLead(TIME, read_body(json.dumps(body).encode())))


def test_a_line_holds_the_time_an_id_and_the_body():
    envelope = json.loads(line(LeadSource="SPZA"))
    assert envelope["receivedAt"] == "2024-02-27T05:41:09.123Z"
    assert envelope["body"] == {"LeadSource": "SPZA"}
    assert envelope["id"].startswith("20240227T054109.123Z-")


def test_a_line_is_read_back_as_its_receipt():
    assert read_receipt(line(LeadSource="SPZA")) == Receipt(TIME, read_body(b'{"LeadSource":"SPZA"}').digest)


@pytest.mark.parametrize(
    "text", [b"", b'{"receivedAt":"2024-02-', b"[]", b"\0\0", b'{"receivedAt":"2024-02-27T05:41"}']
)
def test_a_cut_or_foreign_line_is_no_receipt(text):
    assert read_receipt(text) is None


def test_a_time_without_a_zone_is_no_receipt():
    assert read_receipt(b'{"receivedAt":"2024-02-27T05:41:09","id":"a-b"}') is None


def test_a_lead_with_half_a_letter_has_a_receipt_too():
    assert read_receipt(line(LeadSource="\ud83d")) is not None


def test_a_time_in_another_zone_is_written_in_utc():
    assert iso_time(TIME.astimezone(timezone(timedelta(hours=5)))) == "2024-02-27T05:41:09.123Z"


def test_the_layout_https_reads_the_lead_with_its_time(tmp_path):
    person = {"firstName": "Zoë", "email": "zoe@example.com"}
    bodies = [
        {"userDetails": person, "leadSource": "AzureMarketplace", "actionCode": "INS", "offerTitle": "App"},
        {"UserDetails": {"FirstName": "Zoë", "Email": "zoe@example.com"}, "LeadSource": "SPZA-INS|contoso.app"},
    ]
    (tmp_path / "leads.jsonl").write_bytes(b"".join(line(**body) for body in bodies))
    leads = la.decode_leads(la.read_leads(tmp_path))
    assert leads["layout"].tolist() == ["https", "https"]
    assert leads["first_name"].tolist() == ["Zoë", "Zoë"]
    assert leads["created_at"].tolist() == [TIME, TIME]
