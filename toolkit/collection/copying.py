"""A collection copied as a whole: a laptop's becomes a team's, and a team's somebody's own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from ..errors import InputError, StoreError
from ..files.originals import LocalOriginals, Originals, location_of, originals_at
from ..plain_text import printable
from ..progress import progress_bar
from ..resources import ORIGINALS, Resources
from ..store import AnnotationStore
from ..values.types import Json
from .carried_pictures import carry_pictures
from .copies import copy_files, original_contents
from .opening import folder_beside

__all__ = ["CopyReport", "copy_collection"]

Done = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What was copied.

    Parameters
    ----------
    store : str
        The copy: its file, or its address without a password.
    rows : mapping of str to int
        How many rows each table of it has.
    originals : int
        How many copies of bytes and URLs were written; those that were there are not counted.
    location : str
        Where the copy has them.
    lost : tuple of str
        Copies of bytes and URLs that cannot be read any more, each with the reason.
    seconds : float
        How long it took.
    """

    store: str
    rows: Mapping[str, int]
    originals: int
    location: str
    lost: tuple[str, ...]
    seconds: float

    MOST_LISTED: ClassVar[int] = 10

    def __str__(self) -> str:
        lines = [
            f"{self.rows['inputs']:,} inputs, {self.rows['annotations']:,} annotations, {sum(self.rows.values()):,} "
            f"rows in all copied to {self.store}",
            f"{self.originals:,} originals copied; they are in {self.location}",
            *(f"  lost: {one}" for one in self.lost[: self.MOST_LISTED]),
        ]
        if len(self.lost) > self.MOST_LISTED:
            lines.append(f"  and {len(self.lost) - self.MOST_LISTED:,} more")
        return "\n".join(map(printable, lines))

    def to_dict(self) -> dict[str, Json]:
        """A JSON object, as ``--json`` prints it."""
        return {
            "store": self.store,
            "rows": dict(self.rows),
            "originals": self.originals,
            "location": self.location,
            "lost": list(self.lost),
            "seconds": round(self.seconds, 3),
        }


def copy_collection(
    of: Resources, target: str | Path, *, originals: str | Path | None = None, progress: bool = True
) -> CopyReport:
    """Copy everything that a collection holds to a new file or an empty database.

    Parameters
    ----------
    of : Resources
        The open collection.
    target : str or Path
        A path, or a database URL.
    originals : str or Path, optional
        Where the copy keeps its copies of bytes and URLs.
    progress : bool
        Whether to show a bar if it takes longer than two seconds.

    Raises
    ------
    StoreError
        The target holds something already, or cannot be written; nothing is in it then.
    QueryError
        The address of the originals holds a password.
    """
    start = time.perf_counter()
    place = None if originals is None else location_of(originals)
    with _new_store(target) as store:
        if store.in_memory:
            raise StoreError("a copy in memory would be gone at once; name a file, or a database")
        store.whole.require_empty(store.name)
        after, property = _originals_of(store, of, place)
        with of.store.whole.open() as whole:
            contents = original_contents(of)
            with progress_bar("Copying originals", len(contents), unit=" files", show=progress) as bar:
                count, lost = _copied(of, after, contents, bar.update)
            bar = progress_bar("Copying", whole.count(), unit=" rows", show=progress)
            with bar, store.write() as batch:
                rows = batch.whole.copy(whole, instead={ORIGINALS: property}, done=bar.update)
                carry_pictures(of.originals, of.store.queries.all(), batch)
        if property is not None:
            after.join(store.id)
            if of.originals.location == after.location:
                after.join(of.store.id)
        seconds = time.perf_counter() - start
        return CopyReport(store.name, rows, count, after.location, tuple(map(str, lost)), seconds)


def _copied(of: Resources, after: Originals, contents: set[str], done: Done) -> tuple[int, list[InputError]]:
    """How many originals were copied, and which cannot be read; none where both collections have them at one place."""
    before = of.originals
    if before.location == after.location:
        return 0, []
    return copy_files(before, after, contents, max_bytes=of.settings.max_bytes, done=done)


def _originals_of(store: AnnotationStore, of: Resources, place: str | None) -> tuple[Originals, str | None]:
    """Where a copy keeps its originals, and the property that says so; None where it has a folder of its own.

    A place that the collection was given is one that others read, and stays the place of the copy.
    """
    given = place or of.store.properties.get(ORIGINALS)
    if isinstance(given, str):
        return originals_at(given), given
    return LocalOriginals(folder_beside(store, "files")), None


@contextmanager
def _new_store(target: str | Path) -> Iterator[AnnotationStore]:
    """The store of a target; a file that was made for it goes again if an error passes."""
    is_new = "://" not in str(target) and not Path(target).expanduser().exists()
    store = AnnotationStore.open(target)
    try:
        with store:
            yield store
    except BaseException:
        if is_new and store.path is not None:
            for end in ("", "-wal", "-shm"):
                store.path.with_name(store.path.name + end).unlink(missing_ok=True)
        raise
