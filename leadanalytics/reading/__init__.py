"""Files, folders and Azure Tables become raw records; what cannot be read is set aside and counted."""

from leadanalytics.reading.azure_table import LeadTable, get_leads, get_records, open_table
from leadanalytics.reading.layouts import Layout, detect_layout, load_layouts
from leadanalytics.reading.records import Delivery, read_leads, read_records

__all__ = [
    "Delivery",
    "Layout",
    "LeadTable",
    "detect_layout",
    "get_leads",
    "get_records",
    "load_layouts",
    "open_table",
    "read_leads",
    "read_records",
]
