"""Leads compared by evidence: which profiles are one person's, which nearly are, and what spoke for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadanalytics.identity.candidates import find_candidates
from leadanalytics.identity.decisions import LINK, decide
from leadanalytics.identity.evidence import Evidence, Population, measure_population, weigh
from leadanalytics.identity.flat import first_rows, flatten, to_arrow
from leadanalytics.identity.profiles import Profiles, read_profiles
from leadanalytics.identity.rarity import bearers


@dataclass(frozen=True)
class Matches:
    """The profiles of leads, the evidence of the pairs that were compared, and what becomes of each pair.

    A profile of several records is compared with itself as well: that two leads say the same of "Ana" does not make
    them one Ana's.
    """

    profiles: Profiles
    population: Population
    evidence: Evidence
    decision: np.ndarray

    @property
    def links(self) -> np.ndarray:
        """The places of the pairs that are one person's."""
        return np.flatnonzero(self.decision == LINK)


def match_leads(leads: pd.DataFrame, *, threshold: float, review: float) -> Matches:
    """Return the matches of leads.

    Parameters
    ----------
    leads : DataFrame
        Leads of people with record_id; any of the customer fields may be absent.
    threshold : float
        The bits from which a pair is one person.
    review : float
        The bits from which a pair is worth a look.
    """
    profiles = read_profiles(leads)
    population = measure_population(profiles)
    return match_profiles(profiles, population, leads["record_id"], threshold=threshold, review=review)


def match_profiles(
    profiles: Profiles, population: Population, record_ids: pd.Series, *, threshold: float, review: float
) -> Matches:
    """Return the matches of profiles whose values are as rare as in a population, see `match_leads`."""
    one, other = find_candidates(profiles)
    several = np.flatnonzero(_count_records(profiles, record_ids) > 1)
    evidence = weigh(profiles, population, np.append(one, several), np.append(other, several))
    return Matches(profiles, population, evidence, decide(evidence, threshold=threshold, review=review))


def _count_records(profiles: Profiles, record_ids: pd.Series) -> np.ndarray:
    return bearers(profiles.of, first_rows(flatten(to_arrow(record_ids))))
