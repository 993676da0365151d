"""The `outlier` term."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from toolkit.plugins import (
    Arguments,
    Context,
    FloatArray,
    IntArray,
    Parameter,
    QueryError,
    Snapshot,
    nearest,
)

from .labels import labeled_rows

__all__ = ["Outlier"]

SAMPLE = (
    5000  # rows that stand for all, evenly spread, so that time grows with the number of rows and no faster
)
BLOCK = 256


class Outlier:
    """Finds the pictures that are unlike the others: those whose k-th neighbor is farthest away.

    With a concept only rows that people labeled with it are ranked, among themselves.

    References
    ----------
    S. Ramaswamy, R. Rastogi, K. Shim, Efficient Algorithms for Mining Outliers from Large Data Sets, SIGMOD 2000.
    """

    name = "outlier"
    is_filter = False
    needs_all_rows = True
    scale = "raw"
    help = "Pictures that are unlike the others, or unlike the others of a concept."
    parameters: Sequence[Parameter] = (
        Parameter("neighbors", "integer", "Which neighbor's distance counts.", 10, minimum=1, maximum=1000),
        Parameter("among", "concept", "Only rows that people labeled with this; all by default.", None),
        Parameter("space", "space", "The embedder to compare by; the first by default.", None),
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """The distance float32 (r,) to the k-th neighbor; NaN where a row has no embedding, or is not asked for.

        Raises
        ------
        QueryError
            Fewer than two rows are asked for.
        """
        space = snapshot.spaces[context.space(cast("str | None", term["space"]))]
        positions = np.arange(len(space.vectors))
        if term["among"] is not None:
            labeled = labeled_rows(cast("str", term["among"]), snapshot, context)
            found = space.position(np.flatnonzero(labeled))
            positions = np.sort(found[found >= 0])
        if len(positions) < 2:
            raise QueryError(f"an outlier is one among others: {len(positions)} rows have embeddings here")
        scores = np.full(len(snapshot.rows), np.nan, np.float32)
        neighbors = min(cast("int", term["neighbors"]), len(positions) - 1)
        scores[space.rows[positions]] = _distances(space.vectors, positions, neighbors)
        return scores


def _distances(vectors: FloatArray, positions: IntArray, neighbors: int) -> FloatArray:
    """The distance float32 (k,) of each of some vectors to its n-th neighbor among them, or among a sample of them."""
    spread = np.linspace(0, len(positions) - 1, min(SAMPLE, len(positions))).round().astype(np.intp)
    sample = vectors[positions[spread]]
    far = np.empty(len(positions), np.float32)
    for start in range(0, len(positions), BLOCK):
        block = positions[start : start + BLOCK]
        # One more: a row of the sample is its own nearest.
        cosines, _ = nearest(sample, vectors[block], min(neighbors + 1, len(sample)))
        own = np.isin(np.arange(start, start + len(block)), spread)
        last = np.where(own, cosines[:, -1], cosines[:, -2])
        far[start : start + BLOCK] = np.sqrt(np.maximum(2 - 2 * last, 0))
    return far
