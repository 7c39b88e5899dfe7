import pandas as pd
import pytest
from drawn_words import cut_off, overlapping, smallest
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex

from leadanalytics.auditing import count_days
from leadanalytics.charts import describe_chart, plot_days
from leadanalytics.errors import ChartError, FrameError


@pytest.fixture
def days():
    """Two to five leads a day from November to March, and none from 28 December to 9 January."""
    every = pd.date_range("2023-11-06", "2024-03-31", tz="Europe/Berlin")
    frame = pd.DataFrame({"day": every, "leads": [2, 3, 4, 5, 0, 2, 3] * 21, "silent": False})
    silent = every.tz_localize(None).to_series().between("2023-12-28", "2024-01-09").to_numpy()
    frame.loc[silent, ["leads", "silent"]] = [0, True]
    frame.attrs = {"chance": 0.001, "definition": "460 leads by day of creation (Europe/Berlin)."}
    return frame


def words(ax):
    return [text.get_text().replace("\xa0", " ") for text in ax.texts]


def cells(ax):
    return next(part for part in ax.collections if isinstance(part, PolyCollection))


def test_each_day_is_a_cell_and_darker_with_more_leads(days):
    ax = plot_days(days)
    faces = [to_hex(color) for color in cells(ax).get_facecolor()]
    assert len(faces) == len(days)
    assert faces[4] == "#ffffff"
    assert len({*faces[:4]}) == 4
    assert faces[0] == faces[5]


def test_days_of_a_gap_have_their_own_edge_and_a_stroke(days):
    ax = plot_days(days)
    edges = [to_hex(color) for color in cells(ax).get_edgecolor()]
    assert edges.count("#d55e00") == 13
    strokes = next(part for part in ax.collections if isinstance(part, LineCollection))
    assert len(strokes.get_segments()) == 13


def test_gaps_are_said_under_their_week_and_in_the_caption(days):
    ax = plot_days(days)
    assert "silent 28 Dec to 9 Jan" in words(ax)
    caption = ax.get_xlabel().replace("\n", " ").replace("\xa0", " ")
    assert caption.startswith("Silent: 28 Dec 2023 to 9 Jan 2024 (13 days).")
    assert "so long a gap has a probability below 1 in 1,000." in caption
    assert caption.endswith(days.attrs["definition"])
    assert plot_days(days.assign(silent=False)).get_xlabel().startswith("No silent gap.")


def test_of_many_gaps_the_longest_are_said(days):
    days["silent"] = days["day"].dt.day_of_week == 2
    days.loc[days.index[-2:], "silent"] = True
    caption = plot_days(days).get_xlabel().replace("\n", " ").replace("\xa0", " ")
    assert "30 to 31 Mar 2024 (2 days); and 18 shorter." in caption
    assert "8 Nov 2023 (1 day)" in caption


def test_months_weekdays_years_and_shades_are_named(days):
    ax = plot_days(days)
    assert {"Nov", "Dec", "Jan", "Feb", "Mar", "2023", "2024", "no lead", "1 to 2 a day", "5", "silent"} <= set(
        words(ax)
    )
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Mon", "Wed", "Fri"] * 2


def test_of_many_years_those_without_a_lead_are_named_and_not_drawn():
    every = pd.date_range("2026-03-01", "2099-01-05", tz="UTC")
    days = pd.DataFrame({"day": every, "leads": 0, "silent": True})
    days.loc[[0, 400, len(days) - 1], ["leads", "silent"]] = [2, False]
    ax = plot_days(days)
    assert [word for word in words(ax) if word.isdigit() and int(word) > 2000] == ["2026", "2027", "2099"]
    caption = ax.get_xlabel().replace("\n", " ").replace("\xa0", " ")
    assert "Not drawn, for no lead came: 2028 to 2098." in caption
    assert "6 Apr 2027 to 4 Jan 2099 (26,207 days)" in caption
    assert len(cells(ax).get_facecolor()) == days["day"].dt.year.isin([2026, 2027, 2099]).sum()


def test_a_lead_far_from_the_others_is_named_in_the_caption():
    made = pd.to_datetime(["2026-03-01", "2026-03-02", "2099-01-05"], utc=True)
    ax = plot_days(count_days(pd.DataFrame({"created_at": made})))
    assert len(cells(ax).get_facecolor()) == 2
    caption = ax.get_xlabel().replace("\n", " ")
    assert "left out: 1 more than 6 years from the others (2099-01-05)." in caption


def test_a_narrow_chart_has_half_years(days):
    _, ax = plt.subplots(figsize=(3.6, 6))
    assert ax is plot_days(days, ax=ax)
    assert ax.get_xlim() == (0, 28)
    assert plot_days(days).get_xlim() == (0, 54)


def test_wrong_frames_are_refused(days):
    with pytest.raises(ChartError, match="several groups"):
        plot_days(pd.concat([days, days]))
    with pytest.raises(FrameError, match=r"'silent'; count_days\(leads\)"):
        plot_days(days.drop(columns="silent"))


def test_no_days_are_said(days):
    ax = plot_days(days.iloc[:0])
    assert "No lead has a date" in words(ax)
    assert describe_chart(ax) == "Leads per day: No lead has a date."


def test_days_without_any_lead_have_no_shade(days):
    assert "no lead" in words(plot_days(days.assign(leads=0)))


def test_the_chart_describes_itself(days):
    assert describe_chart(plot_days(days)).replace("\xa0", " ") == (
        "Leads per day: 365 leads on 147 days, 6 Nov 2023 to 31 Mar 2024; the most are 5 on 9 Nov 2023. "
        "Silent: 28 Dec 2023 to 9 Jan 2024 (13 days)."
    )


@pytest.mark.parametrize("size", [(3.6, 16), (7.2, 9), (13.3, 7.5)])
def test_several_years_stay_readable(days, size):
    every = pd.date_range("2019-03-01", "2024-06-30", tz="UTC")
    years = pd.DataFrame({"day": every, "leads": range(len(every)), "silent": False})
    years.loc[300:310, "silent"] = True
    _, ax = plt.subplots(figsize=size, layout="constrained")
    plot_days(years, ax=ax, title="Contoso Document Management for Hospitals and Nursing Homes, 云文档同步企业版")
    assert overlapping(ax) == []
    assert cut_off(ax) == []
    assert smallest(ax) >= 7
