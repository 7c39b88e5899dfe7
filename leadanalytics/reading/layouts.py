"""Layouts: the known shapes of lead records, kept as TOML files, and how to tell which one a set of columns is.

A layout is data. It says which columns prove it, which of its columns serve which column of a raw frame, and how it
writes dates. To teach the package a new shape, add a TOML file; no code knows a layout by name.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from leadanalytics import schema
from leadanalytics.errors import ReadError, check_option

SHIPPED = Path(__file__).parent / "layouts"
DATE_ORDERS = ("month_first", "day_first")

# The columns of which one is enough where the caller names the layout.
_TELLING = ("lead_source", "action_code", "customer_info", *schema.CUSTOMER_FIELDS)
# The columns of a raw frame that a layout may serve; the others say where the record was read.
_SERVED = tuple(
    column.name
    for column in schema.KINDS["raw"].columns
    if column.name not in ("record_id", "layout", "origin", "origin_row")
)
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
        Layouts are tried from the lowest order to the highest; the first that is proven wins.
    proof : tuple of tuple of str
        Alternative sets of column names; the presence of a whole set proves the layout.
    columns : mapping of str to tuple of str
        Each served column of a raw frame to the names that serve it, the preferred first.
    key : tuple of tuple of str
        The parts of the record's own key, each with the names that serve it; empty where records have none.
    absent : tuple of str
        Names whose presence disproves the layout.
    ignored_when : mapping of str to tuple of str
        A name that is not what it says when one of the others is there.
    envelope : tuple of str
        Names, in an object round the record, of the time at which it was received.
    date_order : str
        How ambiguous dates are written: month_first or day_first.
    time_zone : str
        The zone of times written without one.
    """

    name: str
    title: str
    order: int
    proof: tuple[tuple[str, ...], ...]
    columns: Mapping[str, tuple[str, ...]]
    key: tuple[tuple[str, ...], ...] = ()
    absent: tuple[str, ...] = ()
    ignored_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    envelope: tuple[str, ...] = ()
    date_order: str = "month_first"
    time_zone: str = "UTC"

    def lacks(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return the names that the nearest set of proof misses among some columns."""
        places = _Places(columns)
        missing = [tuple(name for name in names if not places.of(name)) for names in self.proof]
        return min(missing, key=len)

    def is_proven_by(self, columns: Iterable[str]) -> bool:
        """Tell whether the columns hold a whole set of proof and nothing that disproves the layout."""
        places = _Places(columns)
        if any(places.of(name) for name in self.absent):
            return False
        return any(all(places.of(name) for name in names) for names in self.proof)

    def plan(self, columns: Sequence[str]) -> dict[str, list[int]]:
        """Return, for each served column of a raw frame, the positions that serve it, the preferred first."""
        places = _Places(columns)
        ignored = {
            place
            for name, marks in self.ignored_when.items()
            if any(places.of(mark) for mark in marks)
            for place in places.full.get(fold(name), ())
        }
        plan = {
            target: _unique(place for name in names for place in places.full.get(fold(name), ()))
            for target, names in self.columns.items()
        }
        # A column that bears the whole name of one field must not serve another by the last part of its path.
        claimed = ignored | {place for found in plan.values() for place in found}
        for target, names in self.columns.items():
            by_last = (place for name in names for place in places.last.get(fold(name), ()) if place not in claimed)
            plan[target] = _unique(place for place in (*plan[target], *by_last) if place not in ignored)
        return {target: found for target, found in plan.items() if found}

    def key_plan(self, columns: Sequence[str]) -> list[int]:
        """Return the positions of the parts of the record's own key; empty unless every part is there."""
        places = _Places(columns)
        parts = [_unique(place for name in names for place in places.of(name)) for names in self.key]
        return [part[0] for part in parts] if all(parts) else []

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


class _Places:
    """Where each folded name stands among some columns, by its full path and by the last part of it."""

    def __init__(self, columns: Iterable[str]) -> None:
        self.full: dict[str, list[int]] = {}
        self.last: dict[str, list[int]] = {}
        for place, column in enumerate(columns):
            path = fold(column)
            self.full.setdefault(path, []).append(place)
            self.last.setdefault(_PATH.split(path)[-1].strip(), []).append(place)

    def of(self, name: str) -> list[int]:
        folded = fold(name)
        return self.full.get(folded) or self.last.get(folded) or []


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


def load_layouts(folder: str | Path | None = None) -> list[Layout]:
    """Return the layouts in the order in which they are tried: the shipped ones, and those of a folder.

    Parameters
    ----------
    folder : path, optional
        Holds TOML files. A layout of the same name as a shipped one replaces it.

    Raises
    ------
    ReadError
        The folder holds no layout, or one is incomplete or names a column that a raw frame does not have.

    Examples
    --------
    >>> [layout.name for layout in load_layouts()][:2]
    ['azure_table', 'https']
    """
    layouts = {layout.name: layout for layout in _shipped()}
    if folder is not None:
        paths = sorted(Path(folder).glob("*.toml"))
        if not paths:
            raise ReadError(
                f"the folder {Path(folder).name!r} holds no layout",
                next_step="put a TOML file in it that names the columns of your files",
            )
        layouts |= {layout.name: layout for layout in map(_load, paths)}
    return sorted(layouts.values(), key=lambda layout: (layout.order, layout.name))


def detect_layout(columns: Iterable[str], *, layouts: Sequence[Layout] | None = None) -> Layout:
    """Return the first layout that some columns prove.

    Parameters
    ----------
    columns : iterable of str
        The names of the columns as written; case, blanks, quotes and a byte order mark do not matter.
    layouts : sequence of Layout, optional
        The layouts to try in order, the shipped ones by default.

    Raises
    ------
    ReadError
        No layout is proven; names the columns, the nearest layout and what that one misses.

    Examples
    --------
    >>> detect_layout(["PartitionKey", "RowKey", "CustomerInfo", "LeadSource"]).name
    'azure_table'
    """
    names = [str(column) for column in columns]
    known = load_layouts() if layouts is None else layouts
    found = find_layout(names, known)
    if found is None:
        raise no_layout("the columns", names, known)
    return found


def find_layout(columns: Sequence[str], layouts: Sequence[Layout]) -> Layout | None:
    """Return the first layout that some columns prove, or None."""
    return next((layout for layout in layouts if layout.is_proven_by(columns)), None)


def choose_layouts(name: str | None, layouts: Sequence[Layout] | None) -> list[Layout]:
    """Return the layouts to try: all, or the named one, which then needs only one telling column as proof."""
    known = load_layouts() if layouts is None else list(layouts)
    if name is None:
        return known
    check_option("layout", name, [layout.name for layout in known])
    chosen = next(layout for layout in known if layout.name == name)
    telling = tuple((name,) for target in _TELLING for name in chosen.columns.get(target, ()))
    return [replace(chosen, proof=(*chosen.proof, *telling), absent=())]


def no_layout(what: str, columns: Sequence[str], layouts: Sequence[Layout]) -> ReadError:
    """Return the error for columns that prove no layout."""
    nearest = min(layouts, key=lambda layout: len(layout.lacks(columns)) / len(max(layout.proof, key=len)))
    missing = _listed(nearest.lacks(columns))
    places = _Places(columns)
    but = f"misses {missing}" if missing else f"does not take {_listed(filter(places.of, nearest.absent))}"
    return ReadError(
        f"{what} are not those of leads",
        found=_shown(columns),
        next_step=f"the nearest layout is {nearest.name!r}, which {but}; "
        "rename the columns, or describe them in a layout file",
    )


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


@functools.cache
def _shipped() -> tuple[Layout, ...]:
    return tuple(_load(path) for path in sorted(SHIPPED.glob("*.toml")))


def _load(path: Path) -> Layout:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        layout = Layout(
            name=data["name"],
            title=data["title"],
            order=int(data["order"]),
            proof=tuple(tuple(names) for names in data["proof"]),
            columns={target: tuple(names) for target, names in data["columns"].items()},
            key=tuple(tuple(names) for names in data.get("key", ())),
            absent=tuple(data.get("absent", ())),
            ignored_when={name: tuple(marks) for name, marks in data.get("ignored_when", {}).items()},
            envelope=tuple(data.get("envelope", ())),
            date_order=data.get("date_order", "month_first"),
            time_zone=data.get("time_zone", "UTC"),
        )
    except KeyError as error:
        raise ReadError(f"the layout {path.name} lacks the entry {error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, ValueError, AttributeError) as error:
        raise ReadError(f"the layout {path.name} is not valid", found=str(error)) from error
    if not any(layout.proof):
        raise ReadError(f"the layout {path.name} has no proof", next_step='add proof = [["A column", "another"]]')
    for target in layout.columns:
        check_option(f"a column in {path.name}", target, _SERVED)
    check_option(f"date_order in {path.name}", layout.date_order, DATE_ORDERS)
    return layout
