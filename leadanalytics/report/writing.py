"""The report as one file that appears whole or not at all."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from leadanalytics.errors import OptionError, WriteError
from leadanalytics.replacing import replacing
from leadanalytics.report.findings import find
from leadanalytics.report.page import render
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

__all__ = ["write_report"]

SUFFIXES = (".html", ".htm")


def write_report(
    leads: pd.DataFrame,
    path: str | Path,
    *,
    title: str = "Marketplace leads",
    funnel: str | None = None,
    window: str | pd.Timedelta | None = "30 days",
    as_of: str | pd.Timestamp | None = None,
    freq: str | None = None,
    tz: str = "UTC",
    offers: int = 20,
    with_people: bool = False,
    rejects: pd.DataFrame | None = None,
    vocabulary: Vocabulary | None = None,
) -> Path:
    """Return the path of one HTML file that tells what the leads say, for readers who have three minutes.

    It needs no network, runs no script and opens in every browser; it prints to A4 and can be read on a telephone, in
    the dark and by a screen reader. The same leads and options give the same bytes. People are not in it unless asked
    for: only how many there are.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id.
    path : path
        The file, .html. Missing folders are made; a file of that name is replaced in one step.
    title : str
        What the report is about.
    funnel : str, optional
        One funnel of funnels.csv for every offer, instead of the storefronts' own. Where no storefront has one, the
        first of funnels.csv is for every offer.
    window : str or Timedelta, optional
        The longest time from a customer's first step to any later one; with None no period is ever finished.
    as_of : str or Timestamp, optional
        The instant of which everything is told, with a time zone; the newest lead by default.
    freq : str, optional
        The periods of the trend, as `stage_trend` takes them; by default such as suit the time that the leads span.
    tz : str
        The zone of periods, days and times.
    offers : int
        How many offers are drawn, the largest first; a table holds all of them.
    with_people : bool
        Also show whom to write to and who is likely to go on, by name. Whoever asked not to be contacted is never
        shown.
    rejects : DataFrame, optional
        The records that could not be read, as in `read_records(paths).rejects`, to be counted with the rest.
    vocabulary : Vocabulary, optional
        The meaning of the codes; the shipped one by default.

    Raises
    ------
    FrameError
        When the leads are of another kind or have no customer_id.
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
    vocabulary = vocabulary or load_vocabulary()
    findings = find(
        leads,
        rejects=rejects,
        funnel=funnel,
        window=window,
        as_of=as_of,
        freq=freq,
        tz=tz,
        with_people=with_people,
        vocabulary=vocabulary,
    )
    page = render(findings, title=title, offers=offers, vocabulary=vocabulary)
    with replacing(path) as (part,):
        part.write_text(page, encoding="utf-8", newline="\n")
    return path


def _checked_path(path: str | Path) -> Path:
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise WriteError(
            "a report is an HTML file",
            found=repr(path.name),
            next_step=f"write_report(leads, {path.with_suffix('.html').name!r})",
        )
    return path


def _check(offers: int, tz: str) -> None:
    if not isinstance(offers, int) or isinstance(offers, bool) or offers < 0:
        raise OptionError("offers is how many offers are drawn, from 0", found=repr(offers), next_step="offers=20")
    try:
        ZoneInfo(tz)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise OptionError("tz is the name of a time zone", found=repr(tz), next_step="tz='Europe/Berlin'") from error
