"""What a query scores, given what its terms score.

Scores are float32 (r,), in [0, 1], NaN where a row is not a hit. A *filter* is 1 or NaN: a term whose ranker
is a filter, a comparison, and whatever ``&``, ``|`` and ``~`` make of filters alone.

- ``~`` is pushed down to the terms, so De Morgan holds by construction: there it is 1 - x and NaN becomes 1;
  a filter holds where it did not.
- ``a & b`` is the weighted geometric mean; NaN where any part is. Filters restrict it and weigh nothing.
- ``a | b`` is its dual, 1 - the weighted geometric mean of 1 - x; a missing part counts 0, NaN where all are.
  A filter that holds gives 1; one that does not is as if it were not there.
- ``a + b`` is the weighted arithmetic mean; a missing part counts 0, NaN where all are. A filter counts
  1 or 0.
- ``a >= 0.8`` is a filter that holds where the score compares true, in float32; a missing score never does.
- ``fuse`` is in `fusion_methods`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from ..query import AllOf, AnyOf, Comparison, Fuse, Not, Query, SumOf, Term, Threshold, Weighted
from ..values.types import FloatArray
from .methods import combine, shares

__all__ = ["Scored", "evaluate"]

Values: TypeAlias = npt.NDArray[np.floating]

# Rows are folded a block at a time, so temporaries stay in the cache and float64 costs what float32 does on
# whole arrays. It is needed: a product of a few small float32 vanishes and their order with it.
BLOCK: Final = 1 << 15
SAFE_PRODUCT: Final = 6  # so many float32, even the smallest, multiply without vanishing in float64

COMPARE: Final[Mapping[Comparison, Callable[[Values, np.float32], npt.NDArray[np.bool_]]]] = {
    ">=": np.greater_equal,
    ">": np.greater,
    "<=": np.less_equal,
    "<": np.less,
}


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """What a term scores.

    Parameters
    ----------
    values : float32 (r,)
        In [0, 1], NaN where a row is not a hit; 1 or NaN for a filter.
    is_filter : bool
        Whether it only says which rows may be hits.
    """

    values: FloatArray
    is_filter: bool = False


def evaluate(query: Query, score_of: Callable[[Term], Scored]) -> FloatArray:
    """The scores of a query: float32 (r,), in [0, 1], NaN where a row is not a hit.

    Parameters
    ----------
    query : Query
        What was asked.
    score_of : callable
        What a term scores; asked once for each of the query's different terms. Its arrays are not changed; a
        query that is a single term is answered with the term's own array.

    Examples
    --------
    >>> given = {Term("dog"): Scored(np.float32([0.9, 0.4])), Term("cat"): Scored(np.float32([np.nan, 0.6]))}
    >>> evaluate(Term("dog") & ~Term("cat"), given.__getitem__).round(2)
    array([0.95, 0.4 ], dtype=float32)
    """
    return _evaluate(query, {term: score_of(term) for term in query.terms()})


def _evaluate(query: Query, known: Mapping[Query, Scored]) -> FloatArray:
    # A fusion looks at all rows to score one, so it is a leaf to whatever goes on a block at a time.
    leaves = dict(known)
    leaves.update((node, Scored(_fused(node, known))) for node in _outermost_fusions(query))
    while isinstance(query, Weighted):
        query = query.part
    if query in leaves:
        return leaves[query].values
    scores = np.empty_like(next(iter(leaves.values())).values)
    for start in range(0, len(scores), BLOCK):
        block = slice(start, start + BLOCK)
        scores[block] = _Block(leaves, block).fold(query).values
    return scores


def _outermost_fusions(query: Query) -> Iterator[Fuse]:
    if isinstance(query, Fuse):
        yield query
    else:
        for child in query.children:
            yield from _outermost_fusions(child)


def _fused(query: Fuse, known: Mapping[Query, Scored]) -> FloatArray:
    return combine(
        [_evaluate(part, known) for part in query.parts],
        weights=[_weight(part) for part in query.parts],
        method=query.method,
        norm=query.norm,
        missing=query.missing,
        k=query.k,
    )


def _weight(part: Query) -> float:
    return part.weight if isinstance(part, Weighted) else 1.0


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The scores of a part of a query for a few rows, and whether it is a filter."""

    values: Values
    is_filter: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """A few rows of every leaf."""

    leaves: Mapping[Query, Scored]
    rows: slice

    def fold(self, query: Query, *, negated: bool = False) -> _Part:
        match query:
            case Not(part):
                return self.fold(part, negated=not negated)
            case Weighted(part):
                return self.fold(part, negated=negated)
            case AllOf() | AnyOf():
                join = _all if isinstance(query, AllOf) != negated else _any
                return join([self.fold(part, negated=negated) for part in query.parts], _weights(query))
            case SumOf(parts):
                scored = _sum([self.fold(part) for part in parts], _weights(query))
            case Threshold(part):
                scored = _compared(self.fold(part).values, query)
            case _:
                leaf = self.leaves[query]
                scored = _Part(leaf.values[self.rows], leaf.is_filter)
        return _contrary(scored) if negated else scored


