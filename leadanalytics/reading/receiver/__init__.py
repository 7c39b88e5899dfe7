"""The HTTPS lead destination: an endpoint that takes posted leads and answers only when they are durably written."""

from leadanalytics.reading.receiver.application import Counts, make_receiver
from leadanalytics.reading.receiver.dead_letters import DeadLetters
from leadanalytics.reading.receiver.journal import Journal
from leadanalytics.reading.receiver.lead_table import LeadTable
from leadanalytics.reading.receiver.limits import Limits
from leadanalytics.reading.receiver.serving import serve
from leadanalytics.reading.receiver.url_secret import UrlSecret, read_secret

__all__ = [
    "Counts",
    "DeadLetters",
    "Journal",
    "LeadTable",
    "Limits",
    "UrlSecret",
    "make_receiver",
    "read_secret",
    "serve",
]
