"""Defaults of parameters that are one of several words: those of the signature, not the first word."""

import re
from typing import Any

import griffe

_CHOICES = re.compile(r"^(\w+ : )\{([^}]+)\}.*$", re.MULTILINE)


class Choices(griffe.Extension):
    """Writes `{"a", "b"}` as `"a" or "b"`, of which the reference takes no word for the default."""

    def on_function_instance(self, *, func: griffe.Function, **_: Any) -> None:
        """Rewrite the docstring of a function."""
        if func.docstring:
            func.docstring.value = _CHOICES.sub(
                lambda line: line[1] + " or ".join(line[2].split(", ")), func.docstring.value
            )
