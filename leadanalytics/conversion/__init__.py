"""What funnels tell: how likely, how fast, what is still to come, who differs, what changed, and how sure that is."""

from leadanalytics.conversion.bypass import bypass_report
from leadanalytics.conversion.changes import decompose_change
from leadanalytics.conversion.comparing import compare
from leadanalytics.conversion.curves import conversion_curve
from leadanalytics.conversion.drivers import drivers
from leadanalytics.conversion.nowcasting import nowcast
from leadanalytics.conversion.ranking import rank_offers
from leadanalytics.conversion.rates import conversion_rates
from leadanalytics.conversion.warmth import still_warm

__all__ = [
    "bypass_report",
    "compare",
    "conversion_curve",
    "conversion_rates",
    "decompose_change",
    "drivers",
    "nowcast",
    "rank_offers",
    "still_warm",
]
