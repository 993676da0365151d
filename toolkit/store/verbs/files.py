"""Files that were seen: the places of each content, and why some could not be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, delete, select, update

from ..sql import bulk
from ..sql.dialect import upsert
from ..sql.schema import files, inputs
from .home import PlaceReader, PlaceWriter

__all__ = ["FileReader", "FileWriter", "SeenFile"]

_FILE = [files.c.uri, files.c.size, files.c.modified_ns, files.c.sha256, files.c.reason]


@dataclass(frozen=True, slots=True)
class SeenFile:
    """What was seen of a file.

    Parameters
    ----------
    uri : str
        Its absolute path or URL.
    size : int
        Bytes.
    modified_ns : int
        When it was last changed, nanoseconds since 1970; 0 where that is not known.
    sha256 : str or None
        Its content; None if it could not be read.
    reason : str or None
        Why it could not be read; None if it could.
    input_key : int or None
        The input with its content, as it is read: the one whose place this is, else the first that was added.
    input_uri : str
        The place of that input.
    """

    uri: str
    size: int
    modified_ns: int
    sha256: str | None = None
    reason: str | None = None
    input_key: int | None = None
    input_uri: str = ""


class FileReader(PlaceReader):
    """What can be read about files.

    Parameters
    ----------
    read : callable
        Opens a transaction that reads.
    home : Home
        What relative places are relative to.
    """

    def seen(self, uris: Iterable[str]) -> dict[str, SeenFile]:
        """What was seen of some files, by uri; those never seen are left out."""
        with self._read() as connection:
            rows = bulk.fetch_in(connection, select(*_FILE), files.c.uri, map(self._home.stored, uris))
            owners = self._owners(file[3] for file in rows) if rows else {}
        found = (self._shown(row) for row in rows)
        return {one.uri: _owned(one, owners.get(one.sha256 or "", ())) for one in found}

    def failed(self) -> list[SeenFile]:
        """The files that could not be read, with the reasons, in the order of their names."""
        failed = select(*_FILE).where(files.c.reason.is_not(None)).order_by(files.c.uri)
        with self._read() as connection:
            return [self._shown(row) for row in bulk.fetch(connection, failed)]

    def places(self, hashes: Iterable[str]) -> dict[str, list[SeenFile]]:
        """The files that were seen with each content, in the order of their names; empty lists are left out."""
        with self._read() as connection:
            rows = bulk.fetch_in(connection, select(*_FILE), files.c.sha256, hashes)
        found: defaultdict[str, list[SeenFile]] = defaultdict(list)
        for one in sorted(map(self._shown, rows), key=lambda one: one.uri):
            found[one.sha256 or ""].append(one)
        return dict(found)

    def uris(self) -> list[str]:
        """Every place that was seen, and that of every input, each once."""
        with self._read() as connection:
            seen = [
                uri
                for column in (files.c.uri, inputs.c.uri)
                for (uri,) in bulk.fetch(connection, select(column))
            ]
        return [self._home.shown(uri) for uri in dict.fromkeys(seen)]

    def _owners(self, hashes: Iterable[str | None]) -> dict[str, list[tuple[int, str]]]:
        columns = select(inputs.c.sha256, inputs.c.key, inputs.c.uri)
        with self._read() as connection:
            rows = bulk.fetch_in(connection, columns, inputs.c.sha256, set(filter(None, hashes)))
        owners: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for sha256, key, uri in rows:
            owners[sha256].append((key, self._home.shown(uri)))
        return owners

    def _shown(self, row: bulk.Row) -> SeenFile:
        return SeenFile(self._home.shown(row[0]), *row[1:])


class FileWriter(PlaceWriter):
    """What can be written about files.

    Parameters
    ----------
    transaction : Transaction
        In which everything is written.
    home : Home
        What relative places are relative to.
    """

    def record(self, seen: Sequence[SeenFile]) -> None:
        """Store how some files were seen, in place of how they were seen before."""
        if not seen:
            return
        self._transaction.advance()
        columns = ["uri", "size", "modified_ns", "sha256", "reason"]
        rows = [
            (self._home.stored(file.uri), file.size, file.modified_ns, file.sha256, file.reason)
            for file in seen
        ]
        stamped = [(*row, self._transaction.now) for row in rows]
        into = upsert(self._connection, files, update=[*columns[1:], "seen_at"])
        bulk.write(self._connection, into, [*columns, "seen_at"], stamped)

    def rename(self, uris: Mapping[str, str]) -> None:
        """Give places and inputs new URIs, by the old ones; what was seen at a new one before is forgotten."""
        stored = {self._home.stored(old): self._home.stored(new) for old, new in uris.items()}
        stored = {old: new for old, new in stored.items() if old != new}
        if not stored:
            return
        columns = [*_FILE, files.c.seen_at]
        rows = bulk.fetch_in(self._connection, select(*columns), files.c.uri, stored)
        for gone in (stored, stored.values()):
            bulk.write_in(self._connection, delete(files), files.c.uri, gone)
        renamed = [(stored[row[0]], *row[1:]) for row in rows]
        bulk.write(self._connection, files, [column.name for column in columns], renamed)
        change = update(inputs).where(inputs.c.uri == bindparam("old")).values(uri=bindparam("new"))
        self._connection.execute(change, [{"old": old, "new": new} for old, new in stored.items()])
        self._transaction.advance()


def _owned(file: SeenFile, owners: Sequence[tuple[int, str]]) -> SeenFile:
    if not owners:
        return file
    key, uri = min(owners, key=lambda owner: (owner[1] != file.uri, owner[0]))
    return replace(file, input_key=key, input_uri=uri)
