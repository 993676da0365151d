"""A snapshot in files beside the store, so that opening it again reads nothing.

Several processes may share the directory. The files are never trusted: a header, replaced in one step, says what
each of them must be and which revision of which store they hold; anything else means starting again.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Connection, bindparam, func, select

from ...snapshot import Snapshot
from ..sql import schema
from ..sql.bulk import Prepared
from ..sql.history import is_known
from .array_files import ArrayFiles
from .catch_up import catch_up
from .header import Header
from .layout import arrays_of, snapshot_of, words_of

if TYPE_CHECKING:
    from filelock import FileLock

__all__ = ["SnapshotCache"]

SMALL_SHARE = 64  # what touches fewer than 1 in 64 rows is read again sooner than everything is written
PATIENCE = 30.0  # seconds to wait for another process to finish with the files

log = logging.getLogger(__name__)


class SnapshotCache:
    """The snapshot files in one directory.

    Parameters
    ----------
    directory : Path
        Made when it is first needed. Methods raise OSError where it cannot be made, read or written.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / "snapshot.json"
        self._files = ArrayFiles(directory)
        self._header: Header | None = None  # as last read or written here
        self._encoded = b""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone with the files; everything below is called inside, and reading the store begins inside."""
        self._path.parent.mkdir(exist_ok=True)
        with self._lock:
            yield

    @cached_property
    def _lock(self) -> FileLock:
        from filelock import FileLock  # what opening a collection does without

        return FileLock(self._path.parent / "lock", timeout=PATIENCE)

    def advance(self, connection: Connection, current: Snapshot | None) -> Snapshot:
        """The snapshot of the newest revision, made from the current one or from the files.

        Parameters
        ----------
        connection : Connection
            Inside a transaction.
        current : Snapshot or None
            The latest one of this process; None reads the files.
        """
        if current is None or not self._is_as_left():
            current = self._load(connection)
        snapshot = catch_up(connection, current, matrices=self._files)
        if snapshot is current or not self._is_worth_keeping(connection, snapshot):
            return snapshot
        return self._save(snapshot, _store_id(connection))

    @property
    def has_large_files(self) -> bool:
        """Whether opening has read only samples of some files."""
        header = self._header
        return header is not None and any(file.blocks for file in header.files.values())

    def damaged(self, *, stop: Callable[[], bool] = lambda: False) -> list[str]:
        """The paths of files of the snapshot that do not hold what was written; reads all of them.

        Parameters
        ----------
        stop : callable
            Whether to stop looking, asked before each block.
        """
        header = self._header
        if header is None:
            return []
        names = self._files.damaged(header.files.values(), stop=stop)
        return [str(self._path.parent / name) for name in names]

    def discard(self) -> None:
        """Trust none of the files any more."""
        self._header = None
        self._path.unlink(missing_ok=True)

    def finish(self, snapshot: Snapshot) -> None:
        """Write the last snapshot, if it is newer than the files and no other process has written them since."""
        if self._header is not None and self._is_as_left() and snapshot.token != self._header.words["token"]:
            self._save(snapshot, self._header.store_id)

    def _is_as_left(self) -> bool:
        """Whether the files are still those that the current snapshot was made from."""
        if self._header is None:
            return False
        try:
            return self._path.read_bytes() == self._encoded and all(
                self._files.is_intact(file) for file in self._header.files.values()
            )
        except FileNotFoundError:
            return False

    def _load(self, connection: Connection) -> Snapshot | None:
        """The snapshot in the files; None if there is none that can be trusted."""
        self._header = None
        try:
            encoded = self._path.read_bytes()
            header = Header.decoded(encoded)
            snapshot = snapshot_of(
                header.words, {name: self._files.open(file) for name, file in header.files.items()}
            )
        except Exception as error:  # whatever is wrong with files that anybody may have changed
            log.debug("no snapshot in %s: %r", self._path, error)
            return None
        if header.store_id != _store_id(connection) or not is_known(
            connection, snapshot.revision, snapshot.token
        ):
            log.debug("the snapshot in %s is of another store, or of another history of it", self._path)
            return None
        self._header, self._encoded = header, encoded
        return snapshot

    def _is_worth_keeping(self, connection: Connection, snapshot: Snapshot) -> bool:
        """Whether vectors have been written, or much has changed since the files were."""
        in_use = self._header.files.values() if self._header else ()
        # Vectors that were not looked at are in the files: nothing was added to them.
        looked_at = [space.vectors for space in snapshot.spaces.values() if "vectors" in space.arrived]
        if any(self._files.file_of(vectors) not in in_use for vectors in looked_at):
            return True
        since = self._header.words["revision"] if self._header else 0
        changed: int = sum(count for query in _CHANGED for (count,) in query.rows(connection, since=since))
        return changed * SMALL_SHARE >= len(snapshot.rows)

    def _save(self, snapshot: Snapshot, store_id: str) -> Snapshot:
        """The same snapshot, in files."""
        arrays = {name: self._files.keep(array) for name, array in arrays_of(snapshot).items()}
        files = {name: self._files.file_of(array) for name, array in arrays.items()}
        header = Header(store_id, words_of(snapshot), {name: file for name, file in files.items() if file})
        self._encoded = header.encoded()
        self._header = header
        self._files.settle()
        _replace(self._path, self._encoded)
        self._files.forget_all_but(header.files.values())
        return snapshot_of(header.words, arrays)


_CHANGED = [
    Prepared(select(func.count()).where(table.c.revision > bindparam("since", type_=BigInteger)))
    for table in (schema.inputs, schema.regions)
]


def _store_id(connection: Connection) -> str:
    of = schema.properties.c
    return connection.scalar(select(of.value).where(of.name == "store_id")) or ""


def _replace(path: Path, content: bytes) -> None:
    new = path.with_suffix(".new")
    with new.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)
