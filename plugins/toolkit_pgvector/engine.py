"""Vectors in the collection's own PostgreSQL database."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, text

from toolkit.plugins import Capabilities, EngineSite, FloatArray, IntArray, QueryError, neighbors_by_key

from .tables import SPACES, Extension, Table, array_text, extension, require_extension, vector_text

__all__ = ["PgvectorEngine"]

FEW = 20_000  # keys that are compared one by one, whatever the index would do
# Vectors the graph looks at for ten: recall .998 on embeddings of photographs; with 200, .974 to 1.
LOOKED_AT = 400
MOST_LOOKED_AT = 1000  # as pgvector allows
WALK = text(
    "SELECT set_config('hnsw.ef_search', :looked_at, true), "
    "set_config('hnsw.iterative_scan', 'strict_order', true)"
)


class PgvectorEngine:
    """Written in the transactions of the collection, so that a rollback takes both.

    Among few keys it compares with each (*filter first, then score exactly*): the planner's own filtered walk through
    the graph misses what it filters out on the way. Elsewhere it walks the graph.

    Parameters
    ----------
    site : EngineSite
        Of a collection on PostgreSQL.

    Raises
    ------
    QueryError
        Something follows its name in settings.
    StoreError
        The collection is not on PostgreSQL, or the server has no pgvector; with what to type.
    """

    name = "pgvector"
    capabilities = Capabilities(
        exact=False, persistent=True, deletes=True, within=True, scores=True, transactional=True, builds=True
    )

    def __init__(self, site: EngineSite) -> None:
        if site.argument:
            raise QueryError(
                "the engine 'pgvector' is in the collection's own database and takes nothing after its name; write "
                "engine='pgvector'"
            )
        self._database = site.database
        self._tables: dict[str, Open] = {}
        with self._database() as connection:
            require_extension(connection)

    def revision(self, space: str) -> str | None:
        """The token that `apply` was given last; None where nothing is held."""
        with self._database() as connection:
            table = Table.of(connection, space)
            self._tables.pop(space, None)  # another process may have made it anew
        return table.revision if table else None

    def apply(
        self, space: str, keys: IntArray, vectors: FloatArray, deleted: IntArray | None, revision: str
    ) -> None:
        """Take vectors in and others out, in the transaction that is open.

        Parameters
        ----------
        space : str
            What the vectors are comparable in.
        keys : int64 (m,)
            Of the regions whose vectors come in.
        vectors : float32 (m, d)
            Unit vectors.
        deleted : int64 (k,), optional
            Keys of what goes; None for all that is held.
        revision : str
            What `revision` returns from now on.
        """
        with self._database() as connection:
            table = Table.of(connection, space)
            if table is None or deleted is None:
                table = Table.made(connection, space, vectors.shape[1])
            else:
                table.remove(connection, np.concatenate([deleted, keys]))
            table.put(connection, keys, vectors)
            reached = text(f"UPDATE {SPACES} SET revision = :revision WHERE space = :space")
            connection.execute(reached, {"revision": revision, "space": space})
        self._tables.pop(space, None)

    def build(self, space: str) -> None:
        """Make the graph of a space that has none yet; from then on the database adds to it by itself."""
        with self._database() as connection:
            if table := Table.of(connection, space):
                table.index(connection)
        self._tables.pop(space, None)

    def nearest(
        self, space: str, vectors: FloatArray, k: int, within: IntArray | None = None
    ) -> tuple[IntArray, FloatArray]:
        """Keys int64 (b, k) of what is nearest to each query, and cosines float32 (b, k), the best first.

        Parameters
        ----------
        space : str
            Of the vectors.
        vectors : float32 (b, d)
            Unit vectors.
        k : int
            How many of each; where fewer are held, the rest is -1 and NaN.
        within : int64 (p,), optional
            The keys to search among.
        """
        with self._database() as connection:
            select, given = _nearest(connection, self._opened(connection, space), k, within)
            asked = (given | {"query": vector_text(vector)} for vector in vectors)
            answers = [connection.execute(text(select), one).all() for one in asked]
        return neighbors_by_key(
            (([key for key, _ in rows], [near for _, near in rows]) for rows in answers), k
        )

    def scores(self, space: str, vectors: FloatArray, keys: IntArray) -> FloatArray:
        """Cosines float32 (b, p) of queries with what has these keys; NaN where a key is not held.

        Parameters
        ----------
        space : str
            Of the vectors.
        vectors : float32 (b, d)
            Unit vectors.
        keys : int64 (p,)
            In any order, each once.
        """
        found = np.full((len(vectors), len(keys)), np.nan, np.float32)
        with self._database() as connection:
            there = self._opened(connection, space)
            cosines = ", ".join(f"-{there.of.distance(f'query{query}')}" for query in range(len(vectors)))
            select = f"SELECT key, {cosines} FROM {there.name} WHERE key = ANY(CAST(:keys AS bigint[]))"
            given = {f"query{query}": vector_text(vector) for query, vector in enumerate(vectors)}
            rows = connection.execute(text(select), given | {"keys": array_text(keys.tolist())}).all()
        if rows:
            order = np.argsort(keys, kind="stable")
            held = np.array([key for key, *_ in rows], np.int64)
            found[:, order[np.searchsorted(keys, held, sorter=order)]] = np.array([row[1:] for row in rows]).T
        return found

    def _opened(self, connection: Connection, space: str) -> Open:
        """What is known of a space's table; asked once: on the way to a server each question counts."""
        if space not in self._tables:
            table = Table.of(connection, space)
            if table is None:
                raise QueryError(
                    f"the engine 'pgvector' holds nothing of {space!r}: Collection.engine feeds it first"
                )
            self._tables[space] = Open(table.name, extension(connection), table.is_indexed(connection))
        return self._tables[space]


@dataclass(frozen=True, slots=True)
class Open:
    """What is known of the table of a space.

    Parameters
    ----------
    name : str
        Of the table.
    of : Extension
        Where the names of pgvector are.
    is_indexed : bool
        Whether it has its graph.
    """

    name: str
    of: Extension
    is_indexed: bool


def _nearest(
    connection: Connection, there: Open, k: int, within: IntArray | None
) -> tuple[str, dict[str, object]]:
    """The statement that finds the nearest, and what it is given but for the query."""
    distance = there.of.distance("query")
    given: dict[str, object] = {"k": k}
    source = there.name
    if within is not None:
        given["within"] = array_text(within.tolist())
        chosen = f"SELECT key, vector FROM {there.name} WHERE key = ANY(CAST(:within AS bigint[]))"
        if len(within) <= FEW or not there.is_indexed:
            # Materialized, so that the planner cannot walk the graph and filter what it meets there.
            ordered = f"SELECT key, -{distance} FROM chosen ORDER BY {distance} LIMIT :k"
            return f"WITH chosen AS MATERIALIZED ({chosen}) {ordered}", given
        source = f"({chosen})"
    if there.is_indexed:
        connection.execute(WALK, {"looked_at": str(min(max(LOOKED_AT, 2 * k), MOST_LOOKED_AT))})
    return f"SELECT key, -{distance} FROM {source} AS them ORDER BY {distance} LIMIT :k", given
