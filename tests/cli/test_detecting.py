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
