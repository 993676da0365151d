"""The matrices of a snapshot: new vectors go straight from the driver to their place at the end.

Vectors lie in the order they were embedded (by revision, then region), so embedding more only appends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import BigInteger, ColumnElement, Connection, bindparam, select

from ...snapshot import Space
from ...values.positions import positions
from ...values.types import FloatArray
from ..sql.bulk import Prepared
from ..sql.schema import embeddings, spaces
from ..sql.vectors import matrix_of
from .column_readers import NumberReader, read
from .matrices import Matrices
from .merging import Keys, followed

__all__ = ["merged_spaces"]

BATCH = 512  # vectors: 1 MiB of 512 numbers


def merged_spaces(
    connection: Connection,
    base: Mapping[str, Space],
    *,
    since: int,
    moved: npt.NDArray[np.int32] | None,
    rows: Keys,
    matrices: Matrices,
) -> dict[str, Space]:
    """Every space of the store, by name.

    Parameters
    ----------
    since : int
        The revision of the base.
    moved : int32 (r,)
        New index of every row of the base; -1 where it is gone. None where all stayed.
    rows : int64 (r,)
        Keys of all rows there are now.
    """
    merged = {}
    for key, name, dimension in _SPACES.rows(connection):
        old = base.get(name)
        if old is None or old.key != key:
            old = Space(name, np.empty((0, dimension), np.float32), np.empty(0, np.int32), key)
            new = _New(connection, key, name, dimension, since=0)
        else:
            new = _New(connection, key, name, dimension, since=since)
        merged[name] = _merged(old, new, moved=moved, rows=rows, matrices=matrices)
    return merged


@dataclass(frozen=True)
class _New:
    """What is newer than a revision in one space."""

    connection: Connection
    space: int
    name: str
    dimension: int
    since: int

    def regions(self) -> Keys:
        """The keys of the regions that were embedded, int64 (k,)."""
        keys = NumberReader(np.int64)
        is_long = not self.since
        read(self.connection, _REGIONS, keys, is_long=is_long, space=self.space, since=self.since)
        return keys.array()

    def vectors(self) -> Iterator[FloatArray]:
        """Their vectors, float32 (b, d) at a time."""
        given = {"space": self.space, "since": self.since}
        for rows in _VECTORS.batches(self.connection, size=BATCH, is_long=not self.since, **given):
            yield matrix_of(tuple(chain.from_iterable(rows)), self.name, self.dimension)


def _newer(column: ColumnElement[Any]) -> Prepared:
    """One column of what is newer in a space, in the order of embedding."""
    of = embeddings.c
    newer = (
        of.space_key == bindparam("space", type_=BigInteger),
        of.revision > bindparam("since", type_=BigInteger),
    )
    return Prepared(select(column).where(*newer).order_by(of.revision, of.region_key))


_SPACES = Prepared(select(spaces.c.key, spaces.c.name, spaces.c.dimension).order_by(spaces.c.key))
_REGIONS, _VECTORS = _newer(embeddings.c.region_key), _newer(embeddings.c.vector)


def _merged(
    old: Space, new: _New, *, moved: npt.NDArray[np.int32] | None, rows: Keys, matrices: Matrices
) -> Space:
    embedded = positions(rows, new.regions())
    if moved is None and not len(embedded) and new.since:
        return old
    kept = followed(old.rows, moved)
    stays = (kept >= 0) & ~np.isin(kept, embedded)
    total = int(stays.sum()) + len(embedded)
    if not stays.all():
        pieces = chain(_blocks(old.vectors, stays), new.vectors())
        vectors = matrices.create(pieces, shape=(total, new.dimension))
    elif len(embedded):
        vectors = matrices.extend(old.vectors, new.vectors(), rows=total)
    else:
        vectors = old.vectors
    return Space(old.name, vectors, np.concatenate([kept[stays], embedded]), old.key)


def _blocks(matrix: FloatArray, stays: npt.NDArray[np.bool_]) -> Iterator[FloatArray]:
    """The rows that stay, a few at a time: half a matrix is never copied on the way to its new place."""
    for start in range(0, len(matrix), BATCH):
        block = slice(start, start + BATCH)
        yield matrix[block][stays[block]]
