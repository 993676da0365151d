"""A snapshot without the detections that are not sure enough to count."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ...snapshot import ConceptColumns, Snapshot
from ..sql.damage import as_stored

__all__ = ["without_weak_detections"]

Mask = npt.NDArray[np.bool_]


@as_stored("stored detections")
def without_weak_detections(snapshot: Snapshot, detectors: Collection[str], least: float) -> Snapshot:
    """The snapshot without values of detectors below a confidence; rows that only such values speak of are hidden.

    The same object if there is nothing to leave out.

    Parameters
    ----------
    snapshot : Snapshot
        With everything that is stored.
    detectors : collection of str
        The sources of detections.
    least : float
        The least confidence that counts, in [0, 1].
    """
    detects = np.array([source in detectors for source in snapshot.sources], bool)
    if not detects.any():  # nothing is looked at
        return snapshot
    columns = snapshot.columns
    of_detector = np.repeat(detects[columns.source], np.diff(columns.start))
    weak = of_detector & (columns.values < np.float32(least))
    if not weak.any():
        return snapshot
    hidden = _rows(columns.rows[weak], snapshot) & ~_rows(columns.rows[of_detector & ~weak], snapshot)
    hidden &= ~_rows(snapshot.annotations.row[_speaks(snapshot, detects)], snapshot)
    return replace(snapshot, columns=_kept(columns, ~weak), hidden=hidden if hidden.any() else None)


def _speaks(snapshot: Snapshot, detects: Mask) -> Mask:
    """Which annotations bool (a,) make a row count whatever detectors say of it: a person's, a proposal of a region."""
    own = np.zeros(len(snapshot.sources), bool)
    own[snapshot.columns.source] = True  # has values
    counts = np.array([source.is_human for source in snapshot.sources], bool) | ~(own | detects)
    return np.asarray(counts[snapshot.annotations.source])


def _rows(rows: npt.NDArray[np.int32], snapshot: Snapshot) -> Mask:
    found = np.zeros(len(snapshot.rows), bool)
    found[rows] = True
    return found & ~snapshot.rows.whole


def _kept(columns: ConceptColumns, kept: Mask) -> ConceptColumns:
    """The columns with some of their entries; one that has none left stays, empty."""
    left = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])
    return replace(columns, start=left[columns.start], rows=columns.rows[kept], values=columns.values[kept])
