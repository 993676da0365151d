"""Status words: no table lists them, so a snapshot has those in use, in alphabetical order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...snapshot import Snapshot
from .merging import followed, word_moves

__all__ = ["with_used_statuses"]


def with_used_statuses(snapshot: Snapshot) -> Snapshot:
    """The snapshot without the words that nothing has any more, and with the others in order."""
    count = len(snapshot.statuses)
    used = np.bincount(snapshot.inputs.status, minlength=count) + np.bincount(
        snapshot.annotations.status, minlength=count
    )
    words = tuple(sorted(word for word, uses in zip(snapshot.statuses, used, strict=True) if uses))
    if words == snapshot.statuses:
        return snapshot
    moves = word_moves(snapshot.statuses, words)
    inputs = replace(snapshot.inputs, status=followed(snapshot.inputs.status, moves))
    annotations = replace(snapshot.annotations, status=followed(snapshot.annotations.status, moves))
    return replace(snapshot, inputs=inputs, annotations=annotations, statuses=words)
