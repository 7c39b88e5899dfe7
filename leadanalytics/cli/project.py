"""The project file `leadanalytics.toml`: what every command reads and means by its numbers, said once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leadanalytics.errors import OptionError, near_miss

__all__ = ["NAME", "Project"]

NAME = "leadanalytics.toml"


@dataclass(frozen=True)
class Project:
    """What a project file says; the defaults where there is none.

    Attributes
    ----------
    path : path or None
        The file.
    sources : tuple of str
        What commands read when no source is typed.
    zone : str or None
        The zone of times whose zone no file tells, and of days and periods.
    date_order : str or None
        How 3/4/2024 is written where no file settles it.
    own_domains : tuple of str
        E-mail domains of the publisher, whose leads are tests.
    codes : path or None
        A folder with own tables of codes.
    edition : str or None
        The edition of the codes by which every lead is read.
    offers : path or None
        A table of the offers and their listings.
    layouts : path or None
        A folder with own layouts.
    funnel, match : mapping
        The choices of `FunnelRules` and of `MatchRules`.
    """

    path: Path | None = None
    sources: tuple[str, ...] = ()
    zone: str | None = None
    date_order: str | None = None
    own_domains: tuple[str, ...] = ()
    codes: Path | None = None
    edition: str | None = None
    offers: Path | None = None
    layouts: Path | None = None
    funnel: Mapping[str, Any] = field(default_factory=dict)
    match: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def find(cls, config: Path | None = None) -> Project:
        """Return the project of a file; without one named, of `leadanalytics.toml` in the working folder, if any.

        Raises
        ------
        OptionError
            When the file is missing or no TOML, or names something that a project does not have.
        """
        path = config or Path(NAME)
        if not path.is_file():
            if config is None:
                return cls()
            raise OptionError(
                f"--config names no file {config.name!r}", next_step="leadanalytics init FOLDER writes one"
            )
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise OptionError(f"{path.name} is not a TOML file", found=str(error)) from error
        return cls(path=path, **{name: _value(name, value, path) for name, value in data.items()})


_TEXTS = ("zone", "date_order", "edition")
_LISTS = ("sources", "own_domains")
_PATHS = ("codes", "offers", "layouts")
_TABLES = ("funnel", "match")


def _value(name: str, value: Any, path: Path) -> Any:
    """Return one value of a project file; paths are those of the folder in which it stands."""
    known = (*_TEXTS, *_LISTS, *_PATHS, *_TABLES)
    if name not in known:
        close = near_miss(name, known)
        raise OptionError(
            f"{path.name} has no entry {name!r}",
            found=", ".join(known),
            next_step=f"did you mean {close!r}?" if close else None,
        )
    if name in _LISTS:
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise OptionError(f"{name} in {path.name} is a list of texts", found=repr(value))
        return tuple(str(path.parent / item) for item in items) if name == "sources" else tuple(items)
    is_right = isinstance(value, dict) if name in _TABLES else isinstance(value, str)
    if not is_right:
        what = f"a table, which begins with [{name}]" if name in _TABLES else "a text"
        raise OptionError(f"{name} in {path.name} is {what}", found=repr(value))
    return path.parent / value if name in _PATHS else value
