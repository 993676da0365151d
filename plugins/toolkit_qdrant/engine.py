"""Vectors in files beside the collection."""

from __future__ import annotations

from threading import RLock

import numpy as np

from toolkit.plugins import Capabilities, EngineSite, FloatArray, IntArray, QueryError, neighbors_by_key

from .shards import Shards, library

__all__ = ["QdrantEngine"]

AT_ONCE = 2048  # vectors written in one call, which are lists of numbers there
LOOKED_AT = 128  # vectors the graph is asked to look at for ten: recall 1.00 on embeddings of photographs
FEW = 20_000  # keys that are compared one by one


class QdrantEngine:
    """Qdrant Edge: the engine of the Qdrant server, inside the process, on files mapped into memory.

    Parameters
    ----------
    site : EngineSite
        Of a collection in a file or on a server.

    Raises
    ------
    QueryError
        Something follows its name in settings, or the collection is in memory.
    StoreError
        Another process has it open.
    MissingExtraError
        Qdrant Edge is not installed.
    """

    name = "qdrant"
    capabilities = Capabilities(
        exact=False, persistent=True, deletes=True, within=True, scores=True, builds=True
    )

    def __init__(self, site: EngineSite) -> None:
        if site.argument:
            raise QueryError(
                "the engine 'qdrant' is in files beside the collection and takes nothing after its name; write "
                "engine='qdrant'"
            )
        if site.folder is None:
            raise QueryError(
                "the engine 'qdrant' keeps files beside a collection, and this one is in memory; open "
                "a file, or write engine='exact'"
            )
        self._edge = library()
        self._shards = Shards(site.folder)
        self._lock = RLock()  # what writes; the library itself takes many that read

    def revision(self, space: str) -> str | None:
        """The token that `apply` was given last; None where nothing is held."""
        return self._shards.reached(space)

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
        write = self._edge.UpdateOperation
        with self._lock:
            self._shards.begin(space)
            shard = self._shards.made(space, vectors.shape[1]) if deleted is None else self._shards[space]
            if deleted is not None and len(deleted):
                shard.update(write.delete_points(deleted.tolist()))
            for start in range(0, len(keys), AT_ONCE):
                some = slice(start, start + AT_ONCE)
                points = map(self._edge.Point, keys[some].tolist(), vectors[some].tolist())
                shard.update(write.upsert_points(list(points)))
            self._shards.end(space, revision)

    def build(self, space: str) -> None:
        """Make the graph of what came in since the last time."""
        with self._lock:
            if self._shards.reached(space) is not None:
                self._shards[space].optimize()

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
        return neighbors_by_key(self._asked(space, vectors, k, within), k)

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
        place = {key: position for position, key in enumerate(keys.tolist())}
        found = np.full((len(vectors), len(keys)), np.nan, np.float32)
        for query, (near, cosines) in enumerate(self._asked(space, vectors, len(keys), keys)):
            found[query, [place[key] for key in near]] = cosines
        return found

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._shards.close()

    def _asked(
        self, space: str, vectors: FloatArray, k: int, within: IntArray | None
    ) -> list[tuple[list[int], list[float]]]:
        """Keys and cosines of what is nearest to each query, the best first."""
        edge, chosen, is_exact = self._edge, None, False
        if within is not None:
            chosen = edge.Filter(must=[edge.HasIdCondition(set(within.tolist()))])
            is_exact = len(within) <= FEW
        if not k or (within is not None and not len(within)):
            return [([], []) for _ in vectors]
        params = edge.SearchParams(hnsw_ef=max(LOOKED_AT, 2 * k), exact=is_exact)
        asked = (
            edge.QueryRequest(limit=k, query=edge.Query.Nearest(vector), filter=chosen, params=params)
            for vector in vectors.tolist()
        )
        answers = [self._shards[space].query(one) for one in asked]
        return [([int(hit.id) for hit in hits], [hit.score for hit in hits]) for hits in answers]
