"""The customers that may be two people: the weakest link of each, and what makes it doubtful."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from leadanalytics.identity.comparing import Compared
from leadanalytics.identity.decisions import WHOLE_NAME, rules_against
from leadanalytics.identity.edges import Edges, edges_of
from leadanalytics.identity.grouping import oversized
from leadanalytics.identity.trees import strongest_tree

TOO_LARGE = "more addresses or names than one person has"
CONTRADICTS = "first and last name of two of its leads contradict"
NEAR_THE_LINE = "its weakest link is near the line"


def doubtful_links(compared: Compared) -> tuple[Edges, np.ndarray, np.ndarray]:
    """Return the weakest link of each customer that may be two people.

    Such a customer is too large, holds two leads whose whole names contradict, or its strongest tree holds together
    by a link that is as near above the threshold as other pairs below it that are worth a look.

    Returns
    -------
    edges : Edges
        One for each such customer.
    reasons : array of str
        What makes it doubtful, the most serious first.
    moved : array of int
        How many records would leave if the link were cut: those of the smaller part.
    """
    trees = _trees(compared)
    bits = compared.matches.evidence.total[trees.pair]
    order = np.argsort(bits, kind="stable")
    weakest = order[np.unique(compared.customer[trees.one[order]], return_index=True)[1]]
    customer = compared.customer[trees.one[weakest]]
    near = bits[weakest] < 2 * compared.rules.threshold - compared.rules.review
    signs = [_are_large(compared)[customer], _contradict(compared)[customer], near]
    doubtful = np.logical_or.reduce(signs)
    reasons = np.select(signs, [TOO_LARGE, CONTRADICTS, NEAR_THE_LINE], "")[doubtful]
    chosen = weakest[doubtful]
    return trees.take(chosen), reasons, _smaller_part(compared, trees, chosen)


def _trees(compared: Compared) -> Edges:
    """Return the links of the strongest tree of every customer."""
    edges = _within(compared, edges_of(compared, compared.matches.links))
    ends = compared.record[edges.one], compared.record[edges.other]
    return edges.take(strongest_tree(*ends, compared.matches.evidence.total[edges.pair]))


def _within(compared: Compared, edges: Edges) -> Edges:
    return edges.take(compared.customer[edges.one] == compared.customer[edges.other])


def _are_large(compared: Compared) -> np.ndarray:
    """Return which customers are too large for one person."""
    of_profile = np.empty(len(compared.profiles), "int64")
    of_profile[compared.profiles.of] = compared.customer
    large = oversized(compared.matches, of_profile)
    # Customers none of whose profiles was written last here share all of theirs with others, so they are small.
    return np.pad(large, (0, compared.customer.max(initial=-1) + 1 - len(large)))


def _contradict(compared: Compared) -> np.ndarray:
    """Return which customers hold two leads whose whole names contradict, of the pairs that were compared."""
    rules = rules_against(compared.matches.evidence)
    edges = _within(compared, edges_of(compared, np.flatnonzero(rules == WHOLE_NAME)))
    result = np.zeros(compared.customer.max(initial=-1) + 1, bool)
    result[compared.customer[edges.one]] = True
    return result


def _smaller_part(compared: Compared, trees: Edges, cut: np.ndarray) -> np.ndarray:
    """Return the number of records of the smaller of the two parts that each cut leaves; one cut per tree."""
    kept = trees.take(np.setdiff1d(np.arange(len(trees.one)), cut))
    size = len(compared.record)
    ends = compared.record[kept.one], compared.record[kept.other]
    graph = coo_array((np.ones(len(kept.one), "int8"), ends), shape=(size, size))
    parts = connected_components(graph, directed=False)[1]
    records = np.bincount(parts[compared.record == np.arange(size)], minlength=size)
    return np.minimum(*(records[parts[compared.record[side[cut]]]] for side in (trees.one, trees.other)))
