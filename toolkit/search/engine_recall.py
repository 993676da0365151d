"""What an approximate engine misses, measured on the collection it serves, and said wherever it answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from ..plugins.interfaces import KeyedIndex
from ..resources import Resources
from ..similarity.cosines import cosines
from ..similarity.nearest import nearest
from ..snapshot import Snapshot, Space
from ..values.positions import positions
from ..values.types import FloatArray, IntArray

__all__ = ["approximate", "measured_recall"]

PROPERTY: Final = "recall:"  # and the engine, and the space
ROUNDING: Final = 1e-6


def measured_recall(
    resources: Resources, snapshot: Snapshot, space: Space, *, k: int = 10, sample: int = 200
) -> float:
    """The share of the k nearest that the engine finds, stored with the collection.

    Any row as near as the k-th is right. It is asked for what lies between two pictures drawn at random: for a vector
    that it holds it finds more.

    Parameters
    ----------
    resources : Resources
        Of the open collection, with an engine.
    snapshot : Snapshot
        What is stored.
    space : Space
        Of the vectors.
    k : int
        How many neighbors.
    sample : int
        How many times it is asked; the same every time.
    """
    engine = resources.engines.over(space.name)
    pairs = np.random.default_rng(0).integers(0, len(space.vectors), (2, sample))
    between = space.vectors[pairs[0]] + space.vectors[pairs[1]]
    between /= np.maximum(np.linalg.norm(between, axis=1, keepdims=True), ROUNDING)
    exact, _ = nearest(space.vectors, between, k)
    keys, _ = engine.nearest(space.name, between, exact.shape[1])
    right = sum(
        int(np.count_nonzero(cosines(_of(found, snapshot, space), query) >= least - ROUNDING))
        for found, query, least in zip(keys, between, exact[:, -1], strict=True)
    )
    recall = right / exact.size
    if not resources.store.readonly:
        with resources.store.write() as batch:
            batch.properties.set(_name(engine, space.name), {"recall": recall, "k": k})
    return recall


def _of(keys: IntArray, snapshot: Snapshot, space: Space) -> FloatArray:
    """The vectors of some regions."""
    rows = positions(snapshot.rows.key, keys)
    places = space.position(rows[rows >= 0])
    return space.vectors[places[places >= 0]]


def approximate(engine: KeyedIndex, spaces: Iterable[str], resources: Resources) -> str:
    """That an engine is approximate, with what it was measured to find.

    Parameters
    ----------
    engine : KeyedIndex
        Which.
    spaces : iterable of str
        That it was asked for.
    resources : Resources
        Of the open collection.
    """
    found = [resources.store.properties.get(_name(engine, space)) for space in spaces]
    known = [one for one in found if isinstance(one, dict)]
    if len(known) < len(found) or not known:
        return f"the engine {engine.name!r} is approximate; check_index measures by how much"
    lowest = min(known, key=lambda one: float(str(one["recall"])))
    return (
        f"the engine {engine.name!r} finds {lowest['recall']:.3f} of the {lowest['k']} nearest, as measured"
    )


def _name(engine: KeyedIndex, space: str) -> str:
    return f"{PROPERTY}{engine.name}:{space}"
