"""What funnels tell: how likely each step is, how long it takes, and what is still to come."""

from leadanalytics.conversion.curves import conversion_curve
from leadanalytics.conversion.nowcasting import nowcast
from leadanalytics.conversion.rates import conversion_rates
from leadanalytics.conversion.warmth import still_warm

__all__ = ["conversion_curve", "conversion_rates", "nowcast", "still_warm"]
