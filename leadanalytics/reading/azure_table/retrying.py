"""How long to wait and how often to ask again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """How often a page is asked for, and how long each part of it may take [s]."""

    attempts: int = 6
    first_wait: float = 0.5
    longest_wait: float = 30.0
    connect: float = 10.0
    read: float = 60.0
    page: float = 300.0
