"""Which of the regions that changed are other rows than before."""

from __future__ import annotations

import numpy as np

from ...snapshot import Snapshot
from ...values.positions import positions
from .changes import RegionChanges

__all__ = ["new_or_moved"]


def new_or_moved(base: Snapshot, regions: RegionChanges) -> RegionChanges:
    """The regions without those of which only the annotations changed: their rows stay as they are.

    Parameters
    ----------
    base : Snapshot
        The snapshot before.
    regions : RegionChanges
        All that changed.
    """
    at = positions(base.rows.key, regions.key)
    known = np.flatnonzero(at >= 0)
    rows = at[known]
    same_box = (base.rows.box[rows] == regions.box[known]) | np.isnan(regions.box[known])
    same = same_box.all(axis=1) & (base.inputs.key[base.rows.input[rows]] == regions.input[known])
    changed = np.ones(len(regions.key), bool)
    changed[known[same]] = False
    return regions[changed]
