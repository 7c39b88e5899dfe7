"""How the commands that need leads get them, and show meanwhile how far they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadanalytics.cli.reading_options import Reading
from leadanalytics.cli.terminal import notices
from leadanalytics.progress import show_progress

if TYPE_CHECKING:
    import pandas as pd


def load(sources: list[str], reading: Reading) -> pd.DataFrame:
    """Return the leads of the sources, with the customer that each belongs to."""
    from leadanalytics.recipes import load_leads

    with show_progress(notices()) as progress:
        return load_leads(sources, **reading.choices(), vocabulary=reading.vocabulary(), progress=progress)
