"""Everything that the report shows, computed before a word of it is written."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from leadanalytics.auditing import audit_codes, audit_leads, audit_offers, count_days
from leadanalytics.funnels import FunnelRules, build_funnels
from leadanalytics.offers import MISSING
from leadanalytics.recipes import complete_leads, count_each_offer
from leadanalytics.report.followups import FollowUps, find_follow_ups
from leadanalytics.report.stories import Story, Tally, count_anywhere, tally_funnels, tell_story
from leadanalytics.schema import TEXT
from leadanalytics.vocabulary import Vocabulary

__all__ = ["Findings", "find"]

MOST_STORIES = 4  # funnels that are told in full; more of them nobody reads


@dataclass(frozen=True)
class Findings:
    """What the leads say.

    Attributes
    ----------
    leads, test_leads, customers : int
        How many; test leads are leads, and nobody's.
    first, last : Timestamp or None
        The oldest and the newest lead up to as_of, in the zone of the report; None where none is dated.
    as_of : Timestamp or None
        The instant of which everything is told, in the zone of the report.
    rules : FunnelRules
        What the funnels mean.
    tallies : tuple of Tally
        Every funnel of the leads, the one with most units first.
    stories : tuple of Story
        The first few of them, told in full.
    counts : DataFrame or None
        The counts of each offer, as `count_offers` gives them; None where the rules count over all offers.
    offer_units : Series
        How many units each offer has in its funnels, by offer_id.
    listings : DataFrame
        How each offer is listed, and how sure that is.
    follow_ups : FollowUps
    days, audit, codes, sources : DataFrame
        The leads of every day; what is wrong with the leads; the unknown codes; the channels that they came through.
    rejects : DataFrame or None
        The records that could not be read.
    """

    leads: int
    test_leads: int
    customers: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    as_of: pd.Timestamp | None
    rules: FunnelRules
    tallies: tuple[Tally, ...]
    stories: tuple[Story, ...]
    counts: pd.DataFrame | None
    offer_units: pd.Series
    listings: pd.DataFrame
    follow_ups: FollowUps
    days: pd.DataFrame
    audit: pd.DataFrame
    codes: pd.DataFrame
    sources: pd.DataFrame
    rejects: pd.DataFrame | None

    @property
    def offers(self) -> int:
        """How many offers the leads name."""
        return int((self.listings["offer_id"] != MISSING).sum())


def find(
    leads: pd.DataFrame,
    rules: FunnelRules,
    *,
    rejects: pd.DataFrame | None,
    freq: str | None,
    tz: str,
    with_people: bool,
    vocabulary: Vocabulary,
) -> Findings:
    """Return the findings of leads, raw or known."""
    leads = complete_leads(leads, vocabulary=vocabulary)
    funnels = build_funnels(leads, rules, vocabulary=vocabulary)
    as_of = funnels.attrs["as_of"]
    tallies = tally_funnels(leads, funnels, rules, vocabulary=vocabulary)
    anywhere = count_anywhere(leads, rules, vocabulary=vocabulary)
    codes = audit_codes(leads)
    known = leads["created_at"] if as_of is None else leads["created_at"][leads["created_at"] <= pd.Timestamp(as_of)]
    per_offer = "offer_id" in rules.unit
    return Findings(
        leads=len(leads),
        test_leads=int(leads["is_test"].sum()),
        customers=leads.loc[~leads["is_test"], "customer_id"].nunique(),
        first=_moment(known.min(), tz),
        last=_moment(known.max(), tz),
        as_of=_moment(as_of, tz),
        rules=rules,
        tallies=tallies,
        stories=tuple(tell_story(tally, freq=freq, tz=tz, anywhere=anywhere) for tally in tallies[:MOST_STORIES]),
        counts=count_each_offer(funnels) if per_offer else None,
        offer_units=_offer_units(funnels) if per_offer else pd.Series(dtype="int64"),
        listings=audit_offers(leads, vocabulary=vocabulary),
        follow_ups=find_follow_ups(leads, tallies, rules, with_people=with_people, vocabulary=vocabulary),
        days=count_days(leads, tz=tz, as_of=as_of),
        audit=audit_leads(leads, vocabulary=vocabulary),
        codes=codes[~codes["known"]],
        sources=_sources(leads, vocabulary),
        rejects=rejects,
    )


def _offer_units(funnels: pd.DataFrame) -> pd.Series:
    """Return how many units each offer has; one that is in two funnels counts once."""
    return funnels.drop_duplicates(list(funnels.attrs["unit"]))["offer_id"].astype(TEXT).value_counts()


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
