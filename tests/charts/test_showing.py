import base64
import io
import json

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from leadanalytics.charts import describe_chart, plot_stages, plot_stages_by, save_chart, show_chart
from leadanalytics.charts.showing import COLORS
from leadanalytics.errors import ChartError

HOSTILE = '"><img src=x onerror=alert(1)>'


def html_of(shown):
    return shown._repr_mimebundle_()["text/html"]


def test_the_picture_carries_its_description(counts):
    ax = plot_stages(counts)
    shown = show_chart(ax)
    assert shown.description == repr(shown) == shown._repr_mimebundle_()["text/plain"] == describe_chart(ax)
    assert html_of(shown).startswith(f'<img alt="{describe_chart(ax)}" width="')
    picture = html_of(shown).split("base64,")[1].split('"')[0]
    assert base64.b64decode(picture) == shown.png
    assert json.dumps(shown._repr_mimebundle_())


def test_it_is_shown_once_and_can_still_be_saved(counts, tmp_path):
    ax, other = plot_stages(counts), plt.figure()
    show_chart(ax)
    assert plt.get_fignums() == [other.number]
    assert save_chart(ax, tmp_path / "chart.png").exists()


def test_many_charts_are_one_picture(counts):
    panels = plot_stages_by(pd.concat([counts.assign(offer_id="vm"), counts.assign(offer_id="crane")]))
    assert show_chart(panels).description == describe_chart(panels)
    assert plt.get_fignums() == []


def test_the_same_chart_is_the_same_light_picture(counts):
    ax = plot_stages(counts)
    shown = show_chart(ax)
    assert shown == show_chart(ax) == show_chart(plot_stages(counts))
    with Image.open(io.BytesIO(shown.png)) as image:
        assert len(image.getcolors()) <= COLORS
    assert len(shown.png) < 40_000


def test_it_cannot_be_changed(counts):
    with pytest.raises(AttributeError):
        show_chart(plot_stages(counts)).description = "other"


def test_a_description_is_text(counts):
    assert "<img src=x" not in html_of(show_chart(plot_stages(counts, title=HOSTILE)))


@pytest.mark.browser
def test_a_browser_shows_the_picture_with_its_description_and_runs_nothing(counts, browser):
    shown = show_chart(plot_stages(counts.assign(stage=HOSTILE), title=HOSTILE))
    browser.page.set_content(html_of(shown))
    image = browser.page.get_by_role("img", name=shown.description)
    assert image.evaluate("image => image.complete && image.naturalWidth > 500 && image.width < image.naturalWidth")
    assert browser.page.locator("img").count() == 1
    assert (browser.dialogs, browser.errors, browser.outside) == ([], [], [])


def test_something_else_is_refused():
    with pytest.raises(ChartError, match="found str"):
        show_chart("chart")
