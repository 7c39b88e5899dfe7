"""The feed beside the Partner Center download: the same calls to action counted twice, each in its own unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from leadanalytics import schema
from leadanalytics.errors import FrameError, OptionError, check_option
from leadanalytics.schema import TEXT
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

__all__ = ["reconcile"]

GROUPS = ("offer", "month", "call_to_action")
MISSING, UNDATED, UNKNOWN = "(missing)", "(undated)", "(unknown)"
# Partner Center knows three calls to action: what the feed tells apart, and the one under which it can stand there.
COUNTERPARTS = {"Install": "Get it now", "Do not contact": "Contact me"}


def reconcile(
    leads: pd.DataFrame,
    partner_center: pd.DataFrame,
    *,
    by: str | Sequence[str] = GROUPS,
    much_smaller: float = 0.5,
    least: int = 5,
    counterparts: Mapping[str, str] = COUNTERPARTS,
    vocabulary: Vocabulary | None = None,
) -> pd.DataFrame:
    """Return the counts of the Partner Center download beside those of the feed, and where one side has a gap.

    From two frames of leads to one row per offer, month and call to action: *referrals*, *leads*, *customers* (where
    the leads know theirs) and *gap*. Referrals and leads are different units, so there is no rate of one to the other.
    The columns referrals and leads add up to `attrs["totals"]`; a customer may stand in several rows.

    Parameters
    ----------
    leads : DataFrame
        The leads of the feed, as from `decode_leads` or `identify_customers`.
    partner_center : DataFrame
        The download: `read_referrals(path).pipe(decode_leads)`.
    by : str or sequence of {"offer", "month", "call_to_action"}
        What a row is. "month" alone finds when the feed was down, "offer" alone which offer is not connected to it.
    much_smaller : float
        A side below this share of the other one is a gap.
    least : int
        A side that is there, but much smaller, is a gap only where the other one has at least so many; fewer differ
        by chance.
    counterparts : mapping of str to str
        The call to action under which Partner Center shows a stage or action that it does not tell apart.
    vocabulary : Vocabulary, optional
        What the codes mean; the shipped one by default.

    Returns
    -------
    DataFrame
        Sorted by its groups. *gap* is "" or names the trouble: "no lead", "no lead: before the first lead", "far fewer
        leads", and the same of referrals. `attrs["definition"]` says the units, the totals and what was left out.

    Raises
    ------
    FrameError
        When a column is missing, or partner_center holds no referrals.
    OptionError
        When `by` is none of the groups, or much_smaller is no share.

    Examples
    --------
    >>> feed = pd.DataFrame({
    ...     "record_id": ["r1", "r2"],
    ...     "created_at": pd.to_datetime(["2024-03-04", "2024-03-09"], utc=True),
    ...     "stage": ["Get it now", "Install"],
    ...     "offer_id": "crane",
    ... })
    >>> older = feed.head(1).assign(record_id="r3", created_at=pd.Timestamp("2024-01-02", tz="UTC"))
    >>> download = pd.concat([older, feed.head(1)]).assign(record_kind="referral")
    >>> reconcile(feed, download, by="month")
         month  referrals  leads                             gap
    0  2024-01          1      0  no lead: before the first lead
    1  2024-03          1      2
    >>> reconcile(feed, download).attrs["totals"]
    {'referrals': 2, 'leads': 2}
    """
    groups = _groups(by)
    if not 0 < much_smaller <= 1:
        raise OptionError("much_smaller is a share", found=repr(much_smaller), next_step="much_smaller=0.5")
    actions = (vocabulary or load_vocabulary()).actions.drop_duplicates("action").set_index("action")["label"]
    ours, not_ours = _counted(leads, actions, counterparts, referrals=False)
    theirs, not_theirs = _counted(partner_center, actions, counterparts, referrals=True)
    counts = _beside(theirs, ours, groups)
    counts["gap"] = _gaps(counts, much_smaller, least).astype(TEXT)
    totals = {"referrals": len(theirs), "leads": len(ours)}
    if "customer_id" in ours.columns:
        totals["customers"] = ours["customer_id"].nunique()
    removed = {"referrals": not_theirs, "leads": not_ours}
    counts.attrs = {
        "totals": totals,
        "removed": removed,
        "much_smaller": much_smaller,
        "least": least,
        "definition": _sentence(totals, removed),
    }
    return counts


def _groups(by: str | Sequence[str]) -> list[str]:
    groups = [by] if isinstance(by, str) else list(by)
    for group in groups:
        check_option("by", group, GROUPS)
    if not groups:
        raise OptionError("by names at least one group", found="none", next_step="by='month'")
    return groups


def _counted(
    leads: pd.DataFrame, actions: pd.Series, counterparts: Mapping[str, str], *, referrals: bool
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the groups and the customer of the records that count, each once, and how many do not, by reason."""
    leads = schema.conform(leads, "leads")
    is_referral = leads["record_kind"].eq("referral").fillna(False)
    if referrals and len(leads) and not is_referral.any():
        raise FrameError(
            "partner_center holds no referrals", next_step="la.read_referrals('leads.csv').pipe(la.decode_leads)"
        )
    is_test = leads["is_test"]
    is_other = (is_referral != referrals) & ~is_test
    counted = leads[~is_test & ~is_other]
    is_repeated = counted["record_id"].duplicated() & counted["record_id"].notna()
    counted = counted[~is_repeated]
    other = "not referrals" if referrals else "referrals"
    removed = {"tests": int(is_test.sum()), other: int(is_other.sum()), "repeated": int(is_repeated.sum())}
    call = counted["stage"].astype(TEXT).fillna(counted["action"].astype(TEXT).map(actions)).fillna(UNKNOWN)
    columns = {
        "offer": counted["offer_id"].fillna(counted["offer_name"]).fillna(MISSING),
        "month": counted["created_at"].dt.strftime("%Y-%m").astype(TEXT).fillna(UNDATED),
        "call_to_action": call.replace(dict(counterparts)),
    }
    customers = {"customer_id": counted["customer_id"]} if "customer_id" in counted.columns else {}
    return pd.DataFrame(columns | customers), removed


