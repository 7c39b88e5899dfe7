"""Links between profiles become groups of leads: connected, never giant, and as the user's own lists say."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from leadanalytics.errors import FrameError
from leadanalytics.identity.clusters import join
from leadanalytics.identity.flat import NONE, first_rows, first_rows_of_pairs, flatten, to_arrow
from leadanalytics.identity.matching import Matches
from leadanalytics.identity.rules import Pairs

# Beyond these a group is hardly one person: it is linked anew, each time by so many bits more. Somebody of one name,
# give or take a slip, may have any number of addresses.
MOST_NAMES, MOST_NAMES_WITH_EMAILS, MOST_EMAILS = 12, 3, 20
_STRICTER = (4.0, 8.0, 16.0)


def group_leads(matches: Matches, record_ids: pd.Series, *, same: Pairs = (), different: Pairs = ()) -> np.ndarray:
    """Return the number of each lead's group.

    Parameters
    ----------
    matches : Matches
        Of the leads.
    record_ids : Series of str
        Of the leads; leads of one record are one person's.
    same, different : iterable of pairs of str
        Record ids that are one person's, and that are two people's, whatever the evidence says.

    Raises
    ------
    FrameError
        When a list names a record that is not there, or the two lists contradict each other.
    """
    profiles = matches.profiles
    record = first_rows(flatten(to_arrow(record_ids)))
    together, apart = _rows(same, record_ids), _rows(different, record_ids)
    groups, _ = limit_sizes(matches)
    clusters = join([record, _first_of(groups[profiles.of]), _forced(together, len(record))])
    return _parted(matches, clusters, record, together, apart) if len(apart) else clusters


def limit_sizes(matches: Matches) -> tuple[np.ndarray, np.ndarray]:
    """Return the group of each profile that links make, none larger than one person if bits can help it.

    Returns
    -------
    groups : array of int
        The group of each profile, -1 for a profile without a link.
    needed : array of float
        Of each pair that was a link and was cut, the bits that links of its group need, since with weaker ones the
        group would be too large; -inf for all other pairs.
    """
    links, bits = matches.links, matches.evidence.total
    needed = np.full(len(bits), -np.inf)
    groups = _connected(matches, links)
    for more in _STRICTER:
        giant = oversized(matches, groups)
        if not giant.any():
            break
        is_cut = giant[groups[matches.evidence.one[links]]] & (bits[links] < more)
        needed[links[is_cut]] = more
        links = links[~is_cut]
        groups = _connected(matches, links)
    return groups, needed


def pair_rows(pairs: Pairs, record_ids: pd.Series) -> np.ndarray:
    """Return the first row of each record of pairs, -1 for a record that is not there."""
    names = [name for pair in pairs for name in pair]
    if not names:
        return np.zeros((0, 2), "int64")
    first = pd.Series(np.arange(len(record_ids)), index=record_ids.array)
    first = first[~first.index.duplicated()]
    return first.reindex(names, fill_value=NONE).to_numpy("int64").reshape(-1, 2)


def pairs_among(pairs: Pairs, record_ids: pd.Series) -> list[list[str]]:
    """Return those of some pairs whose two records are there."""
    listed = [list(pair) for pair in pairs]
    rows = pair_rows(listed, record_ids).tolist()
    return [pair for pair, (one, other) in zip(listed, rows, strict=True) if one >= 0 and other >= 0]


def oversized(matches: Matches, groups: np.ndarray) -> np.ndarray:
    """Return which groups of profiles have more names, or names and addresses, than one person has."""
    emails, names = (_counted(groups, each.codes) for each in (matches.profiles.email, matches.profiles.full))
    return (names > MOST_NAMES) | ((names > MOST_NAMES_WITH_EMAILS) & (emails > MOST_EMAILS))


def _connected(matches: Matches, links: np.ndarray) -> np.ndarray:
    """Return the group of each profile that some links make, -1 for a profile without one."""
    one, other = matches.evidence.one[links], matches.evidence.other[links]
    size = len(matches.profiles)
    graph = coo_array((np.ones(len(links), "int8"), (one, other)), shape=(size, size))
    groups = connected_components(graph, directed=False)[1].astype("int64") if size else np.zeros(0, "int64")
    linked = np.zeros(size, bool)
    linked[one] = linked[other] = True
    return np.where(linked, groups, NONE)


def _counted(groups: np.ndarray, values: np.ndarray) -> np.ndarray:
    pairs = first_rows_of_pairs(groups, values)
    distinct = np.flatnonzero(pairs == np.arange(len(pairs)))
    return np.bincount(groups[distinct], minlength=groups.max(initial=-1) + 1)


def _first_of(groups: np.ndarray) -> np.ndarray:
    """Return for each lead the first one of its group, -1 for one in no group."""
    first = np.full(groups.max(initial=-1) + 1, len(groups), "int64")
    grouped = np.flatnonzero(groups >= 0)
    np.minimum.at(first, groups[grouped], grouped)
    return np.where(groups >= 0, np.append(first, NONE)[groups], NONE)


def _rows(pairs: Pairs, record_ids: pd.Series) -> np.ndarray:
    """Return the rows of pairs of record ids."""
    rows = pair_rows(pairs, record_ids)
    missing = int((rows < 0).sum())
    if missing:
        raise FrameError(
            "same and different hold pairs of record ids of the leads",
            found=f"{missing:,} record ids that are not there",
            next_step="same=[(one_record_id, other_record_id)]",
        )
    return rows


def _forced(pairs: np.ndarray, size: int) -> np.ndarray:
    """Return the first lead of those that pairs force together with each lead, -1 for a lead in no pair."""
    named, places = np.unique(pairs, return_inverse=True)
    one, other = places.reshape(-1, 2).T
    graph = coo_array((np.ones(len(pairs), "int8"), (one, other)), shape=(len(named), len(named)))
    groups = np.full(size, NONE, "int64")
    groups[named] = connected_components(graph, directed=False)[1] if len(named) else []
    return _first_of(groups)


def _parted(
    matches: Matches, clusters: np.ndarray, record: np.ndarray, together: np.ndarray, apart: np.ndarray
) -> np.ndarray:
    """Part the clusters in which two leads lie that must not, by leaving out their weakest links."""
    clusters = clusters.copy()
    broken = np.unique(clusters[apart[clusters[apart[:, 0]] == clusters[apart[:, 1]], 0]])
    for cluster in broken.tolist():
        rows = np.flatnonzero(clusters == cluster)
        parts = _part(rows, _edges(matches, rows, record, together), apart)
        clusters[rows] = np.where(parts == 0, cluster, clusters.max() + parts)
    return clusters


def _edges(
    matches: Matches, rows: np.ndarray, record: np.ndarray, together: np.ndarray
) -> list[tuple[float, int, int]]:
    """Return the links between some leads, the strongest first."""
    inside = set(rows.tolist())
    edges = [(np.inf, int(record[row]), row) for row in rows.tolist() if record[row] != row]
    edges += [(np.inf, int(one), int(other)) for one, other in together if int(one) in inside]
    members: dict[int, list[int]] = {}
    for row in rows.tolist():
        members.setdefault(int(matches.profiles.of[row]), []).append(row)
    evidence, links = matches.evidence, matches.links
    is_member = np.zeros(len(matches.profiles), bool)
    is_member[list(members)] = True
    for link in links[is_member[evidence.one[links]] & is_member[evidence.other[links]]].tolist():
        pairs = itertools.product(members[int(evidence.one[link])], members[int(evidence.other[link])])
        edges += [(float(evidence.total[link]), left, right) for left, right in pairs if left != right]
    return sorted(edges, key=lambda edge: (-edge[0], edge[1], edge[2]))


def _part(rows: np.ndarray, edges: list[tuple[float, int, int]], apart: np.ndarray) -> np.ndarray:
    """Return the part of each row: links are taken, the strongest first, unless they join what must stay apart."""
    parent = {row: row for row in rows.tolist()}

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    foes: dict[int, set[int]] = {row: set() for row in parent}
    for one, other in apart.tolist():
        if one in parent and other in parent:
            foes[one].add(other)
            foes[other].add(one)
    for bits, one, other in edges:
        left, right = root(one), root(other)
        if left == right:
            continue
        if any(root(foe) == right for foe in foes[left]):
            if bits == np.inf:
                raise FrameError("same and different contradict each other", next_step="take a pair out of one of them")
            continue
        parent[right] = left
        foes[left] |= foes[right]
    return pd.factorize(np.array([root(row) for row in rows.tolist()]))[0]
