"""Charts of tables that already exist: nothing is counted here, only drawn."""

from leadanalytics.charts.curves import plot_curve
from leadanalytics.charts.describing import describe_chart
from leadanalytics.charts.panels import plot_stages_by
from leadanalytics.charts.saving import save_chart
from leadanalytics.charts.stages import plot_stages

__all__ = ["describe_chart", "plot_curve", "plot_stages", "plot_stages_by", "save_chart"]
