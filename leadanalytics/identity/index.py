"""Customers remembered in a folder, so that their ids last and new leads are matched against all there were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from filelock import FileLock, Timeout

from leadanalytics.errors import OptionError, WriteError
from leadanalytics.identity.identifying import Identities, label_leads, people_of
from leadanalytics.identity.increments import Choices, take_in
from leadanalytics.identity.known_records import KnownRecords, read_known, write_known
from leadanalytics.identity.rules import MatchRules

_LOCK = ".lock"
_PATIENCE = 10  # [seconds]; an update of a large index takes some


class Updated(NamedTuple):
    """What an update made.

    Attributes
    ----------
    leads : DataFrame
        The new leads with customer_id, account_id, match_rule and match_bits, as `identify_customers` makes them.
    events : DataFrame
        One row per event: *event* ("created", "joined", "merged" or "split"), *customer_id*, *other_id* and
        *record_id*.
    refreshed : bool
        Whether rarity was measured anew, so that every customer was looked at again.
    """

    leads: pd.DataFrame
    events: pd.DataFrame
    refreshed: bool


class CustomerIndex:
    """Every known record and every customer id ever given, as Arrow files in a folder.

    An id lasts: it goes on when its customer gets more leads; of customers that grow together the id given first
    survives; of one that is parted, the part with the oldest record keeps it. Customers whom new leads do not touch
    keep theirs. Nothing of the folder is held in memory, so several programs may use it in turn.

    Parameters
    ----------
    folder : Path or str
        Is made by the first update.

    Examples
    --------
    >>> import tempfile
    >>> leads = pd.DataFrame({"record_id": ["r1"], "first_name": ["Ana"], "email": ["ana@example.org"]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     index = CustomerIndex.open(folder)
    ...     first = index.update(leads)
    ...     later = index.update(leads.assign(record_id="r2"))
    >>> later.events["event"].tolist()
    ['joined']
    >>> later.leads["customer_id"].tolist() == first.leads["customer_id"].tolist()
    True
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def __repr__(self) -> str:
        return f"CustomerIndex({str(self.folder)!r})"

    @classmethod
    def open(cls, folder: Path | str) -> CustomerIndex:
        """Return the index in a folder, an empty one where there is none yet.

        Raises
        ------
        ReadError
            When the folder holds an index that cannot be read.
        """
        index = cls(folder)
        index._read()
        return index

    @property
    def rules(self) -> MatchRules:
        """What made the customers: the rules of the last update."""
        return self._read().rules or MatchRules()

    def update(
        self,
        leads: pd.DataFrame,
        rules: Mapping[str, Any] | None = None,
        *,
        as_of: pd.Timestamp | None = None,
        refresh_at: float = 2.0,
        **changes: Any,
    ) -> Updated:
        """Match leads against all known ones, remember them, and return them with their customers.

        Only customers that share a key with the leads are looked at. Values are as rare as they were when rarity was
        last measured, so that what is known stays as it is; it is measured anew when the list has grown so much, or the
        threshold is another one.

        Parameters
        ----------
        leads : DataFrame
            As for `identify_customers`. A record that is known is the same customer's when it is delivered again.
        rules : MatchRules or mapping, optional
            What makes leads one customer's, by evidence; by default those of the last update. Pairs in `same` and
            `different` may name known records; they stay until other pairs are given.
        as_of : datetime with a time zone, optional
            Since when what is new holds; by default the newest created_at of the leads.
        refresh_at : float
            How many times as long the list must be as when rarity was last measured for it to be measured anew;
            `math.inf` for never.
        **changes
            Choices of `MatchRules` and their values, such as different.

        Returns
        -------
        Updated
            leads, events and whether it was refreshed.

        Raises
        ------
        FrameError
            As `identify_customers`.
        ReadError
            When the index cannot be read.
        WriteError
            When it cannot be written, or another program is at it.
        """
        people = people_of(leads)
        with self._alone():
            known = read_known(self.folder)
            rules = _by_evidence(MatchRules.read(known.rules if rules is None else rules, **changes))
            increment = take_in(known, people, Choices(rules, as_of, refresh_at))
            write_known(self.folder, increment.known)
        return Updated(label_leads(leads, increment.identities, rules), increment.events, increment.refreshed)

    def refresh(
        self, rules: Mapping[str, Any] | None = None, *, as_of: pd.Timestamp | None = None, **changes: Any
    ) -> pd.DataFrame:
        """Measure rarity anew, look at every customer again, and return the events, see `update`."""
        nobody = pd.DataFrame({"record_id": pd.Series(dtype="str")})
        return self.update(nobody, rules, as_of=as_of, refresh_at=0, **changes).events

    def identify(self, people: pd.DataFrame, rules: Mapping[str, Any] | None = None, **changes: Any) -> Identities:
        """Return who the people of leads are, and remember nothing, for `identify_customers(leads, known=index)`."""
        known = self._read()
        rules = _by_evidence(MatchRules.read(known.rules if rules is None else rules, **changes))
        return take_in(known, people, Choices(rules)).identities

    def crosswalk(self) -> pd.DataFrame:
        """Return every id ever given.

        Returns
        -------
        DataFrame
            *customer_id*, the one given first first; *present_id*, the id that its customer has now;
            *first_record_id*, the oldest record when it was given; *since*, when it was given (UTC).
        """
        customers = self._read().customers.to_pandas()
        heirs = customers.set_index("customer_id")["superseded_by"].dropna()
        present = customers["customer_id"]
        while (ended := present.isin(heirs.index)).any():
            present = present.where(~ended, present.map(heirs))
        return customers.assign(present_id=present)[["customer_id", "present_id", "first_record_id", "since"]]

    def _read(self) -> KnownRecords:
        if not self.folder.exists():
            return read_known(self.folder)
        with self._alone():
            return read_known(self.folder)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other programs from the folder, and wait some seconds for one that is at it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / _LOCK, timeout=_PATIENCE):
                yield
        except Timeout as error:
            raise WriteError(
                "the index is in use",
                found="another program that reads or writes it",
                next_step="try again when it is done",
            ) from error
        except OSError as error:
            raise WriteError("the index cannot be locked", found=error.strerror or type(error).__name__) from error


def _by_evidence(rules: MatchRules) -> MatchRules:
    if rules.method != "evidence":
        raise OptionError(
            "an index holds the evidence", found=f"method={rules.method!r}", next_step="method='evidence'"
        )
    return rules
