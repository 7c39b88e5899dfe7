import warnings

import pytest

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
