"""What the endpoint takes at most: size, rate, bodies at once, time."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from leadanalytics.errors import OptionError


@dataclass(frozen=True)
class Limits:
    """The limits of one receiving process.

    Attributes
    ----------
    body_bytes : int
        The largest body [bytes]; a lead has about 600.
    leads_per_second : float
        The rate that may last [1/s].
    burst : int
        How many may come at once after a pause.
    bodies_at_once : int
        How many bodies are read and written at the same time; with `body_bytes` the limit of memory.
    connections : int
        How many connections are answered at the same time, idle ones counted.
    read_seconds : float
        The longest time for the head of a request, and again for its body [s].
    stop_seconds : int
        The longest time for answers under way after a signal to stop [s]; longer than the time for a body.

    Raises
    ------
    OptionError
        When one is not above zero.

    Examples
    --------
    >>> Limits(leads_per_second=10).body_bytes
    262144
    """

    body_bytes: int = 256 * 1024
    leads_per_second: float = 50.0
    burst: int = 500
    bodies_at_once: int = 64
    connections: int = 512
    read_seconds: float = 10.0
    stop_seconds: int = 15

    def __post_init__(self) -> None:
        for limit in dataclasses.fields(self):
            value = getattr(self, limit.name)
            if not value > 0:
                raise OptionError(f"{limit.name} is above zero", found=str(value))


class TokenBucket:
    """A limit of rate: each lead takes a token, and tokens come back at a steady pace.

    Parameters
    ----------
    per_second : float
        How many tokens come back [1/s].
    burst : int
        How many there are at most, and at the start.

    Examples
    --------
    >>> bucket = TokenBucket(per_second=0.5, burst=1)
    >>> [bucket.take(now) for now in (0.0, 0.0, 1.0, 2.0)]
    [0.0, 2.0, 1.0, 0.0]
    """

    def __init__(self, *, per_second: float, burst: int) -> None:
        self._per_second, self._burst = per_second, burst
        self._tokens, self._counted_at = float(burst), 0.0

    def take(self, now: float) -> float:
        """Take a token and return 0, or return after how many seconds there will be one.

        Parameters
        ----------
        now : float
            The time on any clock that never goes back [s].
        """
        come_back = max(0.0, now - self._counted_at) * self._per_second
        self._tokens, self._counted_at = min(self._burst, self._tokens + come_back), now
        if self._tokens < 1:
            return (1 - self._tokens) / self._per_second
        self._tokens -= 1
        return 0.0
