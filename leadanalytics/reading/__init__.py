"""Files, folders and Azure Tables become raw records; what cannot be read is set aside and counted."""

from leadanalytics.reading.choosing import detect_layout, load_layouts
from leadanalytics.reading.converting import Conversion, convert_leads
from leadanalytics.reading.detecting import Detection, detect_files
from leadanalytics.reading.layouts import Layout
from leadanalytics.reading.records import Delivery, read_leads, read_records, read_referrals
from leadanalytics.reading.tables import get_leads, get_records

__all__ = [
    "Conversion",
    "Delivery",
    "Detection",
    "Layout",
    "convert_leads",
    "detect_files",
    "detect_layout",
    "get_leads",
    "get_records",
    "load_layouts",
    "read_leads",
    "read_records",
    "read_referrals",
]
