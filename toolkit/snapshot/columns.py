"""The values of concepts, by concept and source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..values.types import FloatArray
from .later import Later

__all__ = ["Column", "ConceptColumns"]


@dataclass(frozen=True, eq=False)
class Column:
    """The values that one source gives to one concept.

    Parameters
    ----------
    source : int
        Index into `Snapshot.sources`.
    rows : int32 (e,)
        Ascending, each once.
    values : float32 (e,)
        In [0, 1].
    """

    source: int
    rows: npt.NDArray[np.int32]
    values: FloatArray


@dataclass(frozen=True, eq=False)
class ConceptColumns(Later):
    """Every concept value, compressed: all entries of one (concept, source) lie together, ordered by row.

    Parameters
    ----------
    concept : int32 (g,)
        Index into `Snapshot.concepts`, ascending.
    source : int32 (g,)
        Index into `Snapshot.sources`, ascending within a concept.
    start : int64 (g + 1,)
        Where each group begins in the two arrays below.
    rows : int32 (e,)
        Rows.
    values : float32 (e,)
        Values in [0, 1]. Where one source annotated a row twice, the later annotation counts.
    """

    concept: npt.NDArray[np.int32]
    source: npt.NDArray[np.int32]
    start: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    values: FloatArray

    def of(self, concept: int) -> Iterator[Column]:
        """The columns of a concept, one per source."""
        first, last = np.searchsorted(self.concept, [concept, concept + 1])
        for group in range(first, last):
            entries = slice(self.start[group], self.start[group + 1])
            yield Column(int(self.source[group]), self.rows[entries], self.values[entries])
