"""Everything that the report shows, computed before a word of it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from leadanalytics import schema
from leadanalytics.auditing import audit_codes, audit_leads, count_days
from leadanalytics.report.followups import FollowUps, find_follow_ups
from leadanalytics.report.stories import Story, tell_stories
from leadanalytics.schema import TEXT
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

__all__ = ["Findings", "find"]


@dataclass(frozen=True)
class Findings:
    """What the leads say.

    Attributes
    ----------
    leads, test_leads, customers, offers : int
        How many; test leads are leads, and nobody's.
    first, last : Timestamp or None
        The oldest and the newest lead, in the zone of the report; None where none is dated.
    as_of : Timestamp or None
        The instant of which everything is told, in the zone of the report.
    window : str or None
        The longest time from the first step to any later one, in words.
    stories : tuple of Story
        One for each storefront.
    follow_ups : FollowUps
    days, audit, codes, sources : DataFrame
        The leads of every day; what is wrong with the leads; the unknown codes; the channels that they came through.
    rejects : DataFrame or None
        The records that could not be read.
    """

    leads: int
    test_leads: int
    customers: int
    offers: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    as_of: pd.Timestamp | None
    window: str | None
    stories: tuple[Story, ...]
    follow_ups: FollowUps
    days: pd.DataFrame
    audit: pd.DataFrame
    codes: pd.DataFrame
    sources: pd.DataFrame
    rejects: pd.DataFrame | None


def find(
    leads: pd.DataFrame,
    *,
    rejects: pd.DataFrame | None,
    funnel: str | None,
    freq: str | None,
    tz: str,
    with_people: bool,
    vocabulary: Vocabulary | None,
    **options: Any,
) -> Findings:
    """Return the findings of leads with customer_id; `options` are window and as_of of `build_funnels`."""
    schema.check(leads, "leads with customer_id")
    leads = schema.conform(leads, "leads with customer_id")
    vocabulary = vocabulary or load_vocabulary()
    options["vocabulary"] = vocabulary
    stories = tell_stories(leads, funnel=funnel, freq=freq, tz=tz, **options)
    everywhere = funnel or _funnel_of_all(stories, vocabulary)
    codes = audit_codes(leads)
    return Findings(
        leads=len(leads),
        test_leads=int(leads["is_test"].sum()),
        customers=leads.loc[~leads["is_test"], "customer_id"].nunique(),
        offers=len(stories[0].attrs["offer_names"]),
        first=_moment(leads["created_at"].min(), tz),
        last=_moment(leads["created_at"].max(), tz),
        as_of=_moment(stories[0].attrs["as_of"], tz),
        window=stories[0].attrs["window"],
        stories=stories,
        follow_ups=find_follow_ups(leads, stories, funnel=everywhere, with_people=with_people, **options),
        days=count_days(leads, tz=tz, as_of=stories[0].attrs["as_of"]),
        audit=audit_leads(leads, vocabulary=vocabulary),
        codes=codes[~codes["known"]],
        sources=_sources(leads, vocabulary),
        rejects=rejects,
    )


def _funnel_of_all(stories: Sequence[Story], vocabulary: Vocabulary) -> str:
    """Return the funnel to follow customers up by: that of the only storefront, else one that is for all of them."""
    funnels = vocabulary.funnels
    general = funnels.loc[funnels["marketplace"].isna(), "funnel"]
    return stories[0].funnel if len(stories) == 1 or general.empty else str(general.iloc[0])


def _moment(value: object, tz: str) -> pd.Timestamp | None:
    moment = pd.Timestamp(value) if value is not None else pd.NaT
    return None if pd.isna(moment) else moment.tz_convert(tz)


def _sources(leads: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """Return how many leads came through each channel, and its last one: label, leads, last; the largest first."""
    labels = vocabulary.sources.set_index("source")["label"].to_dict()
    source = leads["source"].astype(TEXT)
    channels = pd.DataFrame({"label": source.map(labels).fillna(source).fillna("(none)"), "at": leads["created_at"]})
    found = channels.groupby("label")["at"].agg(leads="size", last="max").reset_index()
    return found.sort_values("leads", ascending=False, kind="stable", ignore_index=True)
