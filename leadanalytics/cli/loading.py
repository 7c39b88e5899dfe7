"""How the commands that need leads get them, and show meanwhile how far they are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from leadanalytics.cli.reading_options import Reading
from leadanalytics.cli.terminal import notices
from leadanalytics.progress import Progress, show_progress

if TYPE_CHECKING:
    import pandas as pd

    from leadanalytics.reading import Delivery


def deliver(sources: list[str], reading: Reading, tell: Progress) -> Delivery:
    """Return what the sources hold, after a warning for each file that was not read whole or holds no lead."""
    from leadanalytics.reading import read_records

    delivery = read_records(sources, **reading.choices(), progress=partial(tell, "Reading"))
    reading.warn(delivery)
    tell("Decoding", len(delivery.raw))
    return delivery


def load(sources: list[str], reading: Reading) -> pd.DataFrame:
    """Return the leads of the sources, with the customer that each belongs to."""
    return load_with_rejects(sources, reading)[0]


def load_with_rejects(sources: list[str], reading: Reading) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the leads as `load` does, and the records that could not be read."""
    from leadanalytics.decoding import decode_leads
    from leadanalytics.identity import identify_customers

    with show_progress(notices()) as tell:
        delivery = deliver(sources, reading, tell)
        leads = decode_leads(delivery.raw, **reading.decoding())
        return identify_customers(leads, reading.project.match, progress=tell), delivery.rejects
