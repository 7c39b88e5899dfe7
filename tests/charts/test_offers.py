import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from leadanalytics.charts import describe_chart, plot_offers
from leadanalytics.errors import FrameError


@pytest.fixture
def ranking():
    frame = pd.DataFrame(
        {
            "offer_id": ["crane", "lift", "new"],
            "n": [1200, 100, 0],
            "reached": [480, 10, 0],
            "rate": [0.4, 0.1, np.nan],
            "shrunken": [0.39, 0.12, 0.2],
            "shrunken_low": [0.37, 0.07, 0.05],
            "shrunken_high": [0.42, 0.19, 0.5],
            "in_top": [0.9999, 0.02, 0.4],
        }
    )
    frame.attrs = {
        "by": ["offer_id"],
        "step": "Install",
        "top": 1,
        "prior": {"mean": 0.2},
        "base": "Of units that entered.",
        "definition": "Customers, as of 2024-06-30.",
    }
    return frame


def segments(collection):
    return [[tuple(map(float, point)) for point in line] for line in collection.get_segments()]


def test_the_shrunken_rate_is_a_dot_with_its_interval_and_the_raw_one_a_hollow_mark(ranking):
    ax = plot_offers(ranking)
    mean, raw, shrunken = ax.lines
    assert list(shrunken.get_xdata()) == [0.39, 0.12, 0.2]
    assert raw.get_markerfacecolor() == "white"
    assert list(raw.get_xdata())[:2] == [0.4, 0.1]
    assert np.isnan(raw.get_xdata()[2])
    assert set(mean.get_xdata()) == {0.2}
    pulls, intervals = ax.collections
    assert segments(pulls)[0] == [(0.4, 0), (0.39, 0)]
    assert segments(intervals)[1] == [(0.07, 1), (0.19, 1)]
    assert to_hex(intervals.get_color()[0]) == shrunken.get_color().lower() == "#0072b2"


def test_numbers_are_in_words_and_the_first_is_on_top(ranking):
    ax = plot_offers(ranking)
    texts = [text.get_text() for text in ax.texts]
    assert texts[1:5] == ["reached", "480 of 1,200", "10 of 100", "0 of 0"]
    assert texts[5:] == ["in top 1", ">99\xa0%", "2\xa0%", "40\xa0%"]
    assert ax.yaxis_inverted()
    assert ax.get_xlim() == pytest.approx((0, 0.51))


def test_the_caption_says_how_to_read_it_and_what_was_counted(ranking):
    caption = plot_offers(ranking).get_xlabel().replace("\n", " ")
    assert "pulled to the mean of all (20\xa0%, dashed)" in caption
    assert caption.endswith("Of units that entered. Customers, as of 2024-06-30.")


def test_the_title_says_what_is_ranked(ranking):
    assert plot_offers(ranking).get_title(loc="left") == "Offers by the share that reached Install"
    other = ranking.rename(columns={"offer_id": "country"})
    other.attrs = ranking.attrs | {"by": ["country"]}
    assert plot_offers(other).get_title(loc="left") == "Country by the share that reached Install"
    assert plot_offers(ranking, title="$5").get_title(loc="left") == "$5"


def test_it_is_told_in_words(ranking):
    assert describe_chart(plot_offers(ranking)) == (
        "Offers by the share that reached Install: the first of 3 is crane 39 % (37 to 42 %), in top 1 with a "
        "probability of >99 %. The last is new 20 % (5 to 50 %)."
    )
    assert describe_chart(plot_offers(ranking.iloc[:1], title="")) == "crane 39 % (37 to 42 %)."


def test_no_offers_are_said(ranking):
    ax = plot_offers(ranking.iloc[:0])
    assert ax.texts[-1].get_text() == "There is nothing to rank"
    assert describe_chart(ax).endswith("There is nothing to rank.")


def test_a_ranking_that_lost_its_attrs_is_still_drawn(ranking):
    ranking.attrs = {}
    ax = plot_offers(ranking)
    assert "in the top" in [text.get_text() for text in ax.texts]
    assert len(ax.lines) == 2
    ax.figure.canvas.draw()


def test_a_missing_column_is_named(ranking):
    with pytest.raises(FrameError, match=r"'shrunken'.*rank_offers"):
        plot_offers(ranking.drop(columns="shrunken"))


def test_too_few_offers_have_no_mean_to_be_told(ranking):
    ranking.attrs["prior"] = {"mean": 0.5, "strength": 1.0, "method": "Jeffreys: fewer than three to learn from"}
    ax = plot_offers(ranking)
    assert "pulled to the middle, as too few offers tell a mean" in " ".join(ax.get_xlabel().split())
    assert not [line for line in ax.lines if line.get_linestyle() == "--"]
