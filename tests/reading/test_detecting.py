import shutil
from pathlib import Path

import pytest

from leadanalytics.errors import ReadError, RejectsWarning
from leadanalytics.reading.detecting import IGNORED, KEY, SEARCHED, detect_files

SHAPES = Path(__file__).parents[1] / "data" / "shapes"


def detect(name, **options):
    (found,) = detect_files(SHAPES / name, **options)
    return found


def serves(found):
    return dict(zip(found.columns["column"], found.columns["serves"]))


def test_a_workbook_says_layout_proof_sheet_and_what_each_column_serves():
    found = detect("All Leads 4-26-2024 9-12-44 AM.xlsx")
    assert (found.layout.name, found.proof) == ("dynamics365", ("(Do Not Modify) Lead",))
    assert found.how["sheet"] == "All Leads"
    columns = serves(found)
    assert columns["(Do Not Modify) Lead"] == KEY
    assert columns["Business Phone"] == "phone"
    assert columns["Status Reason"] == IGNORED


def test_a_csv_says_encoding_and_delimiter():
    found = detect("salesforce_report_details_en_GB_latin1.csv")
    assert (found.how["encoding"], found.how["delimiter"], found.how["header row"]) == ("cp1252", ",", "1")
    assert found.read + found.set_aside == found.delivered == 15


def test_a_column_that_is_only_searched_says_so():
    (found,) = detect_files(SHAPES / "marketo_list_export.csv", columns={"Person Notes": "offer_title"})
    assert serves(found)["Person Source"] == "lead_source"
    assert serves(found)["Person Notes"] == "offer_title"
    (found,) = detect_files(SHAPES / "salesforce_import_wizard_ready.csv", columns={"Phone": "description"})
    assert SEARCHED not in serves(found).values()


def test_json_is_proven_by_its_outer_keys():
    found = detect("https_payloads.jsonl")
    assert found.proof == ("UserDetails", "LeadSource")
    assert "delimiter" not in found.how


def test_people_are_masked_in_the_sample_and_not_shown_by_the_object():
    found = detect("azure_table_storage_explorer_plain.csv")
    assert len(found.sample) == 3
    assert found.sample["customer_info"].str.startswith("{FirstName, ").all()
    assert "Okafor" not in found.sample.to_string()
    assert "Okafor" not in repr(found)


def test_the_callers_options_are_those_of_reading():
    found = detect("dynamics365_leads_export.csv", tz="America/New_York", columns={"Status Reason": "title"})
    assert found.layout.time_zone == "America/New_York"
    assert serves(found)["Status Reason"] == "title"


def test_referrals_are_told_too():
    assert detect("partner_center_leads_download.csv").layout.record_kind == "referral"


def test_a_file_of_no_layout_is_an_error(tmp_path):
    (tmp_path / "colours.csv").write_text("Colour,Taste\nred,sweet\n", encoding="utf-8")
    with pytest.raises(ReadError, match="nearest layout"):
        detect_files(tmp_path / "colours.csv")


def test_a_report_of_partner_center_is_told_too(tmp_path):
    (tmp_path / "x.csv").write_text("DateAcquired,DateLost,Email\n,,ana@example.com\n", encoding="utf-8")
    (found,) = detect_files(tmp_path / "x.csv")
    assert (found.layout.title, found.proof) == ("the Partner Center customers report", ("dateacquired", "datelost"))
    assert found.read == 1
    assert set(found.columns["serves"]) == {IGNORED}


def test_a_file_that_cannot_be_read_is_warned_about(tmp_path):
    (tmp_path / "colours.csv").write_text("Colour,Taste\nred,sweet\n", encoding="utf-8")
    shutil.copy(SHAPES / "https_array.json", tmp_path)
    with pytest.warns(RejectsWarning, match=r"colours\.csv was not read: the columns of"):
        (found,) = detect_files(tmp_path)
    assert found.origin == "https_array.json"
