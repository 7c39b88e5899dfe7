import os
import warnings

import pytest
from terminal_screen import run_in_terminal, screen

import leadanalytics as la
from leadanalytics.cli.terminal import notices, output, progress, say_error, warnings_in_one_line
from leadanalytics.errors import RejectsWarning


def test_results_go_to_standard_output_and_notices_to_standard_error(capsys):
    output().print("a result")
    notices().print("a notice")
    assert capsys.readouterr() == ("a result\n", "a notice\n")


def test_progress_is_silent_where_nobody_watches(capsys):
    with progress("Reading"):
        pass
    assert capsys.readouterr() == ("", "")


def test_an_error_is_one_line_however_long(capsys):
    say_error("x " * 200)
    assert capsys.readouterr().err.count("\n") == 1


def test_a_warning_is_one_line(capsys):
    with warnings_in_one_line():
        warnings.warn("2 set aside", RejectsWarning, stacklevel=1)
    assert capsys.readouterr().err == "warning: 2 set aside\n"


@pytest.mark.filterwarnings("default")
def test_other_packages_warnings_are_not_shown_to_analysts(capsys):
    with warnings_in_one_line():
        warnings.warn("internal", RuntimeWarning, stacklevel=1)
    assert capsys.readouterr().err == ""


def test_there_is_one_console_for_progress_and_warnings(capsys):
    with progress("Reading"):
        assert notices() is notices()
    notices().print("a notice")
    assert capsys.readouterr().err == "a notice\n"


def test_the_screen_of_the_tests_obeys_what_rich_writes():
    assert screen("\x1b[?25labc\r\n12\x1b[1A\r\x1b[2Kx\n\x1b[31my\x1b[0m", 80) == ["x", "1y"]
    assert screen("abcdef", 4) == ["abcd", "ef"]


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
@pytest.mark.parametrize("command", ["audit", "run"])
def test_progress_is_wiped_before_a_warning_is_printed(tmp_path, command):
    la.write_samples(tmp_path / "samples")
    (tmp_path / "samples" / "notes.txt").write_text("no leads here", encoding="utf-8")
    words = ["audit", "samples"] if command == "audit" else ["run", "samples", "--out", "out"]
    lines, code = run_in_terminal(words, folder=tmp_path)
    assert code == 0
    assert [line for line in lines if "warning: " in line and not line.startswith("warning: ")] == []
    assert sum(line.startswith("warning: ") for line in lines) == 1
    assert not [line for line in lines if "0:00:0" in line]  # no progress is left behind


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
def test_an_error_in_a_terminal_stands_by_itself(tmp_path):
    la.write_samples(tmp_path / "samples")
    lines, code = run_in_terminal(["funnel", "samples", "--window", "soon"], folder=tmp_path)
    assert code == 2
    said = "".join(lines[next(place for place, line in enumerate(lines) if line.startswith("error: ")) :])
    assert said == "error: --window is a length of time; found 'soon'; for example --window \"30 days\""


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
def test_a_funnel_table_has_whole_words_in_a_terminal_of_80_columns(tmp_path):
    la.write_samples(tmp_path / "samples")
    lines, _ = run_in_terminal(["run", "samples", "--out", "out"], folder=tmp_path)
    words = {word for line in lines for word in line.split()}
    assert {"CostWatch", "FieldNotes:", "FlowGuard", "ShiftPlanner", "排班:"} <= words
    assert {"previous", "reached", "dropped", "skipped"} <= words
    assert "…" not in "".join(lines)
