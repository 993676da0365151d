"""What a similarity index misses, measured on the collection it serves."""

from __future__ import annotations

import numpy as np

from ..errors import NotIndexedError, QueryError
from ..remedies import ADD_IMAGES
from ..resources import Resources
from ..similarity.cosines import recall
from .spaces import space_name

__all__ = ["check_index"]


def check_index(resources: Resources, *, k: int, sample: int, space: str | None) -> float:
    """Recall at k of the similarity index against exact neighbors, on a sample of the collection's own vectors.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    k : int
        How many neighbors, at least 1.
    sample : int
        How many vectors are looked up, at least 1; the same ones every time.
    space : str or None
        Whose; the collection's first by default.

    Raises
    ------
    QueryError
        For a k or a sample below 1.
    NotIndexedError
        Nothing is embedded in the space.
    """
    if k < 1 or sample < 1:
        raise QueryError(f"k={k!r}, sample={sample!r}: give 1 or more of each")
    snapshot = resources.snapshots.latest()
    embeddings = snapshot.spaces[space_name(space, snapshot, resources)]
    m = len(embeddings.vectors)
    if m == 0:
        raise NotIndexedError(f"space {embeddings.name!r} is empty: add images with ", ADD_IMAGES)
    chosen = np.random.default_rng(0).choice(m, size=min(sample, m), replace=False)
    queries = embeddings.vectors[np.sort(chosen)]
    with resources.indexes.over(embeddings) as index:
        return recall(index, embeddings.vectors, queries, min(k, m))
