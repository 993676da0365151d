"""Several pictures that are wanted together, bounded by one vector: the mean of theirs.

The score of ``a & b`` is the geometric mean of two sigmoids, and the logarithm of a sigmoid is concave. So, by
Jensen, it is at most the sigmoid of the mean of what the two were taken of: of a cosine to the mean of the two vectors.
One pass over the collection then bounds any number of pictures, and few rows come near the bound that are no hits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ..fusion.methods import shares
from ..fusion.scales import STEEPEST, Logistic
from ..query import AllOf, Query, Term, Weighted
from .cosine_terms import CosineTerm

__all__ = ["MeanQuery", "mean_query"]

MEAN: Final = Term("mean")  # stands for the pictures; no ranker is asked for it
EVEN: Final = 1e-6  # the least weight beside the largest, far from where weights are cut
CANCELED: Final = 1e-3  # the length of a mean, beside those of the vectors, from which rounding does no harm


@dataclass(frozen=True, slots=True, eq=False)
class MeanQuery:
    """A query that scores no place less than another does, and compares with fewer vectors.

    Parameters
    ----------
    query : Query
        In its normal form.
    compared : mapping of Term to CosineTerm
        The terms in it that are compared.
    """

    query: Query
    compared: Mapping[Term, CosineTerm]


def mean_query(query: Query, compared: Mapping[Term, CosineTerm]) -> MeanQuery | None:
    """The query with one mean in the place of the pictures that are wanted together; None where there are not several.

    Parameters
    ----------
    query : Query
        In its normal form; what a row scores depends on that row alone.
    compared : mapping of Term to CosineTerm
        Its terms by similarity.
    """
    group, _ = _weighed(query)
    if not isinstance(group, AllOf):
        return None
    stands = Counter(leaf.term for leaf in query.leaves())
    parts = map(_weighed, group.parts)
    weights = {part: weight for part, weight in parts if isinstance(part, Term) and stands[part] == 1}
    some = [term for term in weights if term in compared and _is_bounded(compared[term])]
    some = [term for term in some if compared[term].space is compared[some[0]].space]
    one = (
        _mean([compared[term] for term in some], [weights[term] for term in some]) if len(some) > 1 else None
    )
    if one is None:
        return None
    total = sum(weights[term] for term in some)
    others = [part for part in group.parts if _weighed(part)[0] not in some]
    left = {term: cosine for term, cosine in compared.items() if term not in some}
    whole = Weighted(MEAN, total)
    return MeanQuery(AllOf((whole, *others)) if others else whole, {MEAN: one, **left})


def _weighed(part: Query) -> tuple[Query, float]:
    return (part.part, part.weight) if isinstance(part, Weighted) else (part, 1.0)


def _is_bounded(term: CosineTerm) -> bool:
    """Whether its score is a sigmoid wherever a cosine may lie: farther out it is cut, and no longer concave."""
    scale = term.scale
    return isinstance(scale, Logistic) and (1 + scale.midpoint) <= STEEPEST * scale.width


def _mean(terms: Sequence[CosineTerm], weights: Sequence[float]) -> CosineTerm | None:
    """The term whose score is at most the weighted geometric mean of some; None where their vectors cancel."""
    if min(shares(weights)) < EVEN:
        return None
    vector = np.zeros(len(terms[0].vector), np.float64)
    offset = length = 0.0
    for term, weight in zip(terms, weights, strict=True):
        scale = term.scale
        assert isinstance(scale, Logistic)
        steep = weight / sum(weights) / scale.width
        vector += steep * term.vector
        offset += steep * scale.midpoint
        length += steep
    norm = float(np.linalg.norm(vector))
    if norm < CANCELED * length:
        return None
    # Two orders of adding d products of unit vectors differ by no more, in each of the cosines.
    slack = 2 * len(vector) * float(np.finfo(np.float32).eps) * length
    scale = Logistic((offset - slack) / norm, 1 / norm, usual=0.0, around=1.0)
    return replace(terms[0], vector=(vector / norm).astype(np.float32), scale=scale, concepts=(), notes=())
