"""The store: open it, read from it, write to it in batches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Generic, TypeVar

from sqlalchemy import Connection, func, select

from ..errors import StoreError
from .follower import Follower, Following
from .sql import dialect
from .sql.schema import metadata, revisions
from .sql.transactions import Transactions
from .verbs.access import Transaction, Writer
from .verbs.annotation_reader import AnnotationReader
from .verbs.annotation_writer import AnnotationWriter
from .verbs.concept_reader import ConceptReader
from .verbs.concept_writer import ConceptWriter
from .verbs.datasets import DatasetReader, DatasetWriter
from .verbs.embeddings import EmbeddingReader, EmbeddingWriter
from .verbs.files import FileReader, FileWriter
from .verbs.graph import GraphReader
from .verbs.hit_reader import HitReader
from .verbs.home import Home, home_of, is_settled, settle
from .verbs.input_reader import InputReader
from .verbs.input_writer import InputWriter
from .verbs.models import ModelReader, ModelWriter
from .verbs.names import NameReader
from .verbs.narrowing import NarrowingReader
from .verbs.progress import ProgressReader, ProgressWriter
from .verbs.properties import PropertyReader, PropertyWriter
from .verbs.queries import QueryReader, QueryWriter
from .verbs.regions import RegionReader, RegionWriter
from .verbs.space_changes import SpaceChangeReader
from .verbs.spaces import SpaceReader, SpaceWriter
from .verbs.whole import WholeReader, WholeWriter

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


W = TypeVar("W", bound=Writer)


class _WhenAsked(Generic[W]):
    """A namespace of verbs that few transactions need: made when it is asked for.

    Parameters
    ----------
    kind : callable
        Makes it.
    """

    def __init__(self, kind: Callable[[Transaction], W]) -> None:
        self._kind = kind

    def __set_name__(self, owner: type[Batch], name: str) -> None:
        self._name = name

    def __get__(self, batch: Batch, owner: type[Batch]) -> W:
        made = batch.__dict__[self._name] = self._kind(batch.transaction)
        return made


class Batch:
    """One transaction that writes: all of it is stored, as one new revision, or none of it.

    Let an error leave the batch, so that all of it is undone; one caught inside may leave half of a verb's work.

    Parameters
    ----------
    transaction : Transaction
        In which everything is written.
    home : Home
        What relative places are relative to.

    Attributes
    ----------
    inputs, regions, annotations, datasets, concepts, spaces, embeddings, files, progress, models, queries, properties
        What can be written, by what it is about.
    """

    annotations = _WhenAsked(AnnotationWriter)
    datasets = _WhenAsked(DatasetWriter)
    concepts = _WhenAsked(ConceptWriter)
    spaces = _WhenAsked(SpaceWriter)
    models = _WhenAsked(ModelWriter)
    queries = _WhenAsked(QueryWriter)
    properties = _WhenAsked(PropertyWriter)

    def __init__(self, transaction: Transaction, home: Home) -> None:
        self.transaction, self._home = transaction, home
        self.inputs = InputWriter(transaction, home)
        self.regions = RegionWriter(transaction)
        self.embeddings = EmbeddingWriter(transaction)
        self.files = FileWriter(transaction, home)
        self.progress = ProgressWriter(transaction)

    @cached_property
    def whole(self) -> WholeWriter:
        """All of it at once, from another store."""
        return WholeWriter(self.transaction, self._home)


class AnnotationStore:
    """Everything known about a collection of images.

    Any number of threads and processes may have a store open: one writes at a time, the others wait their
    turn; reading never waits and never sees half a batch. What is read inside a batch, on the same thread, is
    what the batch has written so far.

    Attributes
    ----------
    inputs, regions, annotations, datasets
        What can be read about the images and what they show.
    hits
        The same at once, for what a search found.
    concepts, graph, names
        What can be read about words: concepts, how they relate, and what they are called.
    narrowing
        Which inputs a condition leaves.
    spaces, space_changes, embeddings, files, progress
        What can be read about the work that was done.
    models, queries, properties
        What can be read by name.
    whole
        All of it at once, for another store.

    Examples
    --------
    >>> from toolkit.store import AnnotationStore, NewInput
    >>> with AnnotationStore.open() as store:
    ...     with store.write() as batch:
    ...         (added,) = batch.inputs.add([NewInput(uri="/a.jpg", sha256="0" * 64, width=4, height=3)])
    ...         _ = batch.annotations.add(added.region_key, source="human:me", concepts={"dog": 1.0})
    ...     [annotation] = store.annotations.on_regions([added.region_key])
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
        self.is_shared = self.path is None and not self.in_memory
        """Whether it is on a server, where a team may use it."""
        self.readonly = transactions.readonly
        """Whether it can only be read."""
        self.name = "in memory" if self.in_memory else dialect.described(transactions.url)
        """How to speak of it: its file, or its address without a password."""
        self.before_commit: list[Callable[[], None]] = []
        """Called inside each transaction that made a revision, before it is committed; an error undoes it."""
        self._follower = Follower(self.revision, partial(dialect.listener, transactions.url))
        self.home = home_of(self.path, transactions.read)
        """The folder that places below it are relative to."""
        self.inputs = InputReader(transactions.read, self.home)
        self.regions = RegionReader(transactions.read)
        self.hits = HitReader(transactions.read, self.home)
        self.annotations = AnnotationReader(transactions.read)
        self.datasets = DatasetReader(transactions.read)
        self.concepts = ConceptReader(transactions.read)
        self.graph = GraphReader(transactions.read)
        self.names = NameReader(transactions.read)
        self.spaces = SpaceReader(transactions.read)
        self.narrowing = NarrowingReader(transactions.read)
        self.space_changes = SpaceChangeReader(transactions.read)
        self.embeddings = EmbeddingReader(transactions.read)
        self.files = FileReader(transactions.read, self.home)
        self.progress = ProgressReader(transactions.read)
        self.models = ModelReader(transactions.read)
        self.queries = QueryReader(transactions.read)
        self.properties = PropertyReader(transactions.read)
        self.whole = WholeReader(transactions.read, self.home)

    @classmethod
    def open(
        cls,
        target: str | Path | None = None,
        *,
        timeout: float = PATIENCE,
        readonly: bool = False,
        connections: int = dialect.CONNECTIONS,
        clock: Callable[[], float] = time.time,
    ) -> AnnotationStore:
        """The store of a file, of a database URL, or a new one in memory; made if there is none yet.

        Parameters
        ----------
        target : str, Path or None
            A path, ``sqlite:///...``, ``postgresql+psycopg://...``, or None for memory. On a server,
            ``?schema=NAME`` is a store of its own.
        timeout : float
            Seconds to wait while another process writes, or while every connection is in use.
        readonly : bool
            Whether writing is refused; it also is where the file cannot be written.
        connections : int
            The most to a server at once.
        clock : callable
            The time now, seconds since 1970, UTC.

        Raises
        ------
        StoreError
            A directory, a missing folder, a file of something else, a damaged file, a newer store.
        MissingExtraError
            If the database's driver is not installed.
        """
        transactions = Transactions(
            dialect.url_of(target), timeout=timeout, readonly=readonly, connections=connections
        )
        store = cls(transactions, clock=clock)
        try:
            store._settle()
        except BaseException:
            store.close()
            raise
        return store

    def read(self) -> AbstractContextManager[Connection]:
        """A connection on which everything read is of one moment."""
        return self._transactions.read()

    @contextmanager
    def write(self) -> Iterator[Batch]:
        """One transaction with all verbs that write; committed at the end, or undone if an error passes.

        Raises
        ------
        StoreError
            If the store is closed, cannot be written to, or another process writes for longer than the timeout.
        """
        with self._transactions.write() as connection:
            transaction = Transaction(connection, now=self._clock())
            yield Batch(transaction, self.home)
            if transaction.has_changed:
                for call in self.before_commit:
                    call()

    def _settle(self) -> None:
        """Record where the store is, if it is new or moved."""
        if self.readonly:
            return
        with self.read() as connection:
            known = is_settled(connection, self.home)
        if not known:
            with self._transactions.write() as connection:
                settle(connection, self.home)

    @property
    def id(self) -> str:
        """A random name the store was given when it was made."""
        return str(self.properties.get("store_id"))

    def revision(self) -> int:
        """The newest revision: 0 for an empty store, and one more with every batch that changed something."""
        with self.read() as connection:
            return connection.scalar(select(func.max(revisions.c.revision))) or 0

    def follow(self, changed: Callable[[], object]) -> Following:
        """Call a function soon after anybody has written: at once where the server gives notice, else in seconds.

        Parameters
        ----------
        changed : callable
            Called without arguments, on another thread.

        Raises
        ------
        StoreError
            If the store is closed.
        """
        return self._follower.follow(changed)

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
        self._follower.close()
        self._transactions.close()

    def __enter__(self) -> AnnotationStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"AnnotationStore({dialect.described(self._transactions.url)!r})"
