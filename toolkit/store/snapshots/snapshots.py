"""The snapshots of one open store, from the first that is asked for to the last."""

from __future__ import annotations

import logging
from collections.abc import Callable, Container, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Final

import numpy as np
from sqlalchemy import Connection

from ...errors import StoreError, TooManyRowsError
from ...snapshot import Snapshot
from ...values.types import IntArray
from ..sql.damage import as_stored
from ..sql.history import newest_revision
from .cache import SnapshotCache
from .catch_up import catch_up
from .matrices import MemoryMatrices
from .part import drawn, row_count
from .parts import PartReader

__all__ = ["Snapshots"]

SAMPLED: Final = 2_000  # inputs, of whose rows a thousand are compared with one another
NONE: Final = np.empty(0, np.int64)
_UNUSABLE = OSError, NotImplementedError  # the second where a file system has no locks

log = logging.getLogger(__name__)


class Snapshots:
    """Gives the newest snapshot, and does no more for it than what has changed asks for.

    Parameters
    ----------
    read : callable
        Opens a read transaction, which sees one revision to its end.
    directory : Path or None
        Where snapshots are stored between sessions, shared with other processes; None keeps them in memory.
        One that cannot be written is done without.
    most_rows : int, optional
        The most rows of a snapshot of everything; any number by default.

    Notes
    -----
    Opening large files reads samples of them. A thread then reads the rest, once; what is damaged is made anew from the
    store at the next look, and a warning is logged.
    """

    def __init__(
        self,
        read: Callable[[], AbstractContextManager[Connection]],
        directory: Path | None,
        *,
        most_rows: int | None = None,
    ) -> None:
        self._read = read
        self.most_rows = most_rows
        self._cache = SnapshotCache(directory) if directory else None
        self._matrices = MemoryMatrices()
        self._parts = PartReader()
        self._counted: tuple[tuple[int, str], int] | None = None
        self._current: Snapshot | None = None
        self._closed = False
        self._lock = Lock()
        self._closing = Event()
        self._checking: Thread | None = None

    def latest(self) -> Snapshot:
        """The snapshot of the store's newest revision; the same one as before if nothing has changed.

        Safe to call from any thread, outside transactions. Earlier snapshots stay as they are.

        Raises
        ------
        StoreError
            After closing.
        TooManyRowsError
            There are more rows than a snapshot of everything is made of.
        """
        with self._lock:
            if self._closed:
                raise StoreError("this store is closed; open it again with toolkit.open(...)")
            if self._current is None or not self._is_newest(self._current):
                self._refuse_many()
                self._current = self._advanced()
                self._check_behind()
            return self._current

    def latest_or_sample(self) -> Snapshot:
        """The newest snapshot, or, of a collection that is too large for one, that of inputs drawn at random."""
        try:
            return self.latest()
        except TooManyRowsError:
            with self._read() as connection:
                return self._parts.read(connection, drawn(connection, SAMPLED))

    def part(
        self, inputs: IntArray = NONE, *, regions: IntArray = NONE, of: Container[str] | None = None
    ) -> Snapshot:
        """A snapshot of some inputs alone, at the store's newest revision, however many others there are.

        Parameters
        ----------
        inputs : int64 (k,)
            Their keys.
        regions : int64 (k,)
            Keys of regions of further inputs.
        of : container of str, optional
            The spaces whose vectors are read; all by default.
        """
        with self._read() as connection:
            return self._parts.read(connection, inputs, regions, of=of)

    def check(self) -> list[str]:
        """What is damaged in the stored arrays, in words; the next snapshot is then made anew from the store.

        Raises
        ------
        StoreError
            After closing.
        """
        self.latest()
        with self._lock:
            damaged = [] if self._cache is None else self._cache.damaged()
            return self._discarded(damaged)

    def close(self) -> None:
        """Keep the last snapshot for the next session, and let go of it; closing twice is fine."""
        self._closing.set()
        if self._checking is not None:
            self._checking.join()
        with self._lock:
            current, self._current, self._closed = self._current, None, True
            if self._cache is None or current is None:
                return
            try:
                with self._cache.locked():
                    self._cache.finish(current)
            except _UNUSABLE as error:
                log.debug("the last snapshot is not stored: %r", error)

    def _check_behind(self) -> None:
        """Read what opening has only sampled, on a thread of its own."""
        if self._checking is None and self._cache is not None and self._cache.has_large_files:
            self._checking = Thread(target=self._check_files, args=(self._cache,), daemon=True)
            self._checking.start()

    def _check_files(self, cache: SnapshotCache) -> None:
        try:
            damaged = cache.damaged(stop=self._closing.is_set)
        except (OSError, ValueError) as error:  # another process has replaced them meanwhile
            log.debug("the stored arrays were not checked: %r", error)
            return
        if damaged:
            with self._lock:
                for sentence in self._discarded(damaged):
                    log.warning(sentence)

    def _discarded(self, damaged: Sequence[str]) -> list[str]:
        """What is damaged in words, after letting go of it."""
        if damaged and self._cache is not None:
            self._current = None
            self._cache.discard()
        return [
            f"{path}: damaged, and made anew from the database when it is next needed" for path in damaged
        ]

    def _is_newest(self, snapshot: Snapshot) -> bool:
        with self._read() as connection:
            return newest_revision(connection) == (snapshot.revision, snapshot.token)

    def _refuse_many(self) -> None:
        if self.most_rows is None:
            return
        with self._read() as connection:
            newest = newest_revision(connection)
            counted = self._counted
            if counted is None or counted[0] != newest:  # counting millions takes a second
                counted = self._counted = newest, row_count(connection, above=self.most_rows)
        rows = counted[1]
        if rows > self.most_rows:
            raise TooManyRowsError(rows, self.most_rows)

    @as_stored("what a snapshot is made from")
    def _advanced(self) -> Snapshot:
        if self._cache is not None:
            try:
                with self._cache.locked(), self._read() as connection:
                    return self._cache.advance(connection, self._current)
            except TimeoutError:
                log.debug("another process keeps the snapshot files busy; this once in memory")
            except (
                OSError,
                NotImplementedError,
            ) as error:  # NotImplementedError: no locks on this file system
                log.debug("snapshots stay in memory: %r", error)
                self._cache = None
        with self._read() as connection:
            return catch_up(connection, self._current, matrices=self._matrices)
