"""The confidence of one concept for every row, from the annotations of people and models."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from toolkit.plugins import Column, FloatArray, Snapshot

__all__ = ["confidence"]


def confidence(snapshot: Snapshot, columns: Sequence[Column]) -> FloatArray:
    """Confidence float32 (r,); NaN where there is no annotation.

    Among models the highest counts. Where people labeled a row, the mean of their values replaces the models'.

    Parameters
    ----------
    snapshot : Snapshot
        What is ranked.
    columns : sequence of Column
        The values of one concept, one column for each source.
    """
    models = [column for column in columns if not snapshot.is_human(column.source)]
    people = [column for column in columns if snapshot.is_human(column.source)]
    if len(models) == 1 and len(models[0].rows) == len(snapshot.rows):
        scores = models[0].values.copy()  # a value for every row, and rows ascend: nothing to look up
    else:
        scores = np.full(len(snapshot.rows), np.nan, np.float32)
        for column in models:
            # Indexing by int32 makes NumPy convert it piece by piece, which takes twice as long.
            rows = column.rows.astype(np.intp, copy=False)
            # The first needs no comparison, and mostly there is no second.
            scores[rows] = column.values if column is models[0] else np.fmax(scores[rows], column.values)
    if people:
        labeled, mean = _mean(people)
        scores[labeled] = mean
    return scores


def _mean(columns: Sequence[Column]) -> tuple[npt.NDArray[np.int32], FloatArray]:
    rows, votes = np.unique(np.concatenate([column.rows for column in columns]), return_counts=True)
    total = np.zeros(len(rows), np.float32)
    for column in columns:
        total[np.searchsorted(rows, column.rows)] += column.values
    return rows, (total / votes).astype(np.float32)
