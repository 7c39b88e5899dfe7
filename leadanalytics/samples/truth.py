"""What made-up leads ought to give: customers and funnel counts, found in the plainest way."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import pandas as pd

from leadanalytics import schema
from leadanalytics.vocabulary import load_vocabulary

_FUNNELS = ("acquisition", "contact_me", "get_it_now", "overall")

# The leads of one customer about one offer: when, and which stage.
Journey = list[tuple[pd.Timestamp, str]]


class Truth(NamedTuple):
    """The figures that an analysis of made-up leads should find.

    Attributes
    ----------
    leads : int
        Records delivered, connection tests included.
    test_leads : int
        Connection tests.
    customers : int
        Different customers.
    do_not_contact : int
        Leads that say not to contact the customer.
    funnels : DataFrame
        funnel, offer_id, step, stage (the step's label), n: the customers per offer who reached the step by way of all
        steps before it, with no limit of time.
    """

    leads: int
    test_leads: int
    customers: int
    do_not_contact: int
    funnels: pd.DataFrame


def sample_truth(raw: pd.DataFrame) -> Truth:
    """Return the figures that an analysis of made-up leads should find, from true_customer and true_stage.

    Raises
    ------
    FrameError
        When the leads do not carry the truth, as only those of `make_leads` do.

    Examples
    --------
    >>> from leadanalytics.samples import make_leads
    >>> sample_truth(make_leads(customers=50)).customers
    50
    """
    schema.check(raw, "raw", columns=["lead_source", "action_code", "created", "true_customer", "true_stage"])
    real = raw[raw["true_customer"].notna()]
    return Truth(
        leads=len(raw),
        test_leads=len(raw) - len(real),
        customers=real["true_customer"].nunique(),
        do_not_contact=int((real["action_code"] == "DNC").sum()),
        funnels=_funnels(real),
    )


def _funnels(real: pd.DataFrame) -> pd.DataFrame:
    vocabulary = load_vocabulary()
    journeys = _journeys(real)
    rows = []
    for funnel in _FUNNELS:
        steps = vocabulary.steps(funnel)
        depths = {offer: [_depth(each, list(steps.values())) for each in of_offer] for offer, of_offer in journeys}
        for offer, reached in depths.items():
            for step, label in enumerate(steps, start=1):
                rows.append((funnel, offer, step, label, sum(depth >= step for depth in reached)))
    return pd.DataFrame(rows, columns=["funnel", "offer_id", "step", "stage", "n"])


def _journeys(real: pd.DataFrame) -> list[tuple[str, list[Journey]]]:
    """Return the offers by id, each with the journeys of its customers."""
    journeys: dict[str, dict[str, Journey]] = defaultdict(lambda: defaultdict(list))
    created = pd.to_datetime(real["created"], format="%m/%d/%Y %I:%M:%S %p")
    # A loop over rows on purpose: the truth shares no way of counting with what it judges.
    for customer, stage, source, at in zip(real["true_customer"], real["true_stage"], real["lead_source"], created):
        _, _, offer = source.partition("|")
        _, _, offer_id = offer.strip().partition(".")
        journeys[offer_id][customer].append((at, "" if pd.isna(stage) else stage))
    return [(offer_id, list(customers.values())) for offer_id, customers in sorted(journeys.items())]


def _depth(journey: Journey, steps: list[tuple[str, ...]]) -> int:
    """Return how many steps were taken one after the other; steps of the same second may go in order."""
    order = {stage: number for number, stages in enumerate(steps) for stage in stages}
    depth = 0
    for _, stage in sorted(journey, key=lambda lead: (lead[0], order.get(lead[1], 0))):
        if depth < len(steps) and stage in steps[depth]:
            depth += 1
    return depth
