"""Every exception and warning of the package, built from facts: what was wrong, what was there, what to do next.

No message ever holds a secret, and none quotes what a lead's person typed.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from typing import Any

__all__ = [
    "AccessError",
    "AssumptionWarning",
    "BrokenAnswerError",
    "ChartError",
    "FrameError",
    "LeadAnalyticsError",
    "LeadAnalyticsWarning",
    "MissingExtraError",
    "MissingTableError",
    "OptionError",
    "ReadError",
    "RejectsWarning",
    "TableError",
    "ThrottledError",
    "TruncatedExportWarning",
    "UnknownCodeWarning",
    "UnknownLayoutError",
    "UnreachableError",
    "VocabularyError",
    "WriteError",
    "check_option",
    "near_miss",
]


class LeadAnalyticsError(Exception):
    """The base of every error that this package raises on purpose.

    Parameters
    ----------
    what : str
        What was wrong, one clause.
    found : str, optional
        What was there instead.
    next_step : str, optional
        What to do or type next.
    argument : str, optional
        The argument whose value was wrong, which the command line calls by the name of its option.
    example : str, optional
        A value that would be right, as text; without a next step the message shows it.
    """

    def __init__(
        self,
        what: str,
        *,
        found: str | None = None,
        next_step: str | None = None,
        argument: str | None = None,
        example: str | None = None,
    ) -> None:
        if next_step is None and argument is not None and example is not None:
            next_step = f"{argument}={example!r}"
        self.what, self.found, self.next_step = what, found, next_step
        self.argument, self.example = argument, example
        super().__init__(what, found, next_step)

    def __str__(self) -> str:
        parts = [self.what, self.found and f"found {self.found}", self.next_step]
        return "; ".join(part for part in parts if part)


class ReadError(LeadAnalyticsError):
    """A file or folder cannot be read as leads."""


class UnknownLayoutError(ReadError):
    """The columns of a file are not those of leads.

    Attributes
    ----------
    columns : tuple of str
        What stands where names of columns were looked for; in a file without names, a record. No message quotes it.
    """

    columns: tuple[str, ...] = ()


class TableError(LeadAnalyticsError):
    """An Azure Table cannot be read.

    Attributes
    ----------
    rows : int
        How many rows were delivered before the error.
    resume : dict or None
        Where to go on, which JSON can hold; None to begin anew. A place is valid only with the same filter and select.
    request_id : str or None
        The service's own number of the request that failed, for Microsoft's support.
    """

    rows: int = 0
    resume: dict[str, Any] | None = None

    def __init__(
        self, what: str, *, found: str | None = None, next_step: str | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(what, found=found, next_step=next_step)
        self.request_id = request_id


class AccessError(TableError):
    """The service refuses the key, the signature or the token, or none could be had."""


class MissingTableError(TableError):
    """The account has no table of this name, or there is no such account."""


class ThrottledError(TableError):
    """The service is too busy to answer and stays so."""


class UnreachableError(TableError):
    """The service cannot be reached, or the connection keeps breaking: name, network, proxy or certificate."""


class BrokenAnswerError(TableError):
    """An answer is no page of a table: cut, not JSON, or another's, such as the login page of a network."""


class FrameError(LeadAnalyticsError):
    """A frame is not of the kind that a function takes."""


class VocabularyError(LeadAnalyticsError):
    """A file of codes is missing, incomplete or contradicts another."""


class OptionError(LeadAnalyticsError, ValueError):
    """An argument has a value that is not one of its options."""


class ChartError(LeadAnalyticsError):
    """A chart cannot be drawn from this frame."""


class WriteError(LeadAnalyticsError):
    """A file cannot be written."""


class MissingExtraError(LeadAnalyticsError, ImportError):
    """An optional dependency is not installed."""

    def __init__(self, package: str, *, extra: str) -> None:
        super().__init__(f"{package} is not installed", next_step=f"pip install 'leadanalytics[{extra}]'")


class LeadAnalyticsWarning(UserWarning):
    """The base of every warning of this package."""


class AssumptionWarning(LeadAnalyticsWarning):
    """Something was assumed that the data does not tell."""


class RejectsWarning(LeadAnalyticsWarning):
    """Some delivered records could not be used and were set aside."""


class TruncatedExportWarning(LeadAnalyticsWarning):
    """An export looks as if its writer stopped before the end."""


class UnknownCodeWarning(LeadAnalyticsWarning):
    """The data holds codes that the vocabulary does not know."""


def near_miss(name: str, options: Iterable[str]) -> str | None:
    """Return the option most like a name, or None when none is close.

    Examples
    --------
    >>> near_miss("frist", ["first", "any"])
    'first'
    """
    close = difflib.get_close_matches(name, list(options), n=1)
    return close[0] if close else None


def check_option(argument: str, value: object, options: Collection[str]) -> None:
    """Raise OptionError unless a value is one of an argument's options.

    Examples
    --------
    >>> check_option("start", "frist", ["first", "any"])
    Traceback (most recent call last):
    leadanalytics.errors.OptionError: start is one of 'first', 'any'; found 'frist'; did you mean 'first'?
    """
    if value in options:
        return
    listed = ", ".join(repr(option) for option in options)
    close = near_miss(str(value), options)
    raise OptionError(
        f"{argument} is one of {listed}",
        found=repr(value),
        next_step=f"did you mean {close!r}?" if close else None,
        argument=argument,
    )
