import numpy as np
import pandas as pd
from rich.console import Console

from leadanalytics.cli.tables import facts_table, frame_table, funnel_table


def lines(table):
    console = Console(width=160, record=True, file=None)
    with console.capture() as capture:
        console.print(table)
    return [" ".join(line.split()) for line in capture.get().splitlines()]


def test_facts_show_numbers_with_thousands():
    assert "leads 12,345" in lines(facts_table("Leads", {"leads": 12345}))


def test_a_frame_shows_the_columns_that_were_asked_for():
    frame = pd.DataFrame({"origin": ["a.csv"], "secret": ["x"], "read": [1200]})
    shown = lines(frame_table(frame, title="Files", names={"origin": "file", "read": "leads"}))
    assert "file leads" in shown
    assert "a.csv 1,200" in shown


def test_missing_values_are_blank_and_control_characters_are_not_obeyed():
    frame = pd.DataFrame({"text": ["\x1b[31m[bold]red", None], "when": [pd.NaT, pd.NaT]})
    shown = lines(frame_table(frame, title="t"))
    assert "[31m[bold]red" in " ".join(shown)
    assert "\x1b" not in " ".join(shown)
    assert "NaT" not in " ".join(shown)


def test_a_funnel_shows_every_rate_with_its_interval_and_a_group_name_once():
    counts = pd.DataFrame(
        {
            "offer_name": ["VM", "VM"],
            "step": [1, 2],
            "stage": ["Test drive", "Get it now"],
            "n": [50, 7],
            "of_previous": [1.0, 0.14],
            "of_previous_low": [0.93, 0.0695],
            "of_previous_high": [1.0, 0.2619],
            "open": [40, 7],
            "dropped": [3, 0],
            "bypass": [0, 2],
        }
    )
    shown = lines(funnel_table(counts, title="Funnel", groups=["offer_name"]))
    assert "VM Test drive 50 40 3 0" in shown
    assert "Get it now 7 14% (7% to 26%) 7 0 2" in shown


def test_a_rate_without_a_base_says_so():
    counts = pd.DataFrame(
        {"step": [2], "stage": ["Install"], "n": [0], "of_previous": [np.nan], "of_previous_low": [np.nan]}
    ).assign(of_previous_high=np.nan, open=0, dropped=0, bypass=0)
    assert "Install 0 no base 0 0 0" in lines(funnel_table(counts, title="Funnel", groups=[]))
