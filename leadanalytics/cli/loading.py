"""How the commands that need leads get them, and show meanwhile how far they are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from leadanalytics.cli.reading_options import Reading
from leadanalytics.cli.terminal import notices
from leadanalytics.progress import show_progress

if TYPE_CHECKING:
    import pandas as pd


def load_with_rejects(sources: list[str], reading: Reading) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the leads as `load` does, and the records that could not be read."""
    from leadanalytics.decoding import decode_leads
    from leadanalytics.identity import identify_customers
    from leadanalytics.reading import read_records

    with show_progress(notices()) as tell:
        delivery = read_records(sources, **reading.choices(), progress=partial(tell, "Reading"))
        tell("Decoding", len(delivery.raw))
        leads = decode_leads(delivery.raw, vocabulary=reading.vocabulary())
        return identify_customers(leads, progress=tell), delivery.rejects


def load(sources: list[str], reading: Reading) -> pd.DataFrame:
    """Return the leads of the sources, with the customer that each belongs to."""
    from leadanalytics.recipes import load_leads

    with show_progress(notices()) as progress:
        return load_leads(sources, **reading.choices(), vocabulary=reading.vocabulary(), progress=progress)
