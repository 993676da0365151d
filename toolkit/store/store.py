"""The store: open it, read from it, write to it in batches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, func, select

from ..errors import StoreError
from . import dialect
from .annotations import AnnotationReader
from .concepts import ConceptReader, ConceptWriter
from .datasets import DatasetReader, DatasetWriter
from .embeddings import EmbeddingReader, EmbeddingWriter
from .graph import GraphReader
from .inputs import InputReader, InputWriter
from .kept import KeptReader, KeptWriter
from .labeling import AnnotationWriter
from .lexicon import LexiconReader
from .pages import PageReader
from .progress import ProgressReader, ProgressWriter
from .regions import RegionReader, RegionWriter
from .schema import metadata, revisions
from .transactions import Transactions

__all__ = ["AnnotationStore", "Batch"]

_COUNTED = (
    "inputs",
    "regions",
    "annotations",
    "concepts",
    "datasets",
    "spaces",
    "embeddings",
    "models",
    "queries",
)
PATIENCE = 30.0


class Batch(
    InputWriter,
    DatasetWriter,
    RegionWriter,
    AnnotationWriter,
    ConceptWriter,
    EmbeddingWriter,
    ProgressWriter,
    KeptWriter,
):
    """One transaction that writes: everything said on it is kept, in one new revision, or none of it.

    Let an error leave the batch, so that all of it is undone; one caught inside may leave half a verb.
    """


class AnnotationStore(
    PageReader,
    InputReader,
    DatasetReader,
    RegionReader,
    AnnotationReader,
    ConceptReader,
    GraphReader,
    LexiconReader,
    EmbeddingReader,
    ProgressReader,
    KeptReader,
):
    """Everything known about a collection of images.

    Any number of threads and processes may have a store open: one writes at a time, the others wait their
    turn, and nobody who reads waits or sees half a batch. What is read inside a batch, on the same thread, is
    what the batch has written so far.

    Examples
    --------
    >>> from toolkit.store import AnnotationStore, NewInput
    >>> with AnnotationStore.open() as store:
    ...     with store.write() as batch:
    ...         (added,) = batch.add_inputs([NewInput(uri="/a.jpg", sha256="0" * 64, width=4, height=3)])
    ...         _ = batch.annotate(added.region_key, source="human:me", concepts={"dog": 1.0})
    ...     [annotation] = store.annotations_of([added.region_key])
    ...     annotation.input_id, dict(annotation.concepts), store.revision()
    ('0000000000000000', {'dog': 1.0}, 1)
    """

    def __init__(self, transactions: Transactions, *, clock: Callable[[], float] = time.time) -> None:
        self._transactions = transactions
        self._clock = clock
        self.path = dialect.file_of(transactions.url)
        """The file of an embedded store; None in memory and on a server."""
        self.in_memory = dialect.in_memory(transactions.url)
        """Whether it is gone once it is closed."""
        self.name = "in memory" if self.in_memory else dialect.described(transactions.url)
        """How to speak of it: its file, or its address without a password."""

    @classmethod
    def open(
        cls,
        target: str | Path | None = None,
        *,
        timeout: float = PATIENCE,
        clock: Callable[[], float] = time.time,
    ) -> AnnotationStore:
        """The store of a file, of a database URL, or a new one in memory; made if there is none yet.

        Parameters
        ----------
        target : str, Path or None
            A path, ``sqlite:///...``, ``postgresql+psycopg://...``, or None for memory.
        timeout : float
            Seconds to wait while another process writes.
        clock : callable
            The time now, seconds since 1970, UTC.

        Raises
        ------
        StoreError
            A directory, a missing folder, a file of something else, a damaged file, a newer store.
        MissingExtraError
            If the database's driver is not installed.
        """
        return cls(Transactions(dialect.url_of(target), timeout=timeout), clock=clock)

    def read(self) -> AbstractContextManager[Connection]:
        """A connection on which everything read is of one moment."""
        return self._transactions.read()

    @contextmanager
    def write(self) -> Iterator[Batch]:
        """One transaction with all verbs that write; kept at the end, or undone if an error passes.

        Raises
        ------
        StoreError
            If the store is closed, cannot be written to, or somebody else writes for longer than the timeout.
        """
        with self._transactions.write() as connection:
            yield Batch(connection, now=self._clock())

    @property
    def id(self) -> str:
        """A random name the store was given when it was made."""
        return str(self.get_property("store_id"))

    def revision(self) -> int:
        """The newest revision: 0 for an empty store, and one more with every batch that changed something."""
        with self.read() as connection:
            return connection.scalar(select(func.max(revisions.c.revision))) or 0

    def counts(self) -> dict[str, int]:
        """How many of each thing there are, by the name of the table."""
        with self.read() as connection:
            return {
                name: connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()
                for name in _COUNTED
            }

    def check(self) -> list[str]:
        """What is wrong with the database itself, in words; empty if it is sound."""
        try:
            with self.read() as connection:
                return dialect.problems(connection)
        except StoreError as error:
            return [str(error)]

    def close(self) -> None:
        """Let go of the database; anything asked of the store after this is refused."""
        self._transactions.close()

    def __enter__(self) -> AnnotationStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"AnnotationStore({dialect.described(self._transactions.url)!r})"
