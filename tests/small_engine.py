"""An engine of NumPy for tests, which holds every vector by region key and counts what it is asked."""

from __future__ import annotations

import numpy as np

from toolkit.plugins.interfaces import Capabilities


class SmallEngine:
    """Follows the protocol of `KeyedIndex` exactly, in memory."""

    name = "small"
    capabilities = Capabilities(exact=True, deletes=True, within=True, scores=True)

    def __init__(self, site=None) -> None:
        self._held: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self._tokens: dict[str, str] = {}
        self.asked: list[tuple[int, bool]] = []

    def revision(self, space):
        return self._tokens.get(space)

    def apply(self, space, keys, vectors, deleted, revision):
        if deleted is not None and space in self._held:
            held, before = self._held[space]
            stays = ~np.isin(held, [*deleted, *keys])
            keys, vectors = np.concatenate([held[stays], keys]), np.concatenate([before[stays], vectors])
        order = np.argsort(keys)
        self._held[space] = np.asarray(keys)[order], np.asarray(vectors)[order]
        self._tokens[space] = revision

    def nearest(self, space, vectors, k, within=None):
        self.asked.append((k, within is not None))
        keys, held = self._held[space]
        if within is not None:
            among = np.isin(keys, within)
            keys, held = keys[among], held[among]
        cosines = np.asarray(vectors) @ held.T  # another order of adding than the search's own
        order = np.argsort(-cosines, axis=1)[:, :k]
        found = np.full((len(vectors), k), -1, np.int64)
        values = np.full((len(vectors), k), np.nan, np.float32)
        found[:, : order.shape[1]] = keys[order]
        values[:, : order.shape[1]] = np.take_along_axis(cosines, order, axis=1)
        return found, values

    def scores(self, space, vectors, keys):
        held, by_key = self._held[space]
        at = np.minimum(np.searchsorted(held, keys), len(held) - 1)
        there = held[at] == keys
        found = np.asarray(vectors) @ by_key[at].T
        return np.where(there, found, np.nan).astype(np.float32)
