from pathlib import Path

import pytest

from leadanalytics.cli import main

SHAPES = Path(__file__).parents[1] / "data" / "shapes"


def detect(capsys, name, *words):
    with pytest.raises(SystemExit) as ended:
        main(["detect", str(SHAPES / name), *words])
    assert ended.value.code == 0
    return " ".join(capsys.readouterr().out.split())


def test_a_file_is_told_with_its_proof_and_masked_records(capsys):
    said = detect(capsys, "azure_table_no_keys_semicolon.csv")
    assert "layout azure_table:" in said
    assert "proven by CustomerInfo, LeadSource" in said
    assert "delimiter ;" in said
    assert "10 read + 0 set aside = 10 delivered" in said
    assert "dated 10 of 10 records, 2024-02-26 to 2024-04-22" in said
    assert "Amelia" not in said


def test_what_the_file_does_not_tell_is_asked_for_and_an_answer_is_taken(capsys):
    assert "or --tz Europe/Berlin" in detect(capsys, "sharepoint_list_export.csv")
    said = detect(capsys, "sharepoint_list_export.csv", "--tz", "Europe/Berlin")
    assert "zone of times without one Europe/Berlin" in said
    assert "dated 10 of 10" in said


def test_a_report_of_partner_center_is_told_by_its_name(capsys, tmp_path):
    (tmp_path / "x.csv").write_text("Date Acquired,Date Lost,Email\n,,ana@example.com\n", encoding="utf-8")
    said = detect(capsys, tmp_path / "x.csv")
    assert "layout partner_center_customers: the Partner Center customers report" in said
    assert "one record is a row of a report, which holds no leads" in said
    assert "1 read + 0 set aside = 1 delivered" in said
    assert "ana" not in said


def test_a_file_that_cannot_be_read_is_named(capsys, tmp_path):
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04" + bytes(100))
    (tmp_path / "good.csv").write_bytes((SHAPES / "salesforce_data_loader.csv").read_bytes())
    with pytest.raises(SystemExit) as ended:
        main(["detect", str(tmp_path), "--strict"])
    assert ended.value.code == 3
    assert "warning: bad.xlsx was not read: 'bad.xlsx' is" in capsys.readouterr().err
