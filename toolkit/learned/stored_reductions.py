"""The reductions a collection keeps: at most one of each space, and a space of its own for what it returns."""

from __future__ import annotations

import time

from ..store import AnnotationStore, Batch
from .reduction import Reduction

__all__ = ["reduction_of_space", "store_reduction", "stored_reduction", "time_text"]

PROPERTY = "reduction:"  # and the name of the space


def stored_reduction(space: str, store: AnnotationStore) -> Reduction | None:
    """The reduction of a space, if there is one."""
    state = store.properties.get(PROPERTY + space)
    return None if state is None else Reduction.from_dict(state)


def reduction_of_space(space: str, store: AnnotationStore) -> Reduction | None:
    """The reduction whose vectors a space holds; None for a space of an embedder's own."""
    made_from, tilde, _ = space.rpartition("~")
    found = stored_reduction(made_from, store) if tilde else None
    return found if found is not None and found.name == space else None


def store_reduction(reduction: Reduction, batch: Batch) -> None:
    """Keep a reduction in place of the one its space had."""
    batch.properties.set(PROPERTY + reduction.space, reduction.to_dict())


def time_text(seconds: float) -> str:
    """A time as people read it, to the minute.

    Examples
    --------
    >>> time_text(0.0)
    '1970-01-01 00:00 UTC'
    """
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))
