"""How often a page is asked for and how long that may take; every wait is bounded."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """How often a page is asked for, and how long each part of it may take.

    Attributes
    ----------
    attempts : int
        How often a page is asked for before giving up.
    first_wait, longest_wait : float
        The wait after the first failure, which doubles with each one, and its limit, also where the service asks for
        more [s].
    connect, read, page : float
        The longest time for a connection, for a part of an answer, and for a whole page [s].
    """

    attempts: int = 6
    first_wait: float = 0.5
    longest_wait: float = 30.0
    connect: float = 10.0
    read: float = 60.0
    page: float = 300.0

    def wait(self, failures: int, retry_after: float = 0.0) -> float:
        """Return how long to wait after so many failures in a row [s]; up to half of it is chance.

        Examples
        --------
        >>> Patience(longest_wait=10).wait(1, retry_after=3_600)
        10
        """
        doubled = min(self.longest_wait, self.first_wait * 2 ** (failures - 1))
        return min(self.longest_wait, max(retry_after, doubled * random.uniform(0.5, 1)))


USUAL = Patience()
