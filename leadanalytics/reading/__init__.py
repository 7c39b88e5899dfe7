"""Files, folders and Azure Tables become raw records; what cannot be read is set aside and counted."""

from leadanalytics.reading.azure_table import (
    Check,
    LeadTable,
    Synced,
    check_table,
    get_leads,
    get_records,
    open_table,
    sync_leads,
)
from leadanalytics.reading.choosing import detect_layout, load_layouts
from leadanalytics.reading.converting import Conversion, convert_leads
from leadanalytics.reading.detecting import Detection, detect_files
from leadanalytics.reading.layouts import Layout
from leadanalytics.reading.records import Delivery, delivery_problems, read_leads, read_records, read_referrals

__all__ = [
    "Check",
    "Conversion",
    "Delivery",
    "Detection",
    "Layout",
    "LeadTable",
    "Synced",
    "check_table",
    "convert_leads",
    "delivery_problems",
    "detect_files",
    "detect_layout",
    "get_leads",
    "get_records",
    "load_layouts",
    "open_table",
    "read_leads",
    "read_records",
    "read_referrals",
    "sync_leads",
]
