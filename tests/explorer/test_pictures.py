import matplotlib.pyplot as plt
import pandas as pd
import pytest
from explorer_cases import leads_to_explore

import leadanalytics as la
from leadanalytics.explorer.pictures import PICTURES, PictureWidget, draw


@pytest.fixture
def funnels():
    return la.build_funnels(leads_to_explore(), funnel="acquisition")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_its_words_and_leaves_no_figure_behind(name, funnels):
    picture = draw(name, funnels, title="costs $5 and $6")
    assert picture.png.startswith(b"\x89PNG")
    assert funnels.attrs["definition"] in picture.words
    assert not plt.get_fignums()


@pytest.mark.parametrize("name", PICTURES)
def test_nobody_is_a_picture_too(name, funnels):
    assert draw(name, funnels[:0]).png


def test_several_funnels_stand_side_by_side_each_with_its_words():
    own = la.build_funnels(leads_to_explore())
    picture = draw("funnel", own)
    assert "Test drive → Get it now → Install: 2 customers per offer at Test drive" in picture.words
    assert "Get it now: 1 customers per offer at Get it now" in picture.words
    assert picture.words.endswith(own.attrs["definition"])
    assert picture.width > draw("funnel", la.split_funnels(own)[0][1]).width


@pytest.mark.parametrize("name", PICTURES)
def test_a_step_whose_leads_exist_is_never_said_to_have_0_percent(name):
    """Of 400 who tried one asked in time, all others asked too late: under 1 %; of 60 more nobody: none."""
    at = pd.Timestamp("2024-01-01", tz="UTC")
    rows = [(f"C-{number}", "rare", "Test drive", at) for number in range(400)]
    rows += [
        (f"C-{number}", "rare", "Contact me", at + pd.Timedelta(days=1 if not number else 60)) for number in range(400)
    ]
    rows += [(f"D-{number}", "late", "Test drive", at) for number in range(60)]
    rows += [(f"D-{number}", "late", "Contact me", at - pd.Timedelta(days=3)) for number in range(60)]
    leads = pd.DataFrame(rows, columns=["customer_id", "offer_id", "stage", "created_at"])
    for offer, said in (("rare", "<1 %"), ("late", "none")):
        words = draw(name, la.build_funnels(leads[leads["offer_id"] == offer])).words
        assert said in words
        assert not any(word in words.replace("\N{NO-BREAK SPACE}", " ") for word in (" 0 %", "(0 %"))


def test_the_widget_shows_a_picture_in_its_size_with_its_words(funnels):
    picture, widget = draw("funnel", funnels), PictureWidget(format="png")
    widget.show(picture)
    assert (bytes(widget.value), widget.tooltip) == (picture.png, picture.words)
    assert widget.layout.width == f"{picture.width}px"
