"""The engine of a collection: it holds the vectors of spaces by region key, and is fed from the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from threading import RLock
from typing import Protocol, cast

from ..errors import QueryError
from ..plugins.contract_errors import contract_errors
from ..plugins.interfaces import EngineSite, KeyedIndex
from ..plugins.registry import Registry
from ..store import AnnotationStore
from .feeding import feed, is_fed_from

__all__ = ["Engines"]


class _Builds(Protocol):
    def build(self, space: str) -> None: ...


class Engines:
    """The engine of one open collection, made when it is first asked for.

    Parameters
    ----------
    store : AnnotationStore
        The collection's store, which the engine is a cache of.
    registry : Registry
        Knows the factories.
    spec : str or None
        The engine's name, with what follows a colon; None if the collection uses none.
    folder : callable
        A folder beside the collection by its suffix; None for a collection in memory.
    """

    def __init__(
        self,
        store: AnnotationStore,
        registry: Registry,
        spec: str | None,
        folder: Callable[[str], Path | None],
    ) -> None:
        self.spec = spec
        self._store, self._registry, self._folder = store, registry, folder
        self._engine: KeyedIndex | None = None
        self._fed: dict[str, tuple[int, str]] = {}
        self._lock = RLock()

    def over(self, space: str) -> KeyedIndex:
        """The engine, with all vectors of a space as of the store's newest revision.

        Raises
        ------
        QueryError
            The collection uses no engine.
        UnknownNameError
            No engine has that name, or there is no such space.
        StoreError
            The collection is open for reading only, and a lasting engine lacks what is new.
        ContractError
            The engine failed.
        """
        with self._lock, contract_errors(f"engine {self.spec!r}", "it takes what is new in the store"):
            engine = self.made()
            newest = self._store.space_changes.newest()
            if self._fed.get(space) != newest:
                changed = feed(engine, space, self._store, self._store.write)
                if (
                    engine.capabilities.builds
                    and (changed or space not in self._fed)
                    and not self._store.readonly
                ):
                    with self._store.write() if engine.capabilities.transactional else nullcontext():
                        cast("_Builds", engine).build(space)
                self._fed[space] = newest
            return engine

    def as_of(self, spaces: Iterable[str], revision: tuple[int, str]) -> KeyedIndex | None:
        """The engine with the vectors of some spaces as of a revision; None without one, or if the store has gone on.

        Parameters
        ----------
        spaces : iterable of str
            Which.
        revision : (int, str)
            The number of a revision, and its token.

        Raises
        ------
        UnknownNameError, StoreError, ContractError
            As of `over`.
        """
        if self.spec is None:
            return None
        with self._lock:
            for space in spaces:
                self.over(space)
                if self._fed[space] != revision:
                    return None
            return self.made()

    def holds(self, spaces: Iterable[str], revision: tuple[int, str]) -> bool:
        """Whether the engine was fed with some spaces as of a revision; it is not fed for this.

        Parameters
        ----------
        spaces : iterable of str
            Which.
        revision : (int, str)
            The number of a revision, and its token.
        """
        return all(self._fed.get(space) == revision for space in spaces)

    def made(self) -> KeyedIndex:
        """The engine as it is, whatever it lacks.

        Raises
        ------
        QueryError
            The collection uses no engine.
        UnknownNameError
            No engine has that name.
        """
        if self.spec is None:
            raise QueryError(
                'this collection uses no engine; open it with settings=Settings(engine="exact"), or another of '
                f"{', '.join(self._registry.engines) or 'those that plugins provide'}"
            )
        if self._engine is None:
            beside, name = self._folder("engine"), self.spec.partition(":")[0]
            folder = beside / name if beside else None
            site = EngineSite(self._store.id, folder, self._store.read, readonly=self._store.readonly)
            self._engine = self._registry.engine(self.spec, site)
            if self._engine.capabilities.transactional and not self._store.readonly:
                self._store.before_commit.append(self._follow)
        return self._engine

    def close(self) -> None:
        """Let go of what the engine has open."""
        with self._lock:
            engine = cast("object", self._engine)
            self._engine = None
            self._fed.clear()
            self._store.before_commit = [call for call in self._store.before_commit if call != self._follow]
            close: Callable[[], None] | None = getattr(engine, "close", None)
            if close is not None:
                close()

    def _follow(self) -> None:
        """Give what a transaction has written to an engine in the same database, before it is committed."""
        engine = self.made()
        for space in self._store.spaces.embedders():
            if is_fed_from(engine, space, self._store):
                feed(engine, space, self._store, nullcontext)
