"""Charts of tables that already exist: nothing is counted here, only drawn."""

from leadanalytics.charts.changes import plot_change
from leadanalytics.charts.curves import plot_curve
from leadanalytics.charts.days import plot_days
from leadanalytics.charts.describing import describe_chart
from leadanalytics.charts.durations import plot_durations
from leadanalytics.charts.flow import plot_flow
from leadanalytics.charts.nowcasts import plot_nowcast, plot_replay
from leadanalytics.charts.offers import plot_offers
from leadanalytics.charts.panels import plot_stages_by
from leadanalytics.charts.saving import save_chart
from leadanalytics.charts.sensitivity import plot_sensitivity
from leadanalytics.charts.showing import show_chart
from leadanalytics.charts.stages import plot_stages
from leadanalytics.charts.tables import style_table
from leadanalytics.charts.trends import plot_trend

__all__ = [
    "describe_chart",
    "plot_change",
    "plot_curve",
    "plot_days",
    "plot_durations",
    "plot_flow",
    "plot_nowcast",
    "plot_offers",
    "plot_replay",
    "plot_sensitivity",
    "plot_stages",
    "plot_stages_by",
    "plot_trend",
    "save_chart",
    "show_chart",
    "style_table",
]
