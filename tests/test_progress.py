import io

from rich.console import Console

from leadanalytics.progress import show_progress


def watched():
    return Console(file=io.StringIO(), force_terminal=True, width=80)


def test_a_step_and_its_rows_are_shown_while_it_lasts():
    console = watched()
    with show_progress(console) as progress:
        progress("Reading", 1_000)
        progress("Decoding", 2_500)
    shown = console.file.getvalue()
    assert "Decoding 2,500 rows" in shown
    assert "Reading" not in shown.rpartition("Decoding")[2]


def test_nothing_is_left_behind():
    console = watched()
    with show_progress(console) as progress:
        progress("Reading", 1_000)
    assert console.file.getvalue().endswith("\x1b[2K")  # the line is erased


def test_nothing_is_shown_where_nobody_watches(capsys):
    with show_progress() as progress:
        progress("Reading", 1_000)
    assert capsys.readouterr() == ("", "")
