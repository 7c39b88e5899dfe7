"""Times as people and as programs read them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadanalytics import schema

# How a time may be written, and the code of strftime for it.
DATE_FORMS = {"YYYY-MM-DD": "%Y-%m-%d", "M/D/YY": "%m/%d/%y", "YYYY-MM-DDThh:mm:ssZ": "%Y-%m-%dT%H:%M:%SZ"}


def times_for_people(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with its zoned times as plain UTC times to the second, and "(UTC)" after their columns' names.

    Examples
    --------
    >>> frame = pd.DataFrame({"first_at": pd.to_datetime(["2024-06-30T14:05:09.5+02:00"])})
    >>> times_for_people(frame)
          first_at (UTC)
    0 2024-06-30 12:05:09
    """
    return _changed(
        frame,
        lambda times: times.dt.tz_convert("UTC").dt.tz_localize(None).dt.floor("s") if _zoned(times) else times,
        lambda name, times: f"{name} (UTC)" if _zoned(times) else name,
    )


def times_for_programs(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with its times as ISO 8601 text with every digit they have, and Z where they have a zone.

    Examples
    --------
    >>> frame = pd.DataFrame({"first_at": pd.to_datetime(["2024-06-30T14:05:09.5Z", "2024-07-01T00:00:00.0Z"])})
    >>> times_for_programs(frame)["first_at"].tolist()
    ['2024-06-30T14:05:09.500Z', '2024-07-01T00:00:00.000Z']
    """
    return _changed(frame, lambda times: _iso(times) if is_time(times) else times, lambda name, _: name)


def times_in_form(frame: pd.DataFrame, form: str) -> pd.DataFrame:
    """Return a frame with its times, in UTC, as text of a form: "YYYY-MM-DD", "M/D/YY" or "YYYY-MM-DDThh:mm:ssZ".

    Examples
    --------
    >>> frame = pd.DataFrame({"first_at": pd.to_datetime(["2024-02-07T23:30:00-02:00"])})
    >>> [times_in_form(frame, form)["first_at"][0] for form in ("YYYY-MM-DD", "M/D/YY", "YYYY-MM-DDThh:mm:ssZ")]
    ['2024-02-08', '2/8/24', '2024-02-08T01:30:00Z']
    """
    return _changed(frame, lambda times: _formed(times, form) if is_time(times) else times, lambda name, _: name)


def days(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with its zoned times as the UTC day that they fall on, without a zone.

    Examples
    --------
    >>> frame = pd.DataFrame({"first_at": pd.to_datetime(["2024-02-07T23:30:00-02:00"])})
    >>> days(frame)
        first_at
    0 2024-02-08
    """
    return _changed(
        frame,
        lambda times: times.dt.tz_convert("UTC").dt.tz_localize(None).dt.normalize() if _zoned(times) else times,
        lambda name, _: name,
    )


def is_time(values: pd.Series) -> bool:
    """Return whether a column holds times, with or without a zone."""
    return pd.api.types.is_datetime64_any_dtype(values.dtype)


def _zoned(values: pd.Series) -> bool:
    return isinstance(values.dtype, pd.DatetimeTZDtype)


def _changed(
    frame: pd.DataFrame,
    change: Callable[[pd.Series], pd.Series],
    rename: Callable[[object, pd.Series], object],
) -> pd.DataFrame:
    """Change and rename column by column; two columns may have the same name."""
    columns = [values for _, values in frame.items()]
    changed = pd.DataFrame({number: change(values) for number, values in enumerate(columns)}, index=frame.index)
    changed = changed.set_axis([rename(values.name, values) for values in columns], axis="columns")
    changed.attrs = dict(frame.attrs)
    return changed


def _iso(times: pd.Series) -> pd.Series:
    text = pc.strftime(_coarsest(pa.array(times, from_pandas=True)), format="%Y-%m-%dT%H:%M:%S")
    text = pc.binary_join_element_wise(text, pa.scalar("Z" if _zoned(times) else ""), "").cast(pa.large_string())
    return pd.Series(schema.TEXT.__from_arrow__(text), index=times.index)


def _formed(times: pd.Series, form: str) -> pd.Series:
    times = times.dt.tz_convert("UTC") if _zoned(times) else times
    text = times.dt.strftime(DATE_FORMS[form]).astype(schema.TEXT)
    # Not every system's strftime can leave the zero of a month or day out.
    return text.str.replace(r"\b0(?=\d/)", "", regex=True) if form == "M/D/YY" else text


def _coarsest(times: pa.Array) -> pa.Array:
    """Give times in the longest unit that loses nothing: it says how many digits are written."""
    for unit in ("s", "ms", "us"):
        try:
            # Local times of a zone would be written; the same instants without one are UTC.
            return times.cast(pa.timestamp(unit, times.type.tz)).cast(pa.timestamp(unit))
        except pa.ArrowInvalid:
            continue
    return times.cast(pa.timestamp("ns"))
