"""What the store would find of the small snapshot without looking at all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..snapshot import Column, Snapshot
from ..values.types import IntArray

__all__ = ["StubNarrowing"]


class StubNarrowing:
    """Implements `toolkit.plugins.interfaces.Narrowing` over a snapshot.

    Parameters
    ----------
    snapshot : Snapshot
        The small one.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def in_datasets(self, names: Sequence[str], *, most: int) -> IntArray | None:
        """The keys of the inputs of some datasets.

        Parameters
        ----------
        names : sequence of str
            Of datasets.
        most : int
            How many are few.
        """
        found = [self._snapshot.datasets[name] for name in names if name in self._snapshot.datasets]
        return self._few(np.concatenate([np.empty(0, np.int32), *found]), most)

    def with_concepts(self, ids: Sequence[str], *, most: int) -> IntArray | None:
        """The keys of the inputs of which anything is said about some concepts.

        Parameters
        ----------
        ids : sequence of str
            Of concepts.
        most : int
            How many are few.
        """
        rows = np.concatenate([np.empty(0, np.int32), *(column.rows for column in self._columns(ids))])
        return self._few(self._snapshot.rows.input[rows], most)

    def best_of(self, ids: Sequence[str], k: int) -> tuple[IntArray, float]:
        """The keys of the rows of the k highest values of some concepts, and the most of any other.

        Parameters
        ----------
        ids : sequence of str
            Of concepts.
        k : int
            How many values.
        """
        columns = list(self._columns(ids))
        rows = np.concatenate([np.empty(0, np.int32), *(column.rows for column in columns)])
        values = np.concatenate([np.empty(0, np.float32), *(column.values for column in columns)])
        best = np.argsort(-values, kind="stable")[:k]
        keys = self._snapshot.rows.key[np.unique(rows[best])]
        return keys, float(values[best[-1]]) if len(best) == k else 0.0

    def of_ids(self, inputs: Sequence[str], regions: Sequence[str]) -> IntArray:
        """The keys of inputs called ``input-0`` and so on, and of those that rows called ``row-0`` are on.

        Parameters
        ----------
        inputs, regions : sequence of str
            Their ids.
        """
        rows = [int(id.rpartition("-")[2]) for id in regions]
        named = [int(id.rpartition("-")[2]) for id in inputs]
        found: IntArray = self._snapshot.inputs.key[
            np.union1d(named, self._snapshot.rows.input[rows]).astype(int)
        ]
        return found

    def _columns(self, ids: Sequence[str]) -> Iterator[Column]:
        for id in ids:
            yield from self._snapshot.columns.of(self._snapshot.concept_index.get(id, -1))

    def _few(self, inputs: IntArray, most: int) -> IntArray | None:
        found = np.unique(inputs)
        return None if len(found) > most else self._snapshot.inputs.key[found]
