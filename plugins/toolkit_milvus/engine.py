"""Vectors in Milvus."""

from __future__ import annotations

from collections import Counter

import numpy as np

from toolkit.plugins import (
    Capabilities,
    EngineSite,
    FloatArray,
    IntArray,
    QueryError,
    best_by_key,
    cosines,
    neighbors_by_key,
)

from .client import FIELDS, Collections, connected

__all__ = ["MilvusEngine"]

MOST = 16_384  # what Milvus gives to one question
FEW = 8192  # keys whose vectors are fetched and compared here: a graph under a filter missed a tenth of 5,000
FETCHED = 4096  # vectors at a time
MANY = 10_000  # vectors that Milvus Lite takes a second to compare with, one by one


class MilvusEngine:
    """A Milvus cluster by its address, or Milvus Lite in a file beside the collection, which is for trying things out.

    Parameters
    ----------
    site : EngineSite
        Its argument is the address of a server; none for Milvus Lite.

    Raises
    ------
    MissingExtraError
        pymilvus is not installed.
    QueryError
        There is no address, and the collection is in memory.
    StoreError
        The server does not answer.
    """

    name = "milvus"
    capabilities = Capabilities(
        exact=False, persistent=True, deletes=True, within=True, scores=True, builds=True
    )

    def __init__(self, site: EngineSite) -> None:
        self._collections = Collections(connected(site.argument, site.folder), site.collection)
        self._is_lite = not site.argument
        self._unbuilt: Counter[str] = Counter()

    def revision(self, space: str) -> str | None:
        """The token that `apply` was given last; None where nothing is held."""
        return self._collections.reached(space)

    def apply(
        self, space: str, keys: IntArray, vectors: FloatArray, deleted: IntArray | None, revision: str
    ) -> None:
        """Take vectors in and others out.

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
        if deleted is None:
            self._collections.make(space, vectors.shape[1])
        else:
            self._collections.reach(space, "")
            self._collections.delete(space, deleted)
        self._collections.put(space, keys, vectors)
        self._collections.reach(space, revision)
        self._unbuilt[space] += len(keys)

    def build(self, space: str) -> None:
        """Let Milvus Lite make its graph, where much came in; a cluster does so by itself."""
        if self._is_lite and self._unbuilt[space] >= MANY:
            self._collections.settle(space)
            self._unbuilt[space] = 0

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

        Raises
        ------
        QueryError
            More are asked for than Milvus gives at once.
        """
        if k > MOST:
            raise QueryError(f"Milvus gives the {MOST:,} nearest at most, and {k:,} were asked for")
        if within is not None and len(within) <= FEW:
            return best_by_key(within, self.scores(space, vectors, within), k)
        chosen = "" if within is None else f"key in {within.tolist()}"
        answers = self._collections.client.search(
            self._collections.name(space),
            data=vectors.tolist(),
            filter=chosen,
            limit=k,
            output_fields=["key"],
        )
        found = (([hit["key"] for hit in hits], [hit["distance"] for hit in hits]) for hits in answers)
        return neighbors_by_key(found, k)

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
        place = {key: position for position, key in enumerate(keys.tolist())}
        for start in range(0, len(keys), FETCHED):
            ids = keys[start : start + FETCHED].tolist()
            rows = self._collections.client.get(self._collections.name(space), ids=ids, output_fields=FIELDS)
            if rows:
                of = np.array([row["vector"] for row in rows], np.float32)
                found[:, [place[row["key"]] for row in rows]] = cosines(of, vectors)
        return found

    def close(self) -> None:
        """Let go of the connection."""
        self._collections.client.close()
