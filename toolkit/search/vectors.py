"""The vectors of inputs and regions, by their ids."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import NotIndexedError
from ..remedies import Remedy
from ..resources import Resources
from ..values.types import FloatArray
from .spaces import space_name

__all__ = ["vectors_of"]


def vectors_of(resources: Resources, ids: Sequence[str], space: str | None = None) -> FloatArray:
    """Unit vectors float32 (k, d) of some inputs and regions, in the order given; a copy.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    ids : sequence of str
        Ids of inputs, which stand for their whole pictures, or of regions; k of them.
    space : str, optional
        The name of a space; the collection's default one if None.

    Raises
    ------
    NotIndexedError
        There is no such space, or one of them is not embedded in it.
    UnknownNameError
        No input or region has one of the ids.
    """
    snapshot = resources.snapshots.latest()
    name = space_name(space, snapshot, resources)
    there = snapshot.spaces[name]
    keys = np.array(resources.store.regions.keys(ids), np.int64)
    rows = np.searchsorted(snapshot.rows.key, keys)
    positions = there.position(rows)
    lacking = [id for id, position in zip(ids, positions.tolist(), strict=True) if position < 0]
    if lacking:
        raise NotIndexedError(
            f"{len(lacking):,} of {len(ids):,} have no vectors in {name!r}, such as {lacking[0]!r}: run ",
            Remedy("photos.index()", "toolkit index COLLECTION"),
            " first",
        )
    return np.array(there.vectors[positions], np.float32)
