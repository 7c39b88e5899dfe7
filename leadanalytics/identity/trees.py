"""The strongest tree between records: as few links as join them all, and of all such trees the most telling."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree


def strongest_tree(one: np.ndarray, other: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Return the places of the edges of the maximum spanning tree, one tree for each connected part.

    Parameters
    ----------
    one, other : array of int
        The ends of each edge; no two edges have the same ends.
    strength : array of float
        Of each edge; of equal ones the earlier counts as stronger, so the tree is always the same.

    Examples
    --------
    >>> strongest_tree(np.array([0, 1, 0]), np.array([1, 2, 2]), np.array([5.0, 1.0, 3.0])).tolist()
    [0, 2]
    """
    order = np.argsort(-strength, kind="stable")
    ranks = np.empty(len(order), "int64")
    ranks[order] = np.arange(1, len(order) + 1)  # a rank of 0 would be no edge
    tree = minimum_spanning_tree(_graph(one, other, ranks)[0])
    return np.sort(order[tree.data.astype("int64") - 1])


def path_between(one: np.ndarray, other: np.ndarray, begin: int, end: int) -> np.ndarray:
    """Return the places of a tree's edges that lead from one node to another, in this order; none without a path.

    Examples
    --------
    >>> path_between(np.array([7, 7, 9]), np.array([8, 9, 4]), begin=8, end=4).tolist()
    [0, 1, 2]
    """
    graph, nodes = _graph(one, other, np.ones(len(one), "int64"))
    if not np.isin([begin, end], nodes).all():
        return np.zeros(0, "int64")
    place = {node: number for number, node in enumerate(nodes.tolist())}
    before = breadth_first_order(graph, place[begin], directed=False)[1]
    edges = {frozenset(ends): number for number, ends in enumerate(zip(one.tolist(), other.tolist()))}
    path, here = [], place[end]
    while before[here] >= 0:
        path.append(edges[frozenset((int(nodes[here]), int(nodes[before[here]])))])
        here = before[here]
    return np.array(path[::-1] if here == place[begin] else [], "int64")


def _graph(one: np.ndarray, other: np.ndarray, weights: np.ndarray) -> tuple[csr_array, np.ndarray]:
    """Return a graph of the nodes that edges have, and these nodes."""
    nodes, places = np.unique(np.stack([one, other]), return_inverse=True)
    places = places.reshape(2, -1)
    return coo_array((weights, (places[0], places[1])), shape=(len(nodes), len(nodes))).tocsr(), nodes
