"""Lists for people and for programs, safe in both."""

from leadanalytics.writing.formulas import guard_formulas
from leadanalytics.writing.lists import Written, write_leads
from leadanalytics.writing.tables import write_table
from leadanalytics.writing.targets import Target, load_targets

__all__ = ["Target", "Written", "guard_formulas", "load_targets", "write_leads", "write_table"]
