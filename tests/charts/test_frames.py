import pandas as pd
import pytest

from leadanalytics.charts.frames import need
from leadanalytics.errors import FrameError


def test_a_missing_column_is_named_with_the_call_that_makes_it():
    need(pd.DataFrame({"time": [1]}), ["time"], maker="conversion_curve(funnels)")
    with pytest.raises(FrameError, match=r"needs the column 'at_risk'; conversion_curve\(funnels\)"):
        need(pd.DataFrame({"time": [1]}), ["time", "at_risk"], maker="conversion_curve(funnels)")
