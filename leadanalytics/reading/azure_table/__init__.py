"""A live Azure Table becomes raw records or a local copy: opened, read to its proven end, and accounted for."""

from leadanalytics.reading.azure_table.accounts import LeadTable, open_table
from leadanalytics.reading.azure_table.checking import Check, check_table
from leadanalytics.reading.azure_table.getting import get_leads, get_records
from leadanalytics.reading.azure_table.syncing import Synced, sync_leads

__all__ = ["Check", "LeadTable", "Synced", "check_table", "get_leads", "get_records", "open_table", "sync_leads"]
