"""Charts of tables that already exist: nothing is counted here, only drawn."""

from leadanalytics.charts.changes import plot_change
from leadanalytics.charts.describing import describe_chart
from leadanalytics.charts.nowcasts import plot_nowcast, plot_replay
from leadanalytics.charts.offers import plot_offers
from leadanalytics.charts.panels import plot_stages_by
from leadanalytics.charts.saving import save_chart
from leadanalytics.charts.sensitivity import plot_sensitivity
from leadanalytics.charts.showing import show_chart
from leadanalytics.charts.stages import plot_stages
from leadanalytics.charts.tables import style_table

__all__ = [
    "describe_chart",
    "plot_change",
    "plot_nowcast",
    "plot_offers",
    "plot_replay",
    "plot_sensitivity",
    "plot_stages",
    "plot_stages_by",
    "save_chart",
    "show_chart",
    "style_table",
]