def _weights(query: Query) -> list[float]:
    return shares([_weight(part) for part in query.children])


def _contrary(part: _Part) -> _Part:
    return _filter(np.isnan(part.values)) if part.is_filter else _Part(_complement(part.values))


def _complement(values: Values) -> Values:
    """1 - x, and 1 for NaN."""
    return np.subtract(1, np.fmax(values, 0), dtype=np.float64)


def _filter(holds: npt.NDArray[np.bool_]) -> _Part:
    return _Part(np.where(holds, np.float32(1), np.float32(np.nan)), is_filter=True)


def _compared(values: Values, query: Threshold) -> _Part:
    # At the precision scores have: a confidence stored as 0.9 is `>= 0.9` although float32(0.9) < 0.9.
    bound = np.float32(min(max(query.value, -1.0), 2.0))
    return _filter(COMPARE[query.operator](values.astype(np.float32), bound))


def _all(parts: Sequence[_Part], weights: Sequence[float]) -> _Part:
    ranked, ranked_weights, filters = _sorted_out(parts, weights)
    if not ranked:
        return _Part(reduce(np.multiply, filters), is_filter=True)
    return _Part(reduce(np.multiply, filters, _geometric_mean(ranked, ranked_weights)))


def _any(parts: Sequence[_Part], weights: Sequence[float]) -> _Part:
    ranked, ranked_weights, filters = _sorted_out(parts, weights)
    if not ranked:
        return _Part(reduce(np.fmax, filters), is_filter=True)
    mean = ranked[0]
    if len(ranked) > 1:
        mean = 1 - _geometric_mean([_complement(values) for values in ranked], ranked_weights)
        mean[np.isnan(reduce(np.fmax, ranked))] = np.nan
    return _Part(reduce(np.fmax, filters, mean))


def _sum(parts: Sequence[_Part], weights: Sequence[float]) -> _Part:
    terms = (
        weight * np.fmax(part.values, 0, dtype=np.float64)
        for weight, part in zip(weights, parts, strict=True)
    )
    mean = reduce(np.add, terms) / sum(weights)
    mean[np.isnan(reduce(np.fmax, [part.values for part in parts]))] = np.nan
    return _Part(mean)


def _sorted_out(
    parts: Sequence[_Part], weights: Sequence[float]
) -> tuple[list[Values], list[float], list[Values]]:
    """What ranks, its weights, and the filters."""
    ranked = [
        (part.values, weight) for part, weight in zip(parts, weights, strict=True) if not part.is_filter
    ]
    filters = [part.values for part in parts if part.is_filter]
    return [values for values, _ in ranked], [weight for _, weight in ranked], filters


def _geometric_mean(parts: Sequence[Values], weights: Sequence[float]) -> Values:
    if len(parts) == 1:
        return parts[0]
    with np.errstate(divide="ignore"):  # the logarithm of 0 is -inf, and its exponential 0 again
        if len(set(weights)) > 1 or len(parts) > SAFE_PRODUCT:
            logs = (
                weight * np.log(part, dtype=np.float64) for weight, part in zip(weights, parts, strict=True)
            )
            return np.exp(reduce(np.add, logs) / sum(weights))
        product = reduce(np.multiply, parts[1:], parts[0].astype(np.float64))
        return np.sqrt(product) if len(parts) == 2 else _root(product, len(parts))


def _root(values: Values, degree: int) -> Values:
    # NaN makes a logarithm take twice the time, so what is no hit is left out.
    hits = np.flatnonzero(~np.isnan(values))
    logarithms = np.log(values if len(hits) == len(values) else values[hits])
    logarithms /= degree
    # Half the time of numpy.power, a third of numpy.cbrt, and as exact once rounded to float32.
    roots = np.exp(logarithms, out=logarithms)
    if len(hits) == len(values):
        return roots
    spread = np.full_like(values, np.nan)
    spread[hits] = roots
    return spread