def _beside(theirs: pd.DataFrame, ours: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    counts = {"referrals": theirs.groupby(groups).size(), "leads": ours.groupby(groups).size()}
    if "customer_id" in ours.columns:
        counts["customers"] = ours.groupby(groups)["customer_id"].nunique()
    return pd.DataFrame(counts).fillna(0).astype("int64").reset_index()


def _gaps(counts: pd.DataFrame, much_smaller: float, least: int) -> pd.Series:
    """Return what is wrong with each row, an empty text for nothing."""
    gap = np.full(len(counts), "", object)
    for one, side, other in (("lead", "leads", "referrals"), ("referral", "referrals", "leads")):
        fewer = counts[side] < much_smaller * counts[other]
        gap[fewer & (counts[other] >= least)] = f"far fewer {side}"
        missing = counts[side] == 0
        gap[missing] = f"no {one}"
        if "month" in counts.columns:
            months = counts.loc[(counts[side] > 0) & (counts["month"] != UNDATED), "month"]
            dated = missing & (counts["month"] != UNDATED) & (len(months) > 0)
            gap[dated & (counts["month"] < months.min())] = f"no {one}: before the first {one}"
            gap[dated & (counts["month"] > months.max())] = f"no {one}: after the last {one}"
    return pd.Series(gap, index=counts.index)


def _sentence(totals: Mapping[str, int], removed: Mapping[str, Mapping[str, int]]) -> str:
    customers = f" of {totals['customers']:,} customers" if "customers" in totals else ""
    out = ", ".join(
        f"{count:,} among the {unit} ({reason})"
        for unit, reasons in removed.items()
        for reason, count in reasons.items()
        if count
    )
    return (
        f"{totals['referrals']:,} referrals of Partner Center beside {totals['leads']:,} leads{customers} of the feed, "
        f"by month of creation (UTC){f'; left out: {out}' if out else ''}. "
        "A referral is not a lead and a lead is not a customer, so there is no rate between them."
    )
