"""Some places of a collection with all that is needed to score them as if all were scored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..snapshot import RowArrays, Snapshot
from ..values.types import IntArray, Level

__all__ = ["Subset"]


@dataclass(frozen=True, slots=True, eq=False)
class Subset:
    """Places that are whole inputs: what one row of an input scores may depend on its others.

    Parameters
    ----------
    places : int (p,)
        Ascending: inputs, or the rows of some inputs.
    rows : int32 (q,)
        Every row of those inputs, ascending.
    arrays : RowArrays
        Of those rows, with the inputs counted from 0.
    inputs : int
        How many inputs there are.
    """

    places: IntArray
    rows: IntArray
    arrays: RowArrays
    inputs: int

    @classmethod
    def of(cls, places: IntArray, snapshot: Snapshot, level: Level) -> Subset:
        """The least subset with some places in it.

        Parameters
        ----------
        places : int (p,)
            Ascending, each once.
        snapshot : Snapshot
            Of the collection.
        level : {"input", "region"}
            What a place is.
        """
        is_row = level == "region" and not snapshot.rows.are_inputs
        inputs = np.unique(snapshot.rows.input[places]) if is_row else places
        rows, arrays = snapshot.rows.of_inputs(inputs)
        return cls(rows if is_row else places, rows, arrays, len(inputs))
