import re

import numpy as np
import pandas as pd
import pytest

from leadanalytics.charts import style_table
from leadanalytics.errors import FrameError

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)>',
    "</style><script>alert(4)</script>",
    "</td></table><iframe srcdoc='<script>parent.alert(5)</script>'>",
    "[x](javascript:alert(6))",
]


def cells(frame):
    """Return the words of the cells, by the header of their column."""
    html = style_table(frame).to_html()
    headers = re.findall(r'<th class="col_heading[^>]*>(.*?)</th>', html)
    return {
        name: re.findall(rf'<td class="data row\d+ col{place}" >(.*?)</td>', html) for place, name in enumerate(headers)
    }


def test_rates_are_percent_effects_are_points_and_counts_have_separators():
    frame = pd.DataFrame(
        {
            "n": [12345, 8],
            "rate": [0.0912, np.nan],
            "share_before": [0.5, 1],
            "mix_effect": [0.05, -0.12],
            "days": [3, 2.345],
        }
    )
    assert cells(frame) == {
        "n": ["12,345", "8"],
        "rate": ["9.1\xa0%", "–"],
        "share_before": ["50.0\xa0%", "100.0\xa0%"],
        "mix_effect": ["+5.0\xa0points", "−12.0\xa0points"],
        "days": ["3", "2.35"],
    }


def test_the_two_ends_of_an_interval_are_one_column():
    frame = pd.DataFrame(
        {"rate_low": [0.1, np.nan], "rate_high": [0.2, np.nan], "low": [1.0, 0.0], "high": [7.0, 2.5], "a_low": 3}
    )
    assert cells(frame) == {
        "rate_interval": ["10 to 20\xa0%", ""],
        "interval": ["1 to 7", "0 to 2.5"],
        "a_low": ["3", "3"],
    }


def test_times_are_days_where_they_have_no_hour_and_flags_are_words():
    times = pd.to_datetime(["2024-06-30", "2024-07-01"], utc=True)
    frame = pd.DataFrame({"day": times, "created_at": times + pd.Timedelta("90 min"), "inside": [True, False]})
    assert cells(frame) == {
        "day": ["2024-06-30", "2024-07-01"],
        "created_at": ["2024-06-30 01:30", "2024-07-01 01:30"],
        "inside": ["yes", "no"],
    }


def test_what_is_missing_is_a_dash():
    frame = pd.DataFrame(
        {
            "text": pd.array([None], "string"),
            "number": pd.array([None], "Int64"),
            "flag": pd.array([None], "boolean"),
            "time": pd.to_datetime([None], utc=True),
        }
    )
    assert cells(frame) == {name: ["–"] for name in frame.columns}


def test_the_definition_stands_under_the_table():
    frame = pd.DataFrame({"n": [1]})
    frame.attrs["definition"] = "Customers <b>, as of 2024-06-30."
    assert "<caption>Customers &lt;b&gt;, as of 2024-06-30.</caption>" in style_table(frame).to_html()


def test_the_same_frame_gives_the_same_html_and_is_not_changed():
    frame = pd.DataFrame({"rate_low": [0.1], "rate_high": [0.2]}, index=["a"])
    before = frame.copy(deep=True)
    assert style_table(frame).to_html() == style_table(before).to_html()
    pd.testing.assert_frame_equal(frame, before)
    assert style_table(frame).uuid != style_table(frame + 0.1).uuid


def test_names_that_are_there_twice_and_an_empty_frame_are_shown():
    twice = pd.DataFrame([["<b>", 1], ["c", 2]], columns=["a", "a"], index=[0, 0])
    assert "&lt;b&gt;" in style_table(twice).to_html()
    assert "<table" in style_table(pd.DataFrame({"rate": []})).to_html()


def test_it_can_be_taken_further():
    html = style_table(pd.DataFrame({"rate": [0.1, 0.2]})).bar(subset="rate").to_html()
    assert "linear-gradient" in html and "20.0\xa0%" in html


def test_something_else_is_refused():
    with pytest.raises(FrameError, match="found Series"):
        style_table(pd.Series([1]))


@pytest.mark.browser
def test_nothing_that_a_lead_says_runs_in_a_browser(browser):
    frame = pd.DataFrame(dict.fromkeys(PAYLOADS, PAYLOADS))
    frame["object"] = [[payload] for payload in PAYLOADS]
    frame["code"] = pd.Categorical(PAYLOADS)
    frame["text"] = pd.array(PAYLOADS, "string")
    frame.index = pd.MultiIndex.from_arrays([PAYLOADS, PAYLOADS], names=PAYLOADS[:2])
    frame.columns = pd.MultiIndex.from_arrays([frame.columns, frame.columns], names=PAYLOADS[2:4])
    frame.attrs["definition"] = "".join(PAYLOADS)
    browser.page.set_content(style_table(frame).to_html())
    browser.page.wait_for_timeout(200)
    assert browser.page.locator("script, img, svg, iframe, a").count() == 0
    assert browser.page.locator("td").first.inner_text() == PAYLOADS[0]
    assert (browser.dialogs, browser.errors, browser.outside) == ([], [], [])


@pytest.mark.browser
def test_a_price_is_no_formula(browser):
    browser.page.set_content(style_table(pd.DataFrame({"$a$": ["Save $5 and $10 today"]})).to_html())
    table = browser.page.locator("table.tex2jax_ignore.mathjax_ignore")
    assert table.locator("td").inner_text() == "Save $5 and $10 today"
