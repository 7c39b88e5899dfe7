"""What funnels tell: who differs, what changed, what goes with conversion, and how sure that is."""

from leadanalytics.conversion.bypass import bypass_report
from leadanalytics.conversion.changes import decompose_change
from leadanalytics.conversion.comparing import compare
from leadanalytics.conversion.drivers import drivers
from leadanalytics.conversion.ranking import rank_offers

__all__ = ["bypass_report", "compare", "decompose_change", "drivers", "rank_offers"]
