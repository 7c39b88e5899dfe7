"""Lists for people and for programs, safe in both."""

from leadanalytics.writing.formulas import guard_formulas
from leadanalytics.writing.lists import Written, write_leads
from leadanalytics.writing.tables import write_table

__all__ = ["Written", "guard_formulas", "write_leads", "write_table"]
