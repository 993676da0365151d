"""Matrices that grow: where the vectors of a snapshot lie, and how the next snapshot gets longer ones.

Nothing that a snapshot can see is ever written to, only what lies beyond its own last row.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Protocol
from weakref import WeakValueDictionary

import numpy as np

from ...errors import StoreError
from ...values.types import FloatArray

__all__ = ["Matrices", "MemoryMatrices"]

SPARE = 0.5  # of the rows in use; the system gives no memory for pages that were never written to


class Matrices(Protocol):
    """A place for matrices."""

    def create(self, pieces: Iterable[FloatArray], *, shape: tuple[int, int]) -> FloatArray:
        """A matrix float32 (m, d) of some pieces.

        Parameters
        ----------
        pieces : iterable of float32 (b, d)
            The rows, in order.
        shape : (int, int)
            m and d.
        """
        ...

    def extend(self, matrix: FloatArray, pieces: Iterable[FloatArray], *, rows: int) -> FloatArray:
        """A matrix float32 (m, d) of the rows of another and some pieces.

        Parameters
        ----------
        matrix : float32 (k, d)
            The rows before.
        pieces : iterable of float32 (b, d)
            The rows that follow, in order.
        rows : int
            m, how many rows there are in all.
        """
        ...


class MemoryMatrices:
    """Matrices in memory, with spare rows so that extending one copies nothing."""

    def __init__(self) -> None:
        # The longest view of each buffer, by its id: nothing reads beyond its end.
        self._longest: WeakValueDictionary[int, FloatArray] = WeakValueDictionary()

    def create(self, pieces: Iterable[FloatArray], *, shape: tuple[int, int]) -> FloatArray:
        """A matrix float32 (m, d) of some pieces.

        Parameters
        ----------
        pieces : iterable of float32 (b, d)
            The rows, in order.
        shape : (int, int)
            m and d.
        """
        rows, dimension = shape
        buffer = np.empty((int(rows * (1 + SPARE)), dimension), np.float32)
        return self._filled(buffer, 0, pieces, rows)

    def extend(self, matrix: FloatArray, pieces: Iterable[FloatArray], *, rows: int) -> FloatArray:
        """A matrix float32 (m, d) of the rows of another and some pieces.

        Parameters
        ----------
        matrix : float32 (k, d)
            The rows before.
        pieces : iterable of float32 (b, d)
            The rows that follow, in order.
        rows : int
            m, how many rows there are in all.
        """
        buffer = matrix.base
        is_longest = self._longest.get(id(matrix)) is matrix
        if not is_longest or buffer is None or rows > len(buffer):
            return self.create(chain((matrix,), pieces), shape=(rows, matrix.shape[1]))
        longer = self._filled(buffer, len(matrix), pieces, rows)
        del self._longest[id(matrix)]
        return longer

    def _filled(self, buffer: FloatArray, start: int, pieces: Iterable[FloatArray], rows: int) -> FloatArray:
        for piece in pieces:
            buffer[start : start + len(piece)] = piece
            start += len(piece)
        if start != rows:
            raise StoreError(f"{rows} vectors were announced and {start} came; read inside one transaction")
        view = buffer[:rows]
        self._longest[id(view)] = view
        return view
