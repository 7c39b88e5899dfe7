"""Customers remembered in a folder, so that their ids last and new leads are matched against all there were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from filelock import FileLock, Timeout

from leadanalytics.errors import WriteError
from leadanalytics.identity.grouping import Pairs
from leadanalytics.identity.identifying import Identities, label_leads, people_of
from leadanalytics.identity.increments import Choices, take_in
from leadanalytics.identity.known_records import KnownRecords, read_known, write_known

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

    def update(
        self,
        leads: pd.DataFrame,
        *,
        threshold: float = 0.0,
        review: float = -2.0,
        same: Pairs = (),
        different: Pairs = (),
        as_of: pd.Timestamp | None = None,
        refresh_at: float = 2.0,
    ) -> Updated:
        """Match leads against all known ones, remember them, and return them with their customers.

        Only customers that share a key with the leads are looked at. Values are as rare as they were when rarity was
        last measured, so that what is known stays as it is; it is measured anew when the list has grown so much.

        Parameters
        ----------
        leads : DataFrame
            As for `identify_customers`. A record that is known is the same customer's when it is delivered again.
        threshold, review : float
            As for `identify_customers` [bits].
        same, different : iterable of pairs of str
            Record ids, known or new, that are one person's, and that are two people's. Give them every time: they are
            not remembered.
        as_of : datetime with a time zone, optional
            Since when what is new holds; by default the newest created_at of the leads.
        refresh_at : float
            How many times as long the list must be as when rarity was last measured for it to be measured anew;
            `math.inf` for never.

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
        choices = Choices(threshold, review, list(same), list(different), as_of, refresh_at)
        with self._alone():
            increment = take_in(read_known(self.folder), people, choices)
            write_known(self.folder, increment.known)
        return Updated(label_leads(leads, increment.identities), increment.events, increment.refreshed)

    def refresh(
        self,
        *,
        threshold: float = 0.0,
        review: float = -2.0,
        same: Pairs = (),
        different: Pairs = (),
        as_of: pd.Timestamp | None = None,
    ) -> pd.DataFrame:
        """Measure rarity anew, look at every customer again, and return the events, see `update`."""
        nobody = pd.DataFrame({"record_id": pd.Series(dtype="str")})
        return self.update(
            nobody, threshold=threshold, review=review, same=same, different=different, as_of=as_of, refresh_at=0
        ).events

    def identify(
        self, people: pd.DataFrame, *, threshold: float, review: float, same: Pairs, different: Pairs
    ) -> Identities:
        """Return who the people of leads are, and remember nothing, for `identify_customers(leads, known=index)`."""
        choices = Choices(threshold, review, list(same), list(different))
        return take_in(self._read(), people, choices).identities

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
