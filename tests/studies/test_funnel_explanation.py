"""The text of an explanation is one line per lead, whatever strangers typed."""

import pandas as pd

from leadanalytics.studies import FunnelExplanation

FRAME = pd.DataFrame(
    {
        "unit": ["C-1"] * 2,
        "record_id": ["r1\n", "r2"],
        "created_at": pd.to_datetime(["2024-06-01 08:30", None], utc=True),
        "stage": ["Test drive", None],
        "why": ["step 1, Test drive: the entry", "it has no created time"],
        "match_rule": ["alone", None],
        "match_bits": [None, None],
    }
)
FUNNELS = pd.DataFrame({"depth": [1]})
FUNNELS.attrs["definition"] = "Customers who took Test drive."
SAID = FunnelExplanation({"C-1": "open at step 1 of 2, Test drive"}, FUNNELS, FRAME)


def test_text_and_repr():
    assert str(SAID).splitlines() == [
        "C-1: open at step 1 of 2, Test drive",
        "  2024-06-01 08:30  Test drive    step 1, Test drive: the entry  [r1 ]",
        "  undated           no stage      it has no created time  [r2]",
        "Customers who took Test drive.",
    ]
    assert repr(SAID) == "<FunnelExplanation: C-1: open at step 1 of 2, Test drive>"


def test_a_notebook_shows_the_text():
    shown = []
    printer = type("Printer", (), {"text": staticmethod(shown.append)})
    SAID._repr_pretty_(printer, cycle=False)
    assert shown == [str(SAID)]


def test_a_rule_that_merged_several_records_is_told_once():
    frame = pd.concat([FRAME.assign(record_id=[f"r{n}", f"s{n}"], match_rule=["phone", "e-mail"]) for n in range(2)])
    frame["match_bits"] = [9.0, 20.0, 8.0, None]
    text = str(FunnelExplanation({}, FUNNELS, pd.concat([frame, FRAME[:1].assign(match_rule="name", match_bits=7.0)])))
    assert text.splitlines()[:-1] == [
        "Merged by, the weakest first:",
        "  +7.0 bits  name  [r1 ]",
        "  +8.0 bits  phone  [2 records]",
        "  +20.0 bits  e-mail  [2 records]",
    ]
