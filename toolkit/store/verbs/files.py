"""Files that were read, so that adding a folder again reads only what has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from ..sql import bulk
from ..sql.dialect import upsert
from ..sql.schema import files
from .access import Reader, Writer

__all__ = ["FileReader", "FileWriter", "SeenFile"]

_FILE = [files.c.uri, files.c.size, files.c.modified_ns, files.c.input_key, files.c.reason]


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
    input_key : int or None
        The input it became; None if it could not be read.
    reason : str or None
        Why it could not be read; None if it could.
    """

    uri: str
    size: int
    modified_ns: int
    input_key: int | None = None
    reason: str | None = None


class FileReader(Reader):
    """What can be read about files."""

    def seen(self, uris: Iterable[str]) -> dict[str, SeenFile]:
        """What was seen of some files, by uri; those never seen are left out."""
        with self._read() as connection:
            rows = bulk.fetch_in(connection, select(*_FILE), files.c.uri, uris)
        return {row[0]: SeenFile(*row) for row in rows}

    def failed(self) -> list[SeenFile]:
        """The files that could not be read, with the reasons, in the order of their names."""
        failed = select(*_FILE).where(files.c.reason.is_not(None)).order_by(files.c.uri)
        with self._read() as connection:
            return [SeenFile(*row) for row in bulk.fetch(connection, failed)]


class FileWriter(Writer):
    """What can be written about files."""

    def record(self, seen: Sequence[SeenFile]) -> None:
        """Store how some files were seen, in place of how they were seen before."""
        if not seen:
            return
        self._transaction.advance()
        columns = ["uri", "size", "modified_ns", "input_key", "reason"]
        rows = [
            (file.uri, file.size, file.modified_ns, file.input_key, file.reason, self._transaction.now)
            for file in seen
        ]
        into = upsert(self._connection, files, update=[*columns[1:], "seen_at"])
        bulk.write(self._connection, into, [*columns, "seen_at"], rows)
