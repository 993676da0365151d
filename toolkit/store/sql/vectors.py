"""Vectors as they are stored, and as arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...errors import StoreError
from ...values.types import FloatArray

__all__ = ["matrix_of"]


def matrix_of(stored: Sequence[bytes], space: str, dimension: int) -> FloatArray:
    """Stored vectors as one array, float32 (m, d).

    Parameters
    ----------
    stored : sequence of bytes
        Each as it stands in its row.
    space : str
        Whose they are, for the error.
    dimension : int
        How many numbers each has.

    Raises
    ------
    StoreError
        One has another number of them.

    Examples
    --------
    >>> matrix_of([bytes(8)], "pixels@1", 2)
    array([[0., 0.]], dtype=float32)
    """
    if set(map(len, stored)) - {4 * dimension}:
        raise StoreError(f"a vector of {space!r} has not {dimension} numbers")
    return np.frombuffer(b"".join(stored), "<f4").reshape(-1, dimension)
