import numpy as np
import pandas as pd

from leadanalytics.charts.calendars import (
    HALF_WEEKS,
    HEAD,
    YEAR_WEEKS,
    lay_out,
    month_borders,
    month_names,
    squares,
)


def test_weeks_are_columns_and_weekdays_rows():
    calendar = lay_out(pd.date_range("2024-01-01", "2024-01-09"), weeks=YEAR_WEEKS)
    assert calendar.columns.tolist() == [0] * 7 + [1, 1]
    assert (calendar.rows - HEAD).tolist() == [0, 1, 2, 3, 4, 5, 6, 0, 1]


def test_no_two_days_share_a_cell_and_blocks_stand_under_one_another():
    days = pd.date_range("1999-11-01", "2025-02-28")
    for weeks, blocks in ((YEAR_WEEKS, 27), (HALF_WEEKS, 52)):
        calendar = lay_out(days, weeks=weeks)
        assert len({*zip(calendar.columns, calendar.rows)}) == len(days)
        assert calendar.columns.min() == 0
        assert calendar.columns.max() < weeks
        assert len(calendar.tops) == blocks
        assert calendar.rows.max() < calendar.height


def test_months_are_named_where_they_begin():
    calendar = lay_out(pd.date_range("2024-01-15", "2024-03-02"), weeks=YEAR_WEEKS)
    assert month_names(calendar) == [(2.0, HEAD, "Jan"), (4.0, HEAD, "Feb"), (8.0, HEAD, "Mar")]


def test_a_border_runs_to_the_left_of_the_first_day_of_a_month():
    feb, mar = month_borders(lay_out(pd.date_range("2024-01-15", "2024-04-01"), weeks=YEAR_WEEKS))[:2]
    assert feb.tolist() == [[5, HEAD], [5, HEAD + 3], [4, HEAD + 3], [4, HEAD + 7]]
    assert mar.tolist()[-1] == [8, HEAD + 7]


def test_squares_stand_in_the_middle_of_their_cells():
    (corners,) = squares(np.array([2]), np.array([1.5]), size=0.5)
    assert corners.tolist() == [[2.25, 1.75], [2.75, 1.75], [2.75, 2.25], [2.25, 2.25]]


def test_no_days_make_no_blocks():
    assert lay_out(pd.DatetimeIndex([]), weeks=YEAR_WEEKS).height == 0
