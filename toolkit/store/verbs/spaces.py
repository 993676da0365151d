"""Spaces: what embeddings live in, one for each version of an embedder."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from ...errors import StoreError
from ..sql import bulk
from ..sql.keys import required
from ..sql.schema import deletions, embeddings, spaces
from .access import Reader, Writer

__all__ = ["SpaceReader", "SpaceWriter", "StoredSpace"]


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


class SpaceReader(Reader):
    """What can be read about spaces."""

    def all(self) -> list[StoredSpace]:
        """The spaces, in order of creation."""
        columns = [spaces.c.name, spaces.c.embedder, spaces.c.dimension]
        counted = select(*columns, func.count(embeddings.c.region_key)).outerjoin(embeddings)
        with self._read() as connection:
            rows = bulk.fetch(connection, counted.group_by(spaces.c.key).order_by(spaces.c.key))
        return [StoredSpace(*row) for row in rows]

    def embedders(self) -> dict[str, str]:
        """The specification that makes each space's embedder again, by the name of the space.

        In order of creation. Unlike `spaces` it counts nothing, which takes longer than a query may.
        """
        columns = select(spaces.c.name, spaces.c.embedder).order_by(spaces.c.key)
        with self._read() as connection:
            return dict(bulk.fetch(connection, columns))


class SpaceWriter(Writer):
    """What can be written about spaces."""

    def add(self, name: str, *, embedder: str, dimension: int) -> None:
        """Make a space; one that is there already, with the same dimension, stays as it is.

        Parameters
        ----------
        name : str
            ``embedder@version``.
        embedder : str
            The specification that makes the embedder again.
        dimension : int
            d.

        Raises
        ------
        StoreError
            If there is a space of that name with another dimension.
        """
        columns = select(spaces.c.dimension).where(spaces.c.name == name)
        there = self._connection.scalar(columns)
        if there is None:
            row = {"name": name, "embedder": embedder, "dimension": dimension}
            self._connection.execute(insert(spaces).values(row))
            self._transaction.advance()
        elif there != dimension:
            raise StoreError(
                f"space {name!r} has vectors of {there} numbers, not {dimension}; "
                "an embedder whose vectors change takes a new version"
            )

    def delete(self, name: str) -> None:
        """Delete a space with all its embeddings.

        Raises
        ------
        UnknownNameError
            If there is no such space.
        """
        (key,) = required(self._connection, spaces.c.name, [name], kind="space")
        bulk.write(
            self._connection,
            deletions,
            ["kind", "key", "revision"],
            [("spaces", key, self._transaction.revision)],
        )
        self._connection.execute(delete(spaces).where(spaces.c.key == key))
