import io

import numpy as np
import pandas as pd
from rich.cells import cell_len
from rich.console import Console

from leadanalytics.cli.tables import facts_table, frame_table, funnel_table, unshown_steps


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
            "skipped": [0, 2],
            "left_out": [0, 1],
        }
    )
    shown = lines(funnel_table(counts, title="Funnel", groups=["offer_name"]))
    assert "VM Test drive 50 40 3 0 0" in shown
    assert "Get it now 7 14% (7% to 26%) 7 0 2 1" in shown


def test_branches_say_where_they_lead_and_funnels_their_steps():
    counts = offers("VM", "VM").assign(funnel=["acquisition", "contact_me"], stage=["Get it now", "Contact me"])
    shown = lines(funnel_table(counts, title="Funnel", groups=["offer_name"]))
    assert any(line.startswith("VM: to Get it now Get it now 1,234") for line in shown)
    assert any(line.startswith("VM: to Contact me Contact me 1,234") for line in shown)
    whole = counts.assign(stage=["Test drive", "Test drive"])
    assert any(
        line.startswith("Test drive Test drive") for line in lines(funnel_table(whole, title="Funnel", groups=[]))
    )


def test_a_rate_of_nothing_is_no_percentage():
    counts = offers("VM").assign(n=0, of_previous=0.0, of_previous_low=0.0, of_previous_high=0.06)
    assert any(
        "0 none (0% to 6%)" in line for line in lines(funnel_table(counts, title="Funnel", groups=["offer_name"]))
    )


def test_steps_that_no_lead_shows_are_named_with_their_offers():
    counts = offers("VM").assign(funnel="acquisition without Install")
    counts.attrs["funnels"] = {"acquisition without Install": {"unshown": ["Install"], "steps": ["Get it now"]}}
    assert unshown_steps(counts) == ["No lead shows Install, which is left out: VM."]
    assert unshown_steps(offers("VM")) == []


def test_a_rate_without_a_base_says_so():
    counts = pd.DataFrame(
        {"step": [2], "stage": ["Install"], "n": [0], "of_previous": [np.nan], "of_previous_low": [np.nan]}
    ).assign(of_previous_high=np.nan, open=0, dropped=0, bypass=0)
    assert "Install 0 no base 0 0" in lines(funnel_table(counts, title="Funnel", groups=[]))


def printed(table, width):
    console = Console(width=width, file=io.StringIO())
    console.print(table)
    return console.file.getvalue().splitlines()


def offers(*names):
    counts = pd.DataFrame({"offer_name": names}).assign(funnel="acquisition", step=2, stage="Get it now", n=1234)
    return counts.assign(
        of_previous=0.5,
        of_previous_low=0.4,
        of_previous_high=0.6,
        open=12,
        dropped=3,
        bypass=4567,
        skipped=4567,
        left_out=0,
    )


def test_headings_and_names_are_broken_between_words_at_80_columns():
    counts = offers("FlowGuard Virtual Machine for Azure", "ShiftPlanner 排班")
    lines = printed(funnel_table(counts, title="Funnel per offer", groups=["offer_name", "funnel"]), 80)
    words = {word for line in lines for word in line.split()}
    assert max(map(cell_len, lines)) <= 80
    assert {"FlowGuard", "Virtual", "Machine", "Azure", "ShiftPlanner", "排班"} <= words
    assert {"previous", "dropped", "skipped", "reached", "1,234", "50%", "(40%", "60%)", "4,567"} <= words
    assert "…" not in "".join(lines)


def test_only_a_word_without_room_is_broken_and_nothing_of_it_is_lost():
    guid = "3f6c2a90-71de-4b8e-9c05-d2a84e1b7f63"
    lines = printed(funnel_table(offers(guid, "Flow"), title="Funnel", groups=["offer_name", "funnel"]), 80)
    assert max(map(cell_len, lines)) <= 80
    first = [line.split(" ")[0] for line in lines]
    assert guid in "".join(first)
    assert {"previous", "dropped", "Get"} <= {word for line in lines for word in line.split()}


def test_a_table_that_has_room_has_one_line_for_each_row():
    lines = printed(funnel_table(offers("FlowGuard for Azure"), title="Funnel", groups=["offer_name", "funnel"]), 140)
    assert any("FlowGuard for Azure   Get it now   Get it now" in line for line in lines)


def test_ids_stay_in_one_piece_at_80_columns():
    frame = pd.DataFrame({"customer": ["C-b458c284a62575a9"], "why": ["took the test drive " * 6], "days": ["3"]})
    assert any("C-b458c284a62575a9" in line for line in printed(frame_table(frame, title="t"), 80))
