"""Embeddings: one unit vector per region and space."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import delete, func, insert, select

from ..errors import ContractError, StoreError
from ..values.types import FloatArray
from . import bulk
from .chapter import Reader, Writer
from .dialect import upsert
from .keys import required
from .schema import deletions, embeddings, spaces

__all__ = ["EmbeddingReader", "EmbeddingWriter", "StoredSpace"]

_STORED = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class StoredSpace:
    """A space and how to embed into it.

    Parameters
    ----------
    name : str
        ``embedder@version``.
    embedder : str
        The specification that makes the embedder again.
    dimension : int
        d.
    count : int
        How many regions are embedded.
    """

    name: str
    embedder: str
    dimension: int
    count: int


class EmbeddingReader(Reader):
    """What can be read about embeddings."""

    def spaces(self) -> list[StoredSpace]:
        """The spaces, in order of creation."""
        columns = [spaces.c.name, spaces.c.embedder, spaces.c.dimension]
        counted = select(*columns, func.count(embeddings.c.region_key)).outerjoin(embeddings)
        with self.read() as connection:
            rows = bulk.fetch(connection, counted.group_by(spaces.c.key).order_by(spaces.c.key))
        return [StoredSpace(*row) for row in rows]

    def embedders(self) -> dict[str, str]:
        """The specification that makes each space's embedder again, by the name of the space.

        In order of creation. Unlike `spaces` it counts nothing, which takes longer than a query may.
        """
        columns = select(spaces.c.name, spaces.c.embedder).order_by(spaces.c.key)
        with self.read() as connection:
            return dict(bulk.fetch(connection, columns))

    def vectors(self, space: str, region_keys: Iterable[int]) -> dict[int, FloatArray]:
        """The unit vectors float32 (d,) of some regions, by key; those not embedded are left out.

        Raises
        ------
        UnknownNameError
            If there is no such space.
        """
        with self.read() as connection:
            (space_key,) = required(connection, spaces.c.name, [space], kind="space")
            columns = select(embeddings.c.region_key, embeddings.c.vector)
            in_space = columns.where(embeddings.c.space_key == space_key)
            rows = bulk.fetch_in(connection, in_space, embeddings.c.region_key, region_keys)
        return {key: np.frombuffer(vector, _STORED) for key, vector in rows}


class EmbeddingWriter(Writer):
    """What can be written about embeddings."""

    def add_space(self, name: str, *, embedder: str, dimension: int) -> None:
        """Make a space; one that is there already, with the same dimension, stays as it is.

        Raises
        ------
        StoreError
            If there is a space of that name with another dimension.
        """
        columns = select(spaces.c.dimension).where(spaces.c.name == name)
        there = self.connection.scalar(columns)
        if there is None:
            row = {"name": name, "embedder": embedder, "dimension": dimension}
            self.connection.execute(insert(spaces).values(row))
            self._advance()
        elif there != dimension:
            raise StoreError(
                f"space {name!r} has vectors of {there} numbers, not {dimension}; "
                "an embedder whose vectors change takes a new version"
            )

    def put_embeddings(self, space: str, region_keys: Sequence[int], vectors: FloatArray) -> None:
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
        (space_key,) = required(self.connection, spaces.c.name, [space], kind="space")
        wanted = select(spaces.c.dimension).where(spaces.c.key == space_key)
        shape = len(region_keys), self.connection.execute(wanted).scalar_one()
        unit = _unit(space, vectors, shape)
        if len(unit):
            into = upsert(self.connection, embeddings, update=["vector", "revision"])
            rows = [
                (space_key, int(key), vector.tobytes(), self.revision)
                for key, vector in zip(region_keys, unit, strict=True)
            ]
            bulk.write(self.connection, into, ["space_key", "region_key", "vector", "revision"], rows)

    def delete_space(self, name: str) -> None:
        """Delete a space with all its embeddings.

        Raises
        ------
        UnknownNameError
            If there is no such space.
        """
        (key,) = required(self.connection, spaces.c.name, [name], kind="space")
        bulk.write(self.connection, deletions, ["kind", "key", "revision"], [("spaces", key, self.revision)])
        self.connection.execute(delete(spaces).where(spaces.c.key == key))


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
