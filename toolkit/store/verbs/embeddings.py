"""Embeddings: one unit vector per region and space."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from sqlalchemy import select

from ...errors import ContractError
from ...values.types import FloatArray
from ..sql import bulk
from ..sql.dialect import upsert
from ..sql.keys import required
from ..sql.schema import embeddings, spaces
from .access import Reader, Writer

__all__ = ["EmbeddingReader", "EmbeddingWriter"]

_STORED = np.dtype("<f4")
_SPACE = bulk.Prepared(select(spaces.c.key, spaces.c.dimension), among=spaces.c.name)


class EmbeddingReader(Reader):
    """What can be read about embeddings."""

    def vectors(self, space: str, region_keys: Iterable[int]) -> dict[int, FloatArray]:
        """The unit vectors float32 (d,) of some regions, by key; those not embedded are left out.

        Parameters
        ----------
        space : str
            ``embedder@version``.
        region_keys : iterable of int
            Keys of regions.

        Raises
        ------
        UnknownNameError
            If there is no such space.
        """
        with self._read() as connection:
            (space_key,) = required(connection, spaces.c.name, [space], kind="space")
            columns = select(embeddings.c.region_key, embeddings.c.vector)
            in_space = columns.where(embeddings.c.space_key == space_key)
            rows = bulk.fetch_in(connection, in_space, embeddings.c.region_key, region_keys)
        return {key: np.frombuffer(vector, _STORED) for key, vector in rows}


class EmbeddingWriter(Writer):
    """What can be written about embeddings."""

    def put(self, space: str, region_keys: Sequence[int], vectors: FloatArray) -> None:
        """Keep a vector for each of some regions, made unit length, in place of an earlier one.

        Parameters
        ----------
        space : str
            Its full name.
        region_keys : sequence of int, b
            Keys of regions.
        vectors : float32 (b, d)
            Finite and not zero.

        Raises
        ------
        UnknownNameError
            If there is no such space.
        ContractError
            If the vectors are of another shape, not finite, or zero; nothing is written.
        """
        found = _SPACE.rows(self._connection, [space])
        if not found:
            required(self._connection, spaces.c.name, [space], kind="space")
        ((space_key, dimension),) = found
        unit = _unit(space, vectors, (len(region_keys), dimension))
        if len(unit):
            into = upsert(self._connection, embeddings, update=["vector", "revision"])
            rows = [
                (space_key, int(key), vector.tobytes(), self._transaction.revision)
                for key, vector in zip(region_keys, unit, strict=True)
            ]
            bulk.write(self._connection, into, ["space_key", "region_key", "vector", "revision"], rows)


def _unit(space: str, vectors: FloatArray, shape: tuple[int, int]) -> FloatArray:
    who = f"space {space!r}"
    with np.errstate(over="ignore"):  # a float64 too large becomes infinite, which is refused below
        matrix = np.asarray(vectors, _STORED)
    if matrix.shape != shape:
        raise ContractError(who, f"vectors are float32 {shape}, one row per region", f"shape {matrix.shape}")
    length = np.sqrt(np.einsum("bd,bd->b", matrix, matrix, dtype=np.float64))
    bad = np.flatnonzero(~(np.isfinite(length) & (length > 0)))
    if len(bad):
        found = "zero" if length[bad[0]] == 0 else "not finite"
        raise ContractError(who, "vectors are finite and not zero", f"vector {bad[0]} is {found}")
    unit: FloatArray = (matrix / length[:, None]).astype(_STORED)
    return unit
