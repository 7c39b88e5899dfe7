import pandas as pd

from leadanalytics.report.step_columns import step_columns

COUNTS = pd.DataFrame(
    {
        "step": [1, 2, 1],
        "stage": ["Test drive", "Install", "Contact me"],
        "n": [400, 1, 3],
        "with_lead": [400, 6, 3],
        "skipped": [0, 4, 0],
        "left_out": [0, 1, 0],
        "of_previous": [1.0, 0.0025, 1.0],
        "of_first": [1.0, 0.0025, 1.0],
        "open": [2, 0, 0],
        "dropped": [397, 0, 0],
    }
)


def plain(cells):
    return [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in cells]


def test_reached_skipped_and_left_out_are_all_with_such_a_lead():
    columns = step_columns(COUNTS, first="Test drive")
    parts = [[int(cell) for cell in columns[name]] for name in ("Reached", "Skipped Test drive", "Left out")]
    assert [sum(each) for each in zip(*parts)] == [int(cell) for cell in columns["With such a lead"]] == [400, 6, 3]
    assert "Reached it or a later one" not in columns


def test_a_small_rate_is_under_one_percent_and_none_says_of_how_many():
    assert plain(step_columns(COUNTS)["Of the first step"]) == ["", "<1 %", ""]
    nobody = COUNTS.assign(n=[400, 0, 3], left_out=[0, 2, 0], of_first=[1.0, 0.0, 1.0])
    assert plain(step_columns(nobody)["Of the first step"]) == ["", "none of 400", ""]
    assert plain(step_columns(COUNTS.assign(n=0, of_first=float("nan")))["Of the first step"]) == ["", "–", ""]


def test_where_all_enter_at_any_step_those_without_such_a_lead_have_a_column():
    columns = step_columns(COUNTS.assign(n=[402, 1, 3]))
    assert columns["Reached"] == ["400", "1", "3"]
    assert columns["Reached it or a later one"] == ["402", "1", "3"]


def test_steps_in_any_order_and_single_steps_have_fewer_columns():
    counts = COUNTS.drop(columns=["with_lead", "skipped", "left_out"])
    assert list(step_columns(counts))[:3] == ["Step", "Reached", "Of the step before"]
    assert "Of the first step" not in step_columns(COUNTS.iloc[[0]])
