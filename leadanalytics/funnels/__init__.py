"""From leads to funnels to counts: who went how far, in which order and in which time."""

from leadanalytics.funnels.building import build_funnels
from leadanalytics.funnels.counting import count_stages
from leadanalytics.funnels.durations import stage_durations
from leadanalytics.funnels.following import drop_offs
from leadanalytics.funnels.histogram import duration_histogram
from leadanalytics.funnels.packing import code_units
from leadanalytics.funnels.trends import stage_trend

__all__ = [
    "build_funnels",
    "code_units",
    "count_stages",
    "drop_offs",
    "duration_histogram",
    "stage_durations",
    "stage_trend",
]
