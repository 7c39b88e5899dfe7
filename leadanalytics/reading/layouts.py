"""Layouts: the known shapes of lead records, kept as TOML files, and what one of them says of some columns.

A layout is data. It says which columns prove it, which of its columns serve which column of a raw frame, what one of
its records is, and how it writes dates. To teach the package a new shape, add a TOML file; no code knows a layout by
name.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from leadanalytics.errors import ReadError, UnknownLayoutError

# How ambiguous dates are written; "unknown" where each writer has a custom of its own.
DATE_ORDERS = ("month_first", "day_first", "unknown")
# The zone of times whose writer's zone no file tells.
LOCAL = "local"
# A name that stands for every column, in the list of columns to search.
EVERY = "*"

# The kind of the records of a table that holds no leads, such as a report of Partner Center.
REPORT = "report"

_PATH = re.compile(r"[./]")


@dataclass(frozen=True, eq=False)
class Layout:
    """One shape of lead record.

    Attributes
    ----------
    name : str
        Names the layout in every frame.
    title : str
        What a person calls it.
    order : int
        Layouts are tried from the lowest order to the highest; the first that is proven wins. Two of the same order
        that are both proven leave the question to the caller.
    proof : tuple of tuple of str
        Alternative sets of column names; the presence of a whole set proves the layout. In a layout of any spelling
        the name of a served column stands for every name that serves it.
    columns : mapping of str to tuple of str
        Each served column of a raw frame to the names that serve it, the preferred first. `full_name` is served too:
        it is split where first and last name are missing.
    key : tuple of tuple of str
        The parts of the record's own key, each with the names that serve it; empty where records have none.
    absent : tuple of str
        Names whose presence disproves the layout.
    ignored_when : mapping of str to tuple of str
        A name that is not what it says when one of the others is there.
    joined : mapping of str to tuple of str
        A served column that the file holds in parts: the names of the parts, which a dot joins.
    searched : tuple of str
        Names of the columns in which a lead source may stand, in order of preference; "*" is every other column.
    patterns : mapping of str to pattern
        For a served column that holds several fields: a pattern whose groups are named as columns of a raw frame.
    blanks : tuple of str
        Texts by which a writer says that a value is missing.
    envelope : tuple of str
        Names, in an object round the record, of the time at which it was received.
    record_kind : str
        What one record is: a lead (an event), a person (whose earlier events the file does not tell) or a referral
        (an event without a person); or "report", of which no record is a lead.
    date_order : str
        How ambiguous dates are written: month_first, day_first or unknown.
    time_zone : str
        The zone of times written without one; "local" for a writer's own, which no file tells.
    any_spelling : bool
        Whether accents, blanks, hyphens and other signs within a name do not matter, so that "E-mail" is "email".
        In `absent` they do.
    """

    name: str
    title: str
    order: int
    proof: tuple[tuple[str, ...], ...]
    columns: Mapping[str, tuple[str, ...]]
    key: tuple[tuple[str, ...], ...] = ()
    absent: tuple[str, ...] = ()
    ignored_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    searched: tuple[str, ...] = ()
    patterns: Mapping[str, str] = field(default_factory=dict)
    blanks: tuple[str, ...] = ()
    envelope: tuple[str, ...] = ()
    record_kind: str = "lead"
    date_order: str = "unknown"
    time_zone: str = "UTC"
    any_spelling: bool = False

    def lacks(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return the names that the nearest set of proof misses among some columns."""
        places = self._places(columns)
        missing = [tuple(name for name in names if not self._is_there(name, places)) for names in self.proof]
        return min(missing, key=len)

    def proven_by(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return the first set of proof that the columns hold whole; nothing if one of them disproves the layout."""
        columns = tuple(columns)
        written = Places(columns)
        if any(written.of(name) for name in self.absent):
            return ()
        places = self._places(columns)
        return next((names for names in self.proof if all(self._is_there(name, places) for name in names)), ())

    def spell(self, name: str) -> str:
        """Return a column name as this layout compares it."""
        return squeeze(name) if self.any_spelling else fold(name)

    def _places(self, columns: Iterable[str]) -> Places:
        return Places(columns, squeeze if self.any_spelling else fold)

    def _is_there(self, name: str, places: Places) -> bool:
        serving = self.columns.get(name, ()) if self.any_spelling else ()
        return any(places.of(each) for each in (name, *serving))

    def plan(self, columns: Sequence[str]) -> dict[str, list[int]]:
        """Return, for each served column of a raw frame, the positions that serve it, the preferred first."""
        places = self._places(columns)
        ignored = {
            place
            for name, marks in self.ignored_when.items()
            if any(places.of(mark) for mark in marks)
            for place in places.full.get(self.spell(name), ())
        }
        plan = {
            target: _unique(place for name in names for place in places.full.get(self.spell(name), ()))
            for target, names in self.columns.items()
        }
        # A column that bears the whole name of one field must not serve another by the last part of its path.
        claimed = ignored | {place for found in plan.values() for place in found}
        for target, names in self.columns.items():
            by_last = (
                place for name in names for place in places.last.get(self.spell(name), ()) if place not in claimed
            )
            plan[target] = _unique(place for place in (*plan[target], *by_last) if place not in ignored)
        return {target: found for target, found in plan.items() if found}

    def key_plan(self, columns: Sequence[str]) -> list[int]:
        """Return the positions of the parts of the record's own key; empty unless every part is there."""
        places = self._places(columns)
        parts = [_unique(place for name in names for place in places.of(name)) for names in self.key]
        return [part[0] for part in parts] if all(parts) else []

    def join_plan(self, columns: Sequence[str]) -> dict[str, list[int]]:
        """Return, for each served column that the file holds in parts, the positions of the parts, if all are there."""
        places = self._places(columns)
        plans = {target: [places.of(name) for name in names] for target, names in self.joined.items()}
        return {target: [place[0] for place in plan] for target, plan in plans.items() if all(plan)}

    def search_plan(self, columns: Sequence[str]) -> list[int]:
        """Return the positions of the columns in which a lead source may stand, the preferred first."""
        places = self._places(columns)
        named = [place for name in self.searched if name != EVERY for place in places.of(name)]
        return _unique([*named, *(range(len(columns)) if EVERY in self.searched else ())])

    @functools.cached_property
    def whole(self) -> frozenset[str]:
        """The folded names that are taken whole, as JSON text, when their value is an object."""
        names = {fold(name) for served in self.columns.values() for name in served}
        return frozenset(name for name in names if not any(other.startswith(f"{name}.") for other in names))

    @functools.cached_property
    def received_names(self) -> tuple[str, ...]:
        """The folded names that serve the time at which a record was received."""
        return tuple(fold(name) for name in self.columns.get("received", ()))

    @functools.cached_property
    def envelope_names(self) -> tuple[str, ...]:
        """The folded names of the envelope."""
        return tuple(fold(name) for name in self.envelope)


class Places:
    """Where each folded name stands among some columns, by its full path and by the last part of it."""

    def __init__(self, columns: Iterable[str], spell: Callable[[str], str] | None = None) -> None:
        self._spell = spell = spell or fold
        self.full: dict[str, list[int]] = {}
        self.last: dict[str, list[int]] = {}
        for place, column in enumerate(columns):
            self.full.setdefault(spell(column), []).append(place)
            self.last.setdefault(spell(_PATH.split(fold(column))[-1]), []).append(place)

    def of(self, name: str) -> list[int]:
        """Return the positions of a name: by its full path, else by the last part of it."""
        spelled = self._spell(name)
        return self.full.get(spelled) or self.last.get(spelled) or []


def _unique(places: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(places))


@functools.lru_cache(maxsize=4096)
def fold(name: str) -> str:
    r"""Return a column name without byte order mark and quotes, its blanks collapsed, in lower case.

    Examples
    --------
    >>> fold('\ufeff"Lead\xa0 Source" ')
    'lead source'
    """
    return " ".join(name.replace("\ufeff", "").replace('"', "").split()).strip("'").lower()


@functools.lru_cache(maxsize=8192)
def squeeze(name: str) -> str:
    """Return the letters and digits of a column name, without accents and in lower case.

    Examples
    --------
    >>> squeeze("E-Mail (Prénom)"), squeeze("created_at") == squeeze("Created At")
    ('emailprenom', True)
    """
    decomposed = unicodedata.normalize("NFKD", fold(name).casefold())
    return "".join(character for character in decomposed if character.isalnum())


def find_layout(columns: Sequence[str], layouts: Sequence[Layout]) -> Layout | None:
    """Return the first layout that some columns prove, or None.

    Raises
    ------
    ReadError
        When two layouts of the same order are proven, for a guess would be silent.
    """
    found: list[tuple[Layout, tuple[str, ...]]] = []
    for layout in layouts:
        if found and layout.order > found[0][0].order:
            break
        is_new = all(layout.name != other.name for other, _ in found)
        if is_new and (proof := layout.proven_by(columns)):
            found.append((layout, proof))
    if len(found) > 1:
        candidates = " and ".join(f"{layout.name!r} (by {_listed(proof)})" for layout, proof in found)
        raise ReadError(
            "these columns are those of several layouts",
            found=candidates,
            next_step=f"say which it is: layout={found[0][0].name!r}, or --layout {found[0][0].name}",
        )
    return found[0][0] if found else None


def no_layout(what: str, columns: Sequence[str], layouts: Sequence[Layout]) -> UnknownLayoutError:
    """Return the error for columns that prove no layout."""
    of_leads = [layout for layout in layouts if layout.record_kind != REPORT] or layouts
    nearest = min(of_leads, key=lambda layout: len(layout.lacks(columns)) / len(max(layout.proof, key=len)))
    missing = _listed(nearest.lacks(columns))
    places = Places(columns)
    but = f"misses {missing}" if missing else f"does not take {_listed(filter(places.of, nearest.absent))}"
    error = UnknownLayoutError(
        f"{what} are not those of leads",
        found=_shown(columns),
        next_step=f"the nearest layout is {nearest.name!r}, which {but}; rename the columns, say which column is "
        "which (columns={'a column': 'email'}, or --map 'a column=email'), or describe them in a layout file",
    )
    error.columns = tuple(columns)
    return error


def _shown(columns: Sequence[str]) -> str:
    """List column names, unless they look like the first row of a table without names."""
    if any(map(_looks_like_data, columns)):
        return "a first line that looks like data, not like names of columns"
    listed = _listed([column[:60] for column in columns[:30]])
    return (listed or "no column") + (f" and {len(columns) - 30} more" if len(columns) > 30 else "")


def _looks_like_data(column: str) -> bool:
    """Tell whether a name of a column is an e-mail address, a phone number or a date: somebody's, not a name."""
    return "@" in re.sub("@(type|odata.*)$", "", column) or len(re.findall(r"\d", column)) > 5


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)
