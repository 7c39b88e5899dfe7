"""What a chart needs of the frame that it draws."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from leadanalytics.errors import FrameError, near_miss
from leadanalytics.schema import TEXT

OFFER = "offer_id"


def titled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with the titles of offers in place of their ids, where its `attrs` know them.

    Examples
    --------
    >>> frame = pd.DataFrame({"offer_id": ["3f6c", "desk"]})
    >>> frame.attrs["offer_labels"] = {"3f6c": "Crane"}
    >>> titled(frame)["offer_id"].tolist()
    ['Crane', 'desk']
    """
    labels = frame.attrs.get("offer_labels")
    if not labels or OFFER not in frame.columns or "offer_name" in frame.columns:
        return frame
    ids = frame[OFFER].astype(TEXT)
    return frame.assign(**{OFFER: ids.map(labels).astype(TEXT).fillna(ids)})


def need(frame: pd.DataFrame, columns: Sequence[str], *, maker: str) -> None:
    """Raise FrameError unless a frame has the columns that a chart draws; the maker is the call that gives them.

    Examples
    --------
    >>> need(pd.DataFrame({"tmie": [1]}), ["time"], maker="conversion_curve(funnels)")
    Traceback (most recent call last):
    leadanalytics.errors.FrameError: the chart needs the column 'time'; found 'tmie'; conversion_curve(funnels)
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        close = near_miss(missing[0], map(str, frame.columns))
        found = repr(close) if close else None
        raise FrameError(f"the chart needs the column {missing[0]!r}", found=found, next_step=maker)
