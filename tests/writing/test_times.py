import pandas as pd
import pytest

from leadanalytics.writing.times import days, times_for_people, times_for_programs, times_in_form


def frame_of(*times):
    return pd.DataFrame({"at": pd.Series(pd.DatetimeIndex(list(times)))})


def test_people_read_utc_to_the_second_under_a_name_that_says_so():
    times = pd.DatetimeIndex(["2024-06-30 23:30:59.9"]).tz_localize("America/New_York")
    frame = times_for_people(pd.DataFrame({"at": times, "local": times.tz_localize(None)}))
    assert list(frame.columns) == ["at (UTC)", "local"]
    assert frame["at (UTC)"].tolist() == [pd.Timestamp("2024-07-01 03:30:59")]
    assert frame["local"].tolist() == [pd.Timestamp("2024-06-30 23:30:59.9")]


@pytest.mark.parametrize(
    ("time", "text"),
    [
        ("2024-01-31T23:30:00Z", "2024-01-31T23:30:00Z"),
        ("2024-01-31T23:30:00.5Z", "2024-01-31T23:30:00.500Z"),
        ("2018-03-22T15:48:03.1318844Z", "2018-03-22T15:48:03.131884400Z"),
        ("2024-02-01T00:30:00+01:00", "2024-01-31T23:30:00Z"),
        ("2024-01-31T23:30:00", "2024-01-31T23:30:00"),
    ],
)
def test_programs_read_iso_8601_with_every_digit(time, text):
    assert times_for_programs(frame_of(pd.Timestamp(time)))["at"].tolist() == [text]


def test_missing_times_stay_missing():
    frame = pd.DataFrame({"at": pd.to_datetime(["2024-01-01", None], utc=True)})
    assert times_for_programs(frame)["at"].isna().tolist() == [False, True]
    assert times_for_people(frame)["at (UTC)"].isna().tolist() == [False, True]


def test_the_day_is_that_of_utc_in_every_form():
    frame = pd.DataFrame({"at": pd.to_datetime(["2024-12-31T23:30:00-02:00", None], utc=False), "n": [1, 2]})
    assert times_in_form(frame, "YYYY-MM-DD")["at"].fillna("").tolist() == ["2025-01-01", ""]
    assert times_in_form(frame, "M/D/YY")["at"].fillna("").tolist() == ["1/1/25", ""]
    assert times_in_form(frame, "YYYY-MM-DDThh:mm:ssZ")["at"].fillna("").tolist() == ["2025-01-01T01:30:00Z", ""]
    assert days(frame)["at"].tolist() == [pd.Timestamp("2025-01-01"), pd.NaT]
    assert days(frame)["n"].tolist() == [1, 2]


def test_a_month_and_a_day_of_two_digits_keep_both():
    frame = pd.DataFrame({"at": pd.to_datetime(["2020-10-20T00:00:00Z", "2009-02-03T00:00:00Z"])})
    assert times_in_form(frame, "M/D/YY")["at"].tolist() == ["10/20/20", "2/3/09"]
