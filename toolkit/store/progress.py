"""What has been done already, so that adding again does only the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, func, select

from . import bulk
from .chapter import Reader, Writer
from .dialect import upsert
from .schema import files, indexed, inputs

__all__ = ["ProgressReader", "ProgressWriter", "SeenFile"]


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


_FILE = [files.c.uri, files.c.size, files.c.modified_ns, files.c.input_key, files.c.reason]


class ProgressReader(Reader):
    """What can be read about work done."""

    def seen_files(self, uris: Iterable[str]) -> dict[str, SeenFile]:
        """What was seen of some files, by uri; those never seen are left out."""
        with self.read() as connection:
            rows = bulk.fetch_in(connection, select(*_FILE), files.c.uri, uris)
        return {row[0]: SeenFile(*row) for row in rows}

    def failed_files(self) -> list[SeenFile]:
        """The files that could not be read, with the reasons, in the order of their names."""
        failed = select(*_FILE).where(files.c.reason.is_not(None)).order_by(files.c.uri)
        with self.read() as connection:
            return [SeenFile(*row) for row in bulk.fetch(connection, failed)]

    def missing(self, component: str) -> list[int]:
        """The keys of the inputs that a component has not run over yet, in order of creation."""
        done = exists().where(indexed.c.input_key == inputs.c.key, indexed.c.component == component)
        of_component = select(func.count()).where(indexed.c.component == component)
        with self.read() as connection:
            # Mostly nothing is missing, which counting says many times faster than looking for it.
            if connection.scalar(of_component) == connection.scalar(select(func.count()).select_from(inputs)):
                return []
            rows = bulk.fetch(connection, select(inputs.c.key).where(~done).order_by(inputs.c.key))
        return [key for (key,) in rows]


class ProgressWriter(Writer):
    """What can be written about work done."""

    def record_files(self, seen: Sequence[SeenFile]) -> None:
        """Keep what was seen of some files, in place of what was seen before."""
        if seen:
            self._advance()
        columns = ["uri", "size", "modified_ns", "input_key", "reason"]
        rows = [
            (file.uri, file.size, file.modified_ns, file.input_key, file.reason, self.now) for file in seen
        ]
        into = upsert(self.connection, files, update=[*columns[1:], "seen_at"])
        bulk.write(self.connection, into, [*columns, "seen_at"], rows)

    def mark_indexed(self, input_keys: Collection[int], component: str) -> None:
        """Record that a component has run over some inputs, whether or not it had anything to say."""
        of_component = select(indexed.c.input_key).where(indexed.c.component == component)
        done = {
            key for (key,) in bulk.fetch_in(self.connection, of_component, indexed.c.input_key, input_keys)
        }
        rows = [(int(key), component) for key in dict.fromkeys(input_keys) if key not in done]
        if rows:
            self._advance()
            bulk.write(self.connection, indexed, ["input_key", "component"], rows)

    def forget_indexed(self, component: str) -> None:
        """Have a component run over every input again."""
        if self.connection.execute(delete(indexed).where(indexed.c.component == component)).rowcount:
            self._advance()
