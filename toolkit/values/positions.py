"""Where keys stand among others that are in order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .types import IntArray

__all__ = ["positions"]


def positions(keys: IntArray, wanted: IntArray) -> npt.NDArray[np.int32]:
    """The index int32 (k,) of each wanted key; -1 for those that are not there.

    Parameters
    ----------
    keys : int64 (n,)
        Ascending.
    wanted : int64 (k,)
        In any order.

    Examples
    --------
    >>> positions(np.array([2, 5, 7]), np.array([7, 3, 2])).tolist()
    [2, -1, 0]
    """
    if len(keys) and keys[-1] - keys[0] == len(keys) - 1:  # none is missing, as where nothing was deleted
        found = wanted - keys[0]
        return np.where((found >= 0) & (found < len(keys)), found, -1).astype(np.int32)
    found = np.searchsorted(keys, wanted)
    known = found < len(keys)
    known[known] = keys[found[known]] == wanted[known]
    return np.where(known, found, -1).astype(np.int32)
