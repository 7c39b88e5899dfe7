from pathlib import Path

import pytest

from leadanalytics.cli.checking import check_folder, check_list, check_out, check_zone
from leadanalytics.errors import LeadAnalyticsError
from leadanalytics.writing import load_targets


def said(check, *facts):
    with pytest.raises(LeadAnalyticsError) as raised:
        check(*facts)
    return str(raised.value)


def test_what_can_be_written_passes(tmp_path):
    targets = load_targets()
    for name in ("a.csv", "a.XLSX", "a.parquet"):
        check_out(Path(name))
        check_list(Path(name), "spreadsheet", targets)
    check_out(None)
    check_out(Path("r.htm"), (".html", ".htm"))
    check_list(None, "marketo", targets)
    check_list(Path("a.csv"), "marketo", targets)
    check_folder(tmp_path)
    check_folder(tmp_path / "new" / "folder")
    check_zone(None)
    check_zone("Europe/Berlin")


def test_another_format_is_refused_with_the_name_to_type(tmp_path):
    assert said(check_out, Path("out/f.json")) == (
        "--out takes .csv, .xlsx or .parquet; found 'f.json'; --out out/f.csv"
    )
    assert said(check_out, Path("r.pdf"), (".html", ".htm")) == "--out takes .html or .htm; found 'r.pdf'; --out r.html"
    assert said(check_list, Path("a.xlsx"), "marketo", load_targets()) == (
        "--out takes .csv; found 'a.xlsx'; --out a.csv"
    )
    assert "did you mean 'hubspot'" in said(check_list, None, "hubspto", load_targets())


def test_a_stream_is_no_file_and_no_folder():
    assert said(check_folder, Path("-")) == (
        "--out cannot be standard output; found '-'; name a file or folder, such as --out results"
    )
    assert said(check_out, Path("-")).endswith("such as --out list.csv")


def test_a_folder_is_no_file_and_a_file_no_folder(tmp_path):
    (tmp_path / "a.csv").mkdir()
    assert "found a folder of that name" in said(check_out, tmp_path / "a.csv")
    (tmp_path / "file").write_text("")
    assert said(check_folder, tmp_path / "file") == "--out is a folder; found a file 'file'; --out results"


def test_a_zone_that_nobody_knows_is_refused_with_the_near_miss():
    assert said(check_zone, "Europe/Berln") == (
        "tz is the name of a time zone; found 'Europe/Berln'; did you mean 'Europe/Berlin'?"
    )
    assert said(check_zone, "/etc").endswith("found '/etc'; tz='Europe/Berlin'")
