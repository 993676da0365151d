"""The values of a concept through the concepts below it: a picture of a poodle is one of a dog."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from toolkit.plugins import Column, FloatArray, Snapshot

__all__ = ["expanded_columns"]


def expanded_columns(
    same: Sequence[str], below: Sequence[str], snapshot: Snapshot, *, exclusive: Callable[[str], bool]
) -> list[Column]:
    """The values of each source for a concept, its own or those of the concepts below it.

    The values of a softmax add up: it spreads over the breeds what it is sure of about the dog. On 1,409 photos the
    average precision of "container" is .67 by the sum and .55 by the maximum. Of other models, and of people, the
    highest value counts; a person's "no" to what is below is no "no" to the concept.

    Parameters
    ----------
    same : sequence of str
        The concept, and others that are the same.
    below : sequence of str
        Those below them.
    snapshot : Snapshot
        What is ranked.
    exclusive : callable
        Whether the values of a source, given by name, add up to 1.
    """
    by_source: dict[int, list[Column]] = defaultdict(list)
    for is_kind, concepts in (False, same), (True, below):
        for concept in concepts:
            for column in snapshot.columns.of(snapshot.concept_index.get(concept, -1)):
                affirms = is_kind and snapshot.is_human(column.source)
                by_source[column.source].append(_affirmed(column) if affirms else column)
    return [
        _joined(columns, snapshot, add=exclusive(snapshot.sources[source]))
        for source, columns in by_source.items()
    ]


def _affirmed(column: Column) -> Column:
    yes = column.values > 0
    return Column(column.source, column.rows[yes], column.values[yes])


def _joined(columns: Sequence[Column], snapshot: Snapshot, *, add: bool) -> Column:
    if len(columns) == 1:
        return columns[0]
    values = np.full(len(snapshot.rows), np.nan, np.float32)
    join = _sum if add else np.fmax
    for column in columns:
        values[column.rows] = join(values[column.rows], column.values)
    rows = np.flatnonzero(~np.isnan(values)).astype(np.int32)
    return Column(columns[0].source, rows, np.minimum(values[rows], np.float32(1)))


def _sum(so_far: FloatArray, more: FloatArray) -> FloatArray:
    return np.where(np.isnan(so_far), more, so_far + more)
