import pandas as pd
import pytest

from leadanalytics.charts.frames import need
from leadanalytics.errors import FrameError


def test_a_missing_column_is_named_with_what_is_near_and_who_makes_it():
    frame = pd.DataFrame(columns=["raet", "n"])
    need(frame, ["n"], maker="rank_offers(funnels)")
    with pytest.raises(FrameError, match=r"needs the column 'rate'; found 'raet'; rank_offers"):
        need(frame, ["n", "rate"], maker="rank_offers(funnels)")
