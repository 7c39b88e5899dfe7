"""Tables of the page: a caption, headed columns, rows of words. The first column names its row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Table", "table"]


MOST_NUMBERS = 3  # columns of numbers that fit beside the name of a row on a telephone
MOST_WORDS = 2  # columns of words that fit beside each other on a telephone


@dataclass(frozen=True)
class Table:
    """One table, all its cells words.

    Attributes
    ----------
    caption : str
        What the table holds, one clause.
    columns : tuple of str
        The heading of each column.
    rows : tuple of tuple of str
        The cells; the first of each row is the row's heading.
    numeric : tuple of bool
        Which columns hold numbers, and so are set to the right.
    total : tuple of str or None
        A last row that the others add up to.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    total: tuple[str, ...] | None = None

    @property
    def is_wordy(self) -> bool:
        """Whether it holds more words than a telephone is wide, so that it is scrolled rather than squeezed."""
        return self.numeric.count(False) > MOST_WORDS

    @property
    def ends_in_words(self) -> bool:
        """Whether words follow few numbers, so that on a telephone they stand below their row rather than beside it."""
        return 0 < self.numeric.count(True) <= MOST_NUMBERS and not self.numeric[-1]


def table(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    words: Iterable[str] = (),
    total: Sequence[str] | None = None,
) -> Table:
    """Return a table; every column but the first holds numbers, unless it is among `words`.

    Examples
    --------
    >>> table("Leads", ["problem", "leads", "what to do"], [["no offer", "3", "ask"]], words=["what to do"]).numeric
    (False, True, False)
    """
    spoken = {columns[0], *words}
    return Table(
        caption=caption,
        columns=tuple(columns),
        rows=tuple(tuple(row) for row in rows),
        numeric=tuple(column not in spoken for column in columns),
        total=None if total is None else tuple(total),
    )
