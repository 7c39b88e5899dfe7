"""A live Azure Table becomes raw records: opened, read to its proven end, and accounted for."""

from leadanalytics.reading.azure_table.accounts import LeadTable, open_table
from leadanalytics.reading.azure_table.getting import get_leads, get_records

__all__ = ["LeadTable", "get_leads", "get_records", "open_table"]
