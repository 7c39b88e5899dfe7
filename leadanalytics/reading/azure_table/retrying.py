"""A page is asked for until it comes, or until asking again cannot help."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

from azure.core import PipelineClient

from leadanalytics.reading.azure_table.accounts import LeadTable
from leadanalytics.reading.azure_table.failures import Failure
from leadanalytics.reading.azure_table.patience import USUAL, Patience
from leadanalytics.reading.azure_table.requests import Answer, ask_once

Pause = Callable[[float], object]
"""Waits for a number of seconds."""

_log = logging.getLogger(__name__)


def ask(
    client: PipelineClient,
    table: LeadTable,
    query: Mapping[str, str],
    *,
    patience: Patience = USUAL,
    pause: Pause = time.sleep,
) -> Answer:
    """Return the page that a query names; `attempts` says how often it was asked for.

    Raises
    ------
    TableError
        When asking again cannot help, or did not help often enough. It has no cause: the errors of the libraries hold
        addresses and with them signatures.
    """
    attempt = 1
    while isinstance(outcome := ask_once(client, table, query, patience), Failure):
        if not outcome.may_pass or attempt >= patience.attempts:
            raise outcome.error(attempt)
        seconds = patience.wait(attempt, outcome.retry_after)
        _log.info("%s (found %s): asking again in %.1f s", outcome.what, outcome.found, seconds)
        pause(seconds)
        attempt += 1
    return outcome._replace(attempts=attempt)
