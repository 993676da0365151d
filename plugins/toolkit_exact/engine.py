"""Vectors in memory by region key."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toolkit.plugins import (
    Capabilities,
    EngineSite,
    FloatArray,
    IntArray,
    QueryError,
    best_by_key,
    cosines_at,
    positions,
)

__all__ = ["ExactEngine"]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """The vectors of a space.

    Parameters
    ----------
    keys : int64 (m,)
        Ascending.
    vectors : float32 (m, d)
        Unit vectors.
    revision : str
        As it was given.
    """

    keys: IntArray
    vectors: FloatArray
    revision: str


class ExactEngine:
    """Compares with every vector, or with those of given keys.

    Parameters
    ----------
    site : EngineSite
        Nothing is kept there: what it holds is gone with the process.

    Raises
    ------
    QueryError
        Something follows its name in settings.
    """

    name = "exact"
    capabilities = Capabilities(exact=True, deletes=True, within=True, scores=True)

    def __init__(self, site: EngineSite) -> None:
        if site.argument:
            raise QueryError(f"the engine 'exact' takes nothing after its name; write engine={self.name!r}")
        self._held: dict[str, Held] = {}

    def revision(self, space: str) -> str | None:
        """The token that `apply` was given last; None where nothing is held."""
        held = self._held.get(space)
        return held.revision if held else None

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
        held = self._held.get(space)
        if held is not None and deleted is not None:
            stays = ~np.isin(held.keys, np.concatenate([deleted, keys]))
            keys = np.concatenate([held.keys[stays], keys])
            vectors = np.concatenate([held.vectors[stays], vectors])
        order = np.argsort(keys, kind="stable")
        self._held[space] = Held(keys[order], vectors[order], revision)

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
        keys = self._held[space].keys if within is None else np.unique(within)
        return best_by_key(keys, self.scores(space, vectors, keys), k)

    def scores(self, space: str, vectors: FloatArray, keys: IntArray) -> FloatArray:
        """Cosines float32 (b, p) of queries with what has these keys; NaN where a key is not held.

        Parameters
        ----------
        space : str
            Of the vectors.
        vectors : float32 (b, d)
            Unit vectors.
        keys : int64 (p,)
            In any order.
        """
        held = self._held[space]
        places = positions(held.keys, keys)
        there = places >= 0
        found = np.full((len(vectors), len(keys)), np.nan, np.float32)
        found[:, there] = cosines_at(held.vectors, places[there], vectors)
        return found
