"""What an engine finds near the pictures of a query, and how near anything that it did not find can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np

from ..plugins.interfaces import KeyedIndex
from ..query import Query, Term
from ..values.types import IntArray
from .cosine_terms import CosineTerm, by_space
from .polarity import signs_of

__all__ = ["Signed", "asked_of", "nearest_to"]

Signed: TypeAlias = tuple[Term, int]  # a term, and 1 where more of it gives more of the whole, else -1
SLACK: Final = 1e-5  # an exact engine's cosines are those of the toolkit to within so much


def asked_of(query: Query, compared: Mapping[Term, CosineTerm], engine: KeyedIndex) -> list[Signed]:
    """The pictures whose nearest rows are asked for; of a query with none that is wanted, the farthest rows.

    What lies in the direction away from a picture is farthest from it, but graphs of neighbors find it badly.

    Parameters
    ----------
    query : Query
        In its normal form.
    compared : mapping of Term to CosineTerm
        Its terms by similarity.
    engine : KeyedIndex
        What is asked.
    """
    pictures = [(term, sign) for term, sign in dict.fromkeys(signs_of(query)) if term in compared]
    wanted = [(term, sign) for term, sign in pictures if sign > 0]
    return wanted or (pictures if engine.capabilities.exact else [])


def nearest_to(
    engine: KeyedIndex,
    compared: Mapping[Term, CosineTerm],
    asked: Sequence[Signed],
    k: int,
    within: IntArray | None = None,
) -> tuple[IntArray, dict[Signed, float]]:
    """Keys of regions, ascending, and what the cosine of no other goes beyond; NaN where no other is held.

    Parameters
    ----------
    engine : KeyedIndex
        What is asked.
    compared : mapping of Term to CosineTerm
        The vectors.
    asked : sequence of (Term, int)
        Whose nearest are found, or whose farthest.
    k : int
        How many of each.
    within : int64 (p,), optional
        The keys that count.
    """
    keys: list[IntArray] = [np.empty(0, np.int64)]
    farthest: dict[Signed, float] = {}
    for space, some in by_space({term: compared[term] for term, _ in asked}):
        here = [(term, sign) for term, sign in asked if term in some]
        vectors = np.stack([sign * compared[term].vector for term, sign in here])
        found, cosines = engine.nearest(space.name, vectors, k, within)
        keys += [one[one >= 0] for one in found]
        for signed, given, of in zip(here, found, cosines, strict=True):
            is_everything = bool((given < 0).any())
            farthest[signed] = np.nan if is_everything else signed[1] * min(float(of.min()) + SLACK, 1.0)
    return np.unique(np.concatenate(keys)), farthest
