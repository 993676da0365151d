"""What people labeled, as arrays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from toolkit.plugins import Context, Snapshot

__all__ = ["human_votes", "labeled_rows"]


def human_votes(snapshot: Snapshot, concept: int) -> npt.NDArray[np.float64]:
    """What people say of a concept: float64 (r,), above 0 a yes, below a no, 0 where they disagree, else NaN.

    Parameters
    ----------
    snapshot : Snapshot
        Whose labels.
    concept : int
        The index of a concept.
    """
    votes = np.full(len(snapshot.rows), np.nan)
    for column in snapshot.columns.of(concept):
        if snapshot.is_human(column.source):
            before = np.nan_to_num(votes[column.rows])
            votes[column.rows] = before + np.where(column.values >= 0.5, 1.0, -1.0)
    return votes


def labeled_rows(name: str, snapshot: Snapshot, context: Context) -> npt.NDArray[np.bool_]:
    """The rows bool (r,) that people labeled as showing what a word means.

    Parameters
    ----------
    name : str
        An id or a name.
    snapshot : Snapshot
        Whose labels.
    context : Context
        Knows the meanings of words.
    """
    found = np.zeros(len(snapshot.rows), bool)
    for concept in _concepts(name, snapshot, context):
        found |= human_votes(snapshot, concept) > 0
    return found


def _concepts(name: str, snapshot: Snapshot, context: Context) -> Iterator[int]:
    for meaning in context.meanings(name):
        context.matched(meaning.concept)
        yield snapshot.concept_index.get(meaning.concept, -1)
