import matplotlib.pyplot as plt
import pytest
from explorer_cases import leads_to_explore

import leadanalytics as la
from leadanalytics.explorer.pictures import PICTURES, PictureWidget, draw


@pytest.fixture
def funnels():
    return la.build_funnels(leads_to_explore(), window="30 days", funnel="acquisition")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_its_words_and_leaves_no_figure_behind(name, funnels):
    picture = draw(name, funnels, title="costs $5 and $6")
    assert picture.png.startswith(b"\x89PNG")
    assert funnels.attrs["definition"] in picture.words
    assert not plt.get_fignums()


@pytest.mark.parametrize("name", PICTURES)
def test_nobody_is_a_picture_too(name, funnels):
    assert draw(name, funnels[:0]).png


def test_the_widget_shows_a_picture_in_its_size_with_its_words(funnels):
    picture, widget = draw("funnel", funnels), PictureWidget(format="png")
    widget.show(picture)
    assert (bytes(widget.value), widget.tooltip) == (picture.png, picture.words)
    assert widget.layout.width == f"{picture.width}px"
