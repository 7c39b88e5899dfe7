import pandas as pd
import pytest

from leadanalytics.charts.frames import need_columns
from leadanalytics.errors import FrameError


def test_every_missing_column_is_named_with_what_is_near_and_who_makes_it():
    frame = pd.DataFrame(columns=["raet", "n"])
    with pytest.raises(FrameError, match=r"no column 'rate', 'low'; found 'raet'; make one with rank_offers"):
        need_columns(frame, ["n", "rate", "low"], maker="rank_offers(funnels)")


@pytest.mark.parametrize("other", [None, [1, 2]])
def test_something_else_than_a_frame_is_refused(other):
    with pytest.raises(FrameError, match=f"found {type(other).__name__}"):
        need_columns(other, ["n"], maker="rank_offers(funnels)")
