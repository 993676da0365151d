"""An engine is brought up to date with the store: given what it lacks, or everything if it holds something else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from ..errors import StoreError
from ..plugins.interfaces import KeyedIndex
from ..store import AnnotationStore, SpaceRevision

__all__ = ["feed", "is_fed_from"]

BATCH = 8192  # vectors: 32 MiB of 1,024 numbers


def feed(
    engine: KeyedIndex,
    space: str,
    store: AnnotationStore,
    writing: Callable[[], AbstractContextManager[object]],
) -> bool:
    """Whether the engine lacked anything of a space; it has everything now.

    Killed between two batches, the next call goes on where this one was; whatever the engine's token says is checked
    against the store's own history.

    Parameters
    ----------
    engine : KeyedIndex
        The engine.
    space : str
        The name of the space.
    store : AnnotationStore
        The truth.
    writing : callable
        Opens a transaction that writes: other processes that feed the same engine wait until it ends.

    Raises
    ------
    UnknownNameError
        There is no such space.
    StoreError
        The store is open for reading only, and an engine that outlives the process lacks something.
    """
    with store.read():
        if not _lacks(engine, space, store):
            return False
    lasting = engine.capabilities.persistent or engine.capabilities.transactional
    if store.readonly and lasting:
        raise StoreError(
            f"engine {engine.name!r} lacks what is new in {store.name}, which is open for reading only; open it once "
            "without readonly=True and ask again, or open it without an engine"
        )
    is_last = False
    while not is_last:
        with writing() if lasting else store.read():
            is_last = _feed_some(engine, space, store)
    return True


def _lacks(engine: KeyedIndex, space: str, store: AnnotationStore) -> bool:
    reached = _reached(engine, space, store)
    return reached is None or not store.space_changes.after(reached, 1).is_empty


def _feed_some(engine: KeyedIndex, space: str, store: AnnotationStore) -> bool:
    """Whether the engine has everything, after some more."""
    reached = _reached(engine, space, store)
    changes = store.space_changes.after(reached or store.space_changes.start(space), BATCH)
    deleted = None if reached is None else changes.deleted
    if deleted is None or not changes.is_empty:
        engine.apply(space, changes.keys, changes.vectors, deleted, str(changes.revision))
    return changes.is_last


def is_fed_from(engine: KeyedIndex, space: str, store: AnnotationStore) -> bool:
    """Whether what an engine holds of a space came from this store, as far as it goes.

    Parameters
    ----------
    engine : KeyedIndex
        The engine.
    space : str
        The name of the space.
    store : AnnotationStore
        Whose history is asked.
    """
    return _reached(engine, space, store) is not None


def _reached(engine: KeyedIndex, space: str, store: AnnotationStore) -> SpaceRevision | None:
    """How far the engine has come; None where it holds nothing, or what is of another store, space or history."""
    text = engine.revision(space)
    reached = None if text is None else SpaceRevision.read(text)
    if reached is None:
        return None
    start = store.space_changes.start(space)
    is_same = (reached.store, reached.space) == (start.store, start.space)
    return reached if is_same and store.space_changes.knows(reached) else None
