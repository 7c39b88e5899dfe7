"""What a chart needs of the frame that it draws."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from leadanalytics.errors import FrameError, near_miss


def need_columns(frame: pd.DataFrame, columns: Sequence[str], *, maker: str) -> None:
    """Raise FrameError unless a frame has the columns that a chart draws.

    Examples
    --------
    >>> need_columns(pd.DataFrame({"raet": [0.4]}), ["rate"], maker="rank_offers(funnels)")
    Traceback (most recent call last):
    leadanalytics.errors.FrameError: the frame has no column 'rate'; found 'raet'; make one with rank_offers(funnels)
    """
    if not isinstance(frame, pd.DataFrame):
        raise FrameError("a chart is drawn of a frame", found=type(frame).__name__, next_step=f"make one with {maker}")
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        present = [str(name) for name in frame.columns]
        near = [close for name in missing if (close := near_miss(name, present))]
        raise FrameError(
            f"the frame has no column {', '.join(map(repr, missing))}",
            found=", ".join(map(repr, near or present[:8])) or "no column",
            next_step=f"make one with {maker}",
        )
