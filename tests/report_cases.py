"""Leads for tests of the report: offers of two listings, a test lead, a do-not-contact lead, and feeds at random."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd

from leadanalytics.funnels import FunnelRules
from leadanalytics.report.findings import Findings, find
from leadanalytics.report.stories import Story
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

# customer, offer, marketplace, stage, day of June, test, do not contact
ROWS = [
    ("C-1", "crane", None, "Test drive", 1, False, False),
    ("C-1", "crane", "Azure Marketplace", "Get it now", 2, False, False),
    ("C-1", "crane", "Azure Marketplace", "Install", 5, False, False),
    ("C-2", "crane", None, "Test drive", 2, False, False),
    ("C-2", "crane", "Azure Marketplace", "Get it now", 12, False, False),
    ("C-3", "crane", None, "Test drive", 3, False, False),
    ("C-4", "crane", "Azure Marketplace", "Install", 20, False, False),
    ("C-5", "lift", None, "Test drive", 4, False, False),
    ("C-5", "lift", "AppSource", "Contact me", 6, False, False),
    ("C-6", "lift", "AppSource", "Contact me", 29, False, False),
    ("C-7", "lift", "AppSource", "Contact me", 8, False, True),
    (None, "lift", "AppSource", "Contact me", 9, True, False),
]
PERSON = {"first_name": "Ana", "last_name": "Ruiz", "company": "Fabrikam", "email": "ana@example.com"}
PAYLOADS = (
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(2)</script>",
    "</text></svg><svg onload=alert(3)>",
    "</style><script>alert(4)</script>",
    "<a href=javascript:alert(5)>x</a>{{ 7 * 7 }}",
)
# What customers of an offer of each kind can do: marketplace and stage, in the usual order.
TRIED = (None, "Test drive")
KINDS = {
    "azure": [TRIED, ("Azure Marketplace", "Get it now"), ("Azure Marketplace", "Install")],
    "azure without installs": [TRIED, ("Azure Marketplace", "Get it now")],
    "contact me": [TRIED, ("AppSource", "Contact me")],
    "contact me alone": [("AppSource", "Contact me")],
    "get it now alone": [("AppSource", "Get it now")],
    "both buttons": [TRIED, ("AppSource", "Get it now"), ("AppSource", "Contact me")],
    "both shops": [
        TRIED,
        ("AppSource", "Contact me"),
        ("Azure Marketplace", "Get it now"),
        ("Azure Marketplace", "Install"),
    ],
    "listed trial": [TRIED, ("AppSource", "Free trial")],
}
CHOICES = {
    "window": ["30 days", "5 days", None],
    "gap": [None, "4 days"],
    "order": ["ordered", "ordered", "any", "strict"],
    "start": ["first", "first", "any"],
    "entry": ["best", "first"],
    "prefer": ["earliest", "latest"],
    "ties": ["forward", "strict"],
    "excluding": [(), (), "Contact me"],
    "policy": ["chain", "unit"],
    "funnel": [None, None, None, "acquisition", "overall"],
    "as_of": [None, "2024-07-20"],
    "dates": [(None, None), ("2024-06-10", "2024-07-10")],
}


def leads_of(rows=ROWS, **columns) -> pd.DataFrame:
    """Return leads with customer_id of rows as above."""
    names = ["customer_id", "offer_id", "marketplace", "stage", "day", "is_test", "do_not_contact"]
    leads = pd.DataFrame(rows, columns=names)
    leads = leads.assign(
        record_id=[f"r{number}" for number in range(len(leads))],
        created_at=pd.Timestamp("2024-06-01", tz="UTC") + pd.to_timedelta(leads.pop("day") - 1, unit="D"),
        offer_name=leads["offer_id"].str.title(),
        stage=leads["stage"].astype(load_vocabulary().stage_dtype),
        marketplace=leads["marketplace"].astype("str").astype("category"),
        **PERSON,
    )
    return leads.assign(**columns)


def random_leads(seed: int, customers: int = 40) -> pd.DataFrame:
    """Return leads of one offer of each kind: most in order, some out of it, too late, at one time, or alone."""
    random = np.random.default_rng(seed)
    rows = []
    for kind, ways in KINDS.items():
        for number in range(int(random.integers(1, customers))):
            day = float(random.integers(1, 60))
            for marketplace, stage in ways:
                if random.random() < 0.55:
                    row = (f"C-{number}", kind, marketplace, stage, day, random.random() < 0.03, random.random() < 0.02)
                    rows += [row] * (1 + (random.random() < 0.1))
                day += float(random.choice([-3, 0, 1, 3, 10, 40]))
    return leads_of(rows, **{name: value for name, value in PERSON.items() if name != "email"})


def random_rules(seed: int) -> FunnelRules:
    """Return rules with choices at random, those that mean something together."""
    random = np.random.default_rng(seed)
    chosen = {name: values[random.integers(len(values))] for name, values in CHOICES.items()}
    if chosen["order"] == "any":
        chosen |= {"start": "first", "gap": None, "ties": "forward", "excluding": ()}
    if chosen["funnel"] == "overall":
        chosen["excluding"] = ()  # a stage that serves a step excludes nobody
    if not chosen["excluding"]:
        chosen["policy"] = "chain"
    return FunnelRules(**chosen)


def listed_vocabulary() -> Vocabulary:
    """Return the vocabulary of a publisher who lists one offer."""
    offers = pd.DataFrame({"offer_id": ["listed trial"], "title": ["Listed Trial"], "route": ["free_trial_list"]})
    return load_vocabulary(offers=offers)


def found(leads=None, *, rules=None, vocabulary=None, **options) -> Findings:
    """Return the findings of leads, those above by default; options are those of `find` and choices of rules."""
    choices = {"rejects": None, "freq": None, "tz": "UTC", "with_people": False}
    changes = {name: value for name, value in options.items() if name not in choices}
    rules = rules or FunnelRules(**{"window": "14 days", "as_of": "2024-06-30T00:00Z"} | changes)
    choices |= {name: value for name, value in options.items() if name in choices}
    return find(leads_of() if leads is None else leads, rules, vocabulary=vocabulary or load_vocabulary(), **choices)


@functools.cache
def stories() -> tuple[Story, ...]:
    """Return the stories of the leads above: Test drive → Get it now → Install, Test drive → Contact me."""
    return found().stories
