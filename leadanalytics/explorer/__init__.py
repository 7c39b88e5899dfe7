"""The notebook widget: pick what to look at, and the funnel, its trend, its curve and its people follow."""

from leadanalytics.explorer.exploring import explore

__all__ = ["explore"]
