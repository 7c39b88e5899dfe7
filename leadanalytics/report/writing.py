"""The report as one file that appears whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from leadanalytics.errors import OptionError, WriteError
from leadanalytics.funnels import FunnelRules
from leadanalytics.replacing import replacing
from leadanalytics.report.findings import find
from leadanalytics.report.page import render
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

__all__ = ["write_report"]

SUFFIXES = (".html", ".htm")


def write_report(
    leads: pd.DataFrame,
    path: str | Path,
    rules: FunnelRules | Mapping[str, Any] | None = None,
    *,
    title: str = "Marketplace leads",
    freq: str | None = None,
    tz: str | None = None,
    offers: int = 20,
    with_people: bool = False,
    rejects: pd.DataFrame | None = None,
    vocabulary: Vocabulary | None = None,
    **changes: Any,
) -> Path:
    """Return the path of one HTML file that tells what the leads say, for readers who have three minutes.

    It needs no network, runs no script and opens in every browser; it prints to A4 and can be read on a telephone, in
    the dark and by a screen reader. The same leads and options give the same bytes. People are not in it unless asked
    for: only how many there are.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id; raw leads, and leads without it, are decoded and identified first.
    path : path
        The file, .html. Missing folders are made; a file of that name is replaced in one step.
    rules : FunnelRules or mapping, optional
        What the funnels mean; by default each offer has its own funnel, with a window of 30 days.
    title : str
        What the report is about.
    freq : str, optional
        The periods of the trend, as `stage_trend` takes them; by default such as suit the time that the leads span.
    tz : str, optional
        The zone of periods, days and times; by default that of the rules. Where the rules name no zone, plain dates
        such as as_of="2024-06-30" are of this zone too.
    offers : int
        How many offers are drawn, the largest first; a table holds all of them.
    with_people : bool
        Also show whom to write to and who is likely to go on, by name. Whoever asked not to be contacted is never
        shown.
    rejects : DataFrame, optional
        The records that could not be read, as in `read_records(paths).rejects`, to be counted with the rest.
    vocabulary : Vocabulary, optional
        The meaning of the codes; the shipped one by default.
    **changes
        Choices of `FunnelRules` that differ from `rules`, such as funnel="acquisition", window="14 days" or
        as_of="2024-06-30".

    Raises
    ------
    FrameError
        When the frame is none of these.
    OptionError
        When an option has no such value.
    WriteError
        When the suffix is another, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import leadanalytics as la
    >>> leads = la.make_leads(customers=100, seed=1).pipe(la.decode_leads).pipe(la.identify_customers)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_report(leads, Path(folder) / "report.html", title="Contoso, first quarter")
    ...     "<h1>Contoso, first quarter</h1>" in path.read_text(encoding="utf-8")
    True
    """
    path = _checked_path(path)
    _check(offers, tz)
    read = _in_zone(rules, tz, changes)
    vocabulary = vocabulary or load_vocabulary()
    findings = find(
        leads,
        read,
        rejects=rejects,
        freq=freq,
        tz=tz or read.zone,
        with_people=with_people,
        vocabulary=vocabulary,
    )
    page = render(findings, title=title, offers=offers, vocabulary=vocabulary)
    with replacing(path) as (part,):
        part.write_text(page, encoding="utf-8", newline="\n")
    return path


def _in_zone(rules: FunnelRules | Mapping[str, Any] | None, tz: str | None, changes: Mapping[str, Any]) -> FunnelRules:
    """Return the rules, whose plain dates are of the zone of the page where the rules name none."""
    default = FunnelRules().zone
    named = {**(rules if isinstance(rules, Mapping) else {}), **changes}.get("zone", default)
    return FunnelRules.read(rules, **{**({"zone": tz} if tz and named == default else {}), **changes})


def _checked_path(path: str | Path) -> Path:
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise WriteError(
            "a report is an HTML file",
            found=repr(path.name),
            next_step=f"write_report(leads, {path.with_suffix('.html').name!r})",
        )
    return path


def _check(offers: int, tz: str | None) -> None:
    if not isinstance(offers, int) or isinstance(offers, bool) or offers < 0:
        raise OptionError("offers is how many offers are drawn, from 0", found=repr(offers), next_step="offers=20")
    try:
        ZoneInfo(tz or "UTC")
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise OptionError("tz is the name of a time zone", found=repr(tz), next_step="tz='Europe/Berlin'") from error
