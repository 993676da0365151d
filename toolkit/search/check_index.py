"""What a similarity index misses, measured on the collection it serves."""

from __future__ import annotations

import numpy as np

from ..errors import NotIndexedError, QueryError
from ..remedies import ADD_IMAGES
from ..resources import Resources
from ..similarity.nearest import recall
from .engine_recall import measured_recall
from .spaces import space_name

__all__ = ["check_index"]


def check_index(resources: Resources, *, k: int, sample: int, space: str | None) -> float:
    """Recall at k of the similarity index against exact neighbors, asked with vectors that it does not hold.

    A sample of the collection's vectors is held out, and an index like the collection's is fitted to the others: a
    vector that is itself in an index finds itself, and those near it, more easily than a new picture does. Where the
    settings name an engine it is the engine that is measured, and hits that it finds say what it was measured to find.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    k : int
        How many neighbors, at least 1.
    sample : int
        How many vectors are held out and looked up, at least 1, at most half of all; the same ones every time.
    space : str or None
        Whose; the collection's first by default.

    Raises
    ------
    QueryError
        For a k or a sample below 1.
    NotIndexedError
        Nothing is embedded in the space, or one vector alone.
    """
    if k < 1 or sample < 1:
        raise QueryError(f"k={k!r}, sample={sample!r}: give 1 or more of each")
    snapshot = resources.snapshots.latest()
    embeddings = snapshot.spaces[space_name(space, snapshot, resources)]
    m = len(embeddings.vectors)
    if m < 2:
        found = "has one vector" if m else "is empty"
        raise NotIndexedError(f"space {embeddings.name!r} {found}: add images with ", ADD_IMAGES)
    if resources.engines.spec is not None:
        return measured_recall(resources, snapshot, embeddings, k=min(k, m), sample=sample)
    held_out = np.zeros(m, bool)
    held_out[np.random.default_rng(0).choice(m, size=min(sample, m // 2), replace=False)] = True
    others = embeddings.vectors[~held_out]
    index = resources.indexes.fitted_anew(others)
    return recall(index, others, embeddings.vectors[held_out], min(k, len(others)))
