"""One HTML file that tells a manager what the leads say, and opens anywhere, without a network."""

from leadanalytics.report.writing import write_report

__all__ = ["write_report"]
