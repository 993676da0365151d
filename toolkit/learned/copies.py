"""Which labeled rows show the same thing twice: parts of one picture, and copies of it."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..values.types import IntArray

__all__ = ["group_copies", "is_copy"]

Array: TypeAlias = npt.NDArray[np.floating]

# In MobileNetV2's space 88 of 100 edits (recompressed, cropped, brightened, turned, mirrored) are as near to another
# edit of their photo, and 6 of 100 photos to another of their class.
ALIKE = 0.9
CHUNK = 2048  # rows compared with all at once


def group_copies(vectors: Array, inputs: IntArray) -> IntArray:
    """A number for each row, the same for rows of one input and for near-duplicates, from 0.

    A model that has seen one of them has seen the others: they must not be in different folds, and count once.

    Parameters
    ----------
    vectors : float (k, d)
        Centered, half-whitened; brought to unit length here.
    inputs : int (k,)
        The input that each row is of.

    Examples
    --------
    >>> vectors = np.array([[1, 0], [0, 1], [0.99, 0.1], [0.7, 0.7]], np.float32)
    >>> group_copies(vectors, np.array([5, 6, 7, 6]))
    array([0, 1, 0, 1])
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    unit = _unit(vectors)
    pairs = [_alike(unit, inputs, start) for start in range(0, len(unit), CHUNK)]
    one, other = np.concatenate(pairs, axis=1) if pairs else np.empty((2, 0), np.intp)
    near = coo_array((np.ones(len(one), bool), (one, other)), shape=(len(unit), len(unit)))
    return np.asarray(connected_components(near, directed=False)[1], np.intp)


def is_copy(vectors: Array, of: Array) -> npt.NDArray[np.bool_]:
    """Whether each row (m,) is a near-duplicate of any of some others.

    Parameters
    ----------
    vectors : float (m, d)
        Centered, half-whitened; brought to unit length here.
    of : float (k, d)
        The others.
    """
    unit, others = _unit(vectors), _unit(of)
    parts = [unit[start : start + CHUNK] @ others.T for start in range(0, len(unit), CHUNK)]
    return np.concatenate([np.zeros(0, bool), *((part >= ALIKE).any(axis=1) for part in parts)])


def _unit(vectors: Array) -> Array:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths))


def _alike(unit: Array, inputs: IntArray, start: int) -> npt.NDArray[np.intp]:
    """Pairs intp (2, p) of a chunk of rows, from `start`, and any row that belongs with it."""
    part = slice(start, start + CHUNK)
    together = (unit[part] @ unit.T >= ALIKE) | (inputs[part, None] == inputs)
    one, other = np.nonzero(together)
    return np.stack([one + start, other])
