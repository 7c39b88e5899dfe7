"""From leads to funnels to counts: who went how far, in which order and in which time."""

from leadanalytics.funnels.building import build_funnels
from leadanalytics.funnels.counting import count_stages
from leadanalytics.funnels.following import drop_offs

__all__ = ["build_funnels", "count_stages", "drop_offs"]
