"""From leads to funnels to counts: who went how far, in which order and in which time."""

from leadanalytics.funnels.building import build_funnels, plan_funnels
from leadanalytics.funnels.counting import count_stages
from leadanalytics.funnels.durations import stage_durations
from leadanalytics.funnels.following import drop_offs
from leadanalytics.funnels.grouping import split_funnels
from leadanalytics.funnels.histogram import duration_histogram
from leadanalytics.funnels.packing import code_units
from leadanalytics.funnels.rules import FunnelRules
from leadanalytics.funnels.trends import stage_trend

__all__ = [
    "FunnelRules",
    "build_funnels",
    "code_units",
    "count_stages",
    "drop_offs",
    "duration_histogram",
    "plan_funnels",
    "split_funnels",
    "stage_durations",
    "stage_trend",
]
