"""Status words: no table lists them, so a snapshot keeps those in use, in alphabetical order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...snapshot import Snapshot
from .changes import Changes
from .merging import Indices, followed, word_moves

__all__ = ["with_shared_statuses", "with_used_statuses"]


def with_shared_statuses(base: Snapshot, changes: Changes) -> tuple[Snapshot, Changes]:
    """Both, with status indices into one list of words.

    Parameters
    ----------
    base : Snapshot
        The snapshot before.
    changes : Changes
        What came after it.
    """
    words = tuple(sorted({*base.statuses, *changes.statuses}))
    old, new = word_moves(base.statuses, words), word_moves(changes.statuses, words)
    annotations = replace(changes.annotations, status=followed(changes.annotations.status, new))
    inputs = replace(changes.inputs, status=followed(changes.inputs.status, new))
    return _recoded(base, old, words), replace(
        changes, inputs=inputs, annotations=annotations, statuses=words
    )


def with_used_statuses(snapshot: Snapshot) -> Snapshot:
    """The snapshot without the words that nothing has any more."""
    count = len(snapshot.statuses)
    used = np.bincount(snapshot.inputs.status, minlength=count) + np.bincount(
        snapshot.annotations.status, minlength=count
    )
    words = tuple(word for word, uses in zip(snapshot.statuses, used, strict=True) if uses)
    return _recoded(snapshot, word_moves(snapshot.statuses, words), words)


def _recoded(snapshot: Snapshot, moves: Indices, words: Sequence[str]) -> Snapshot:
    if tuple(words) == snapshot.statuses:
        return snapshot
    inputs = replace(snapshot.inputs, status=followed(snapshot.inputs.status, moves))
    annotations = replace(snapshot.annotations, status=followed(snapshot.annotations.status, moves))
    return replace(snapshot, inputs=inputs, annotations=annotations, statuses=tuple(words))
