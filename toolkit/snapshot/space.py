"""The embeddings of one space."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..values.types import FloatArray, IntArray
from .later import Later

__all__ = ["Space"]


@dataclass(frozen=True, eq=False)
class Space(Later):
    """The embeddings of one space.

    Parameters
    ----------
    name : str
        ``embedder@version``.
    vectors : float32 (m, d)
        Unit length, C-contiguous.
    rows : int32 (m,)
        The row each belongs to, each once; in the order they were embedded, so not sorted in general.
    key : int
        Of the space in the store: one that is deleted and made anew has another.
    """

    name: str
    vectors: FloatArray
    rows: npt.NDArray[np.int32]
    key: int = 0

    @cached_property
    def in_row_order(self) -> bool:
        """Whether vector i belongs to row i, as it does when every row is embedded."""
        return bool(np.array_equal(self.rows, np.arange(len(self.rows), dtype=np.int32)))

    def position(self, rows: IntArray) -> IntArray:
        """Indices in [0, m) of the vectors of some rows; -1 where a row has none."""
        order = self._order
        found = np.searchsorted(self.rows, rows, sorter=order)
        candidate = order[np.minimum(found, len(order) - 1)] if len(order) else np.zeros(len(rows), np.intp)
        known = np.zeros(len(rows), bool) if not len(order) else self.rows[candidate] == rows
        return np.where(known, candidate, -1)

    @cached_property
    def _order(self) -> npt.NDArray[np.intp]:
        return np.argsort(self.rows, kind="stable")
