"""Choices of meaning as one value: frozen, made of plain values, readable from TOML, said in one sentence.

Such a value travels in the `attrs` of frames, which pandas writes into Parquet files as JSON; so it is a dict.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar, Self

from leadanalytics.errors import OptionError, near_miss

__all__ = ["Rules"]


class Rules(dict[str, Any]):
    """The base of `FunnelRules` and `MatchRules`: a frozen dataclass whose fields are also the items of a dict.

    A subclass is a `dataclass(frozen=True, eq=False, repr=False, kw_only=True)`; its `_checked` returns every field
    as a plain value, or raises OptionError.
    """

    section: ClassVar[str] = ""  # the table of a TOML file that holds the rules
    renamed: ClassVar[Mapping[str, str]] = {}  # earlier names of fields, and what they are called now

    def __post_init__(self) -> None:
        for name, value in self._checked().items():
            object.__setattr__(self, name, value)
        super().update({field.name: getattr(self, field.name) for field in fields(self)})  # type: ignore[arg-type]

    def _checked(self) -> dict[str, Any]:
        raise NotImplementedError

    @classmethod
    def read(cls, rules: Mapping[str, Any] | None = None, **changes: Any) -> Self:
        """Return rules with some choices changed; without rules, the default ones.

        Parameters
        ----------
        rules : Rules or mapping, optional
            As made before, or its plain values, such as `frame.attrs["rules"]` of a file that was read again.
        **changes
            Fields and their new values.

        Raises
        ------
        OptionError
            When there is no such field, or a field has no such value.
        """
        if rules is not None and not isinstance(rules, Mapping):
            raise OptionError(
                f"rules is a {cls.__name__}", found=repr(rules), next_step=f"rules=la.{cls.__name__}(...)"
            )
        if isinstance(rules, cls) and not changes:
            return rules
        known = {field.name: field for field in fields(cls)}  # type: ignore[arg-type]
        values = {**(rules or {}), **changes}
        for name in values:
            if name not in known:
                now = cls.renamed.get(name)
                close = near_miss(name, known)
                raise OptionError(
                    f"{cls.__name__} has no choice {name!r}",
                    found=", ".join(known) if now is None and close is None else None,
                    next_step=f"it is called {now!r} now" if now else f"did you mean {close!r}?" if close else None,
                )
        return cls(**values)

    @classmethod
    def from_toml(cls, path: str | Path, **changes: Any) -> Self:
        """Return the rules that a TOML file holds, in its table of this name or, without one, as its own keys.

        Parameters
        ----------
        path : path
        **changes
            Choices that differ from those of the file.

        Raises
        ------
        OptionError
            When the file is missing or no TOML, or a choice in it is not known.
        """
        path = Path(path)
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise OptionError(f"there is no file {path.name!r} with rules") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise OptionError(f"{path.name} is not a TOML file", found=str(error)) from error
        # A project file has other entries as well; rules of their own file stand at its top.
        tables = any(isinstance(value, dict) for value in data.values()) or "sources" in data
        return cls.read({**data.get(cls.section, {} if tables else data), **changes})

    def changed(self, **changes: Any) -> Self:
        """Return the same rules with some choices changed."""
        return self.read(self, **changes)

    def __repr__(self) -> str:
        default = type(self)()
        said = ", ".join(f"{name}={value!r}" for name, value in self.items() if value != default[name])
        return f"{type(self).__name__}({said})"

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(json.dumps(self, sort_keys=True))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).read, (dict(self),)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self  # frozen all through, and pandas copies attrs at every step

    def _frozen(self, *_: object, **__: object) -> Any:
        raise TypeError(f"{type(self).__name__} is frozen; rules.changed(name=value) returns a changed copy")

    __setitem__ = __delitem__ = __ior__ = update = pop = popitem = clear = setdefault = _frozen
