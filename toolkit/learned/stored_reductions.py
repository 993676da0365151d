"""The reductions stored with a collection: at most one of each space; its result is a space of its own."""

from __future__ import annotations

import time

from ..store import AnnotationStore, Batch
from .reduction import Reduction

__all__ = ["reduction_of_space", "store_reduction", "stored_reduction", "time_text"]

PROPERTY = "reduction:"  # and the name of the space


def stored_reduction(space: str, store: AnnotationStore) -> Reduction | None:
    """The reduction of a space, if there is one.

    Parameters
    ----------
    space : str
        The full name of a space, ``embedder@version``.
    store : AnnotationStore
        The collection's store.
    """
    state = store.properties.get(PROPERTY + space)
    return None if state is None else Reduction.from_dict(state)


def reduction_of_space(space: str, store: AnnotationStore) -> Reduction | None:
    """The reduction whose vectors a space holds; None for a space of an embedder's own.

    Parameters
    ----------
    space : str
        The full name of a space, ``embedder@version``.
    store : AnnotationStore
        The collection's store.
    """
    made_from, tilde, _ = space.rpartition("~")
    found = stored_reduction(made_from, store) if tilde else None
    return found if found is not None and found.name == space else None


def store_reduction(reduction: Reduction, batch: Batch) -> None:
    """Store a reduction in place of the previous one of its space.

    Parameters
    ----------
    reduction : Reduction
        The reduction to store.
    batch : Batch
        The open transaction.
    """
    batch.properties.set(PROPERTY + reduction.space, reduction.to_dict())


def time_text(seconds: float) -> str:
    """A time as people read it, to the minute.

    Examples
    --------
    >>> time_text(0.0)
    '1970-01-01 00:00 UTC'
    """
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))
