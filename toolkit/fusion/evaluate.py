"""What a query scores, given what its terms score.

A term's raw values become scores by its scale, float64 in [0, 1], NaN where a row is not a hit. A *filter* is 1 or
NaN: a term whose ranker says so, a comparison, and whatever ``&``, ``|`` and ``~`` make of filters alone.

- ``~`` is pushed down to the terms, so De Morgan holds by construction: there it is 1 - x and NaN becomes 1;
  a filter holds where it did not. An absent rank judges the whole picture: the best of the rows of an input.
- ``a & b`` is the weighted geometric mean; NaN where any part is, unless it left the row unscored and another affirms
  for it (`toolkit.fusion.joined`). Filters restrict it and weigh nothing.
- ``a | b`` is its dual, 1 - the weighted geometric mean of 1 - x; a missing part counts 0, NaN where all are.
  A filter that holds gives 1; one that does not is as if it were not there.
- ``a + b`` is the weighted arithmetic mean; a missing part counts 0, NaN where all are. A filter counts
  1 or 0.
- ``a >= 0.8`` is a filter that holds where the score compares true, in float32; a missing score never does.
- ``fuse`` is a plugin's method, held to the convention in `toolkit.fusion.methods`.
- ``a >> b`` scores the best k of ``a`` by ``b``, as if there were only those k; all others are no hits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from ..query import AllOf, AnyOf, Fuse, Not, Query, Rerank, SumOf, Term, Threshold, Weighted, normal
from ..values.types import FloatArray, IntArray
from .joined import Mask, Part, Values, all_of, any_of, compared, negated, of_any, sum_of
from .methods import FusionMethod, combine, shares
from .scales import AS_PROBABILITY, ByRank, Scale

__all__ = ["Scored", "Scores", "evaluate", "restricted"]

Scores: TypeAlias = npt.NDArray[np.float64]
BestOfInput: TypeAlias = Callable[[Values], Values]

# Rows are folded a block at a time, so temporaries stay in the cache and float64 costs what float32 does on
# whole arrays. It is needed: a product of a few small float32 vanishes and their order with it.
BLOCK: Final = 1 << 15


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """What a term scores.

    Parameters
    ----------
    values : float32 (r,)
        Raw, NaN where a row is not a hit; 1 or NaN for a filter.
    is_filter : bool
        Whether it only says which rows may be hits.
    scale : Scale
        Makes scores in [0, 1] of the values; by default they are.
    unscored : bool (r,) or None
        Rows without a value at which its model looked; None where every such row is unknown to it.
    """

    values: FloatArray
    is_filter: bool = False
    scale: Scale = AS_PROBABILITY
    unscored: Mask | None = None


def evaluate(
    query: Query,
    score_of: Callable[[Term], Scored],
    *,
    best_of_input: BestOfInput | None = None,
    method_of: Callable[[Fuse], FusionMethod] | None = None,
    best_of: Callable[[Rerank], IntArray] | None = None,
) -> Scores:
    """The scores of a query: float64 (r,), in [0, 1], NaN where a row is not a hit.

    Parameters
    ----------
    query : Query
        What was asked.
    score_of : callable
        What a term scores; asked once for each of the query's different terms. Its arrays are not changed.
    best_of_input : callable or None
        From values (r,) to the best among the rows of each row's input (r,), where an input has several rows: what
        is absent judges all of them. None where a row is an input.
    method_of : callable, optional
        The method of a fusion; needed where the query has one.
    best_of : callable, optional
        The rows that are ranked again; needed where the query has a ``>>``.

    Examples
    --------
    >>> given = {Term("dog"): Scored(np.float32([0.9, 0.4])), Term("cat"): Scored(np.float32([np.nan, 0.6]))}
    >>> evaluate(Term("dog") & ~Term("cat"), given.__getitem__).round(2)
    array([0.95, 0.4 ])
    """
    query = normal(query)
    terms = {term: score_of(term) for term in query.terms()}
    folding = _Folding(terms, best_of_input, method_of, best_of)
    return np.asarray(folding.whole(query).values, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Folding:
    """The terms of a query, and how its parts are folded."""

    terms: Mapping[Term, Scored]
    best_of_input: BestOfInput | None
    method_of: Callable[[Fuse], FusionMethod] | None
    best_of: Callable[[Rerank], IntArray] | None

    def whole(self, query: Query) -> Part:
        """A part of a query, for all rows."""
        if isinstance(query, Fuse):
            return self._fused(query)
        if isinstance(query, Rerank):
            return self._reranked(query)
        leaves = {node: self._leaf(node) for node in self._looks_at_all_rows(query)}
        rows = len(next(iter(self.terms.values())).values)
        blocks = [
            _Block(self.terms, leaves, slice(start, start + BLOCK)).fold(query)
            for start in range(0, max(rows, 1), BLOCK)
        ]
        return blocks[0] if len(blocks) == 1 else _concatenated(blocks)

    def _looks_at_all_rows(self, query: Query) -> Iterator[Query]:
        """What cannot be folded a block at a time: fusions, what ranks again, what the whole picture lacks."""
        if isinstance(query, Fuse | Rerank) or (self.best_of_input is not None and self._is_absent(query)):
            yield query
        else:
            for child in query.children:
                yield from self._looks_at_all_rows(child)

    def _is_absent(self, query: Query) -> bool:
        if not isinstance(query, Not):
            return False
        return not (isinstance(query.part, Term) and self.terms[query.part].is_filter)

    def _leaf(self, query: Query) -> Part:
        if not isinstance(query, Not):
            return self.whole(query)
        assert self.best_of_input is not None
        present = self.whole(query.part)
        return negated(Part(self.best_of_input(present.values), present.is_filter))

    def _fused(self, query: Fuse) -> Part:
        assert self.method_of is not None, "a query with a fusion is evaluated with method_of"
        method = self.method_of(query)
        parts = [self.whole(part) for part in query.parts]
        ordered = [self._order(part) for part in query.parts] if method.by_rank else [None] * len(parts)
        values = combine(
            [part.values if raw is None else raw for part, raw in zip(parts, ordered, strict=True)],
            method,
            weights=[_weight(part) for part in query.parts],
            missing=query.missing,
        )
        if query.missing == "drop":  # what is missing anywhere is left out, and nothing brings it back
            return Part(values, affirms=~np.isnan(values))
        return of_any(values, parts)

    def _reranked(self, query: Rerank) -> Part:
        assert self.best_of is not None, "a query with >> is evaluated with best_of"
        rows = len(next(iter(self.terms.values())).values)
        among = np.zeros(rows, bool)
        among[self.best_of(query)] = True
        inside = {term: restricted(self.terms[term], among) for term in query.second.terms()}
        second = replace(self, terms=inside).whole(query.second).values
        values = np.where(among, second, np.nan)
        return Part(values, affirms=~np.isnan(values))

    def _order(self, part: Query) -> FloatArray | None:
        """The raw values of a single term: its order, even where its scores are too near 1 to differ."""
        alone = part.part if isinstance(part, Weighted) else part
        return self.terms[alone].values if isinstance(alone, Term) else None


def restricted(scored: Scored, among: Mask) -> Scored:
    """What a term scores as if there were only some of the rows.

    Parameters
    ----------
    scored : Scored
        Of all rows.
    among : bool (r,)
        Which rows there are.
    """
    values = np.where(among, scored.values, np.float32(np.nan))
    unscored = None if scored.unscored is None else scored.unscored & among
    scale = ByRank.of(values) if isinstance(scored.scale, ByRank) else scored.scale
    return replace(scored, values=values, scale=scale, unscored=unscored)


def _concatenated(blocks: list[Part]) -> Part:
    def joined(masks: list[Mask | None]) -> Mask | None:
        known = [mask for mask in masks if mask is not None]
        return np.concatenate(known) if known else None

    return Part(
        np.concatenate([block.values for block in blocks]),
        blocks[0].is_filter,
        joined([block.unscored for block in blocks]),
        joined([block.affirms for block in blocks]),
    )


def _weight(part: Query) -> float:
    return part.weight if isinstance(part, Weighted) else 1.0


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """A few rows of every term, and of what was folded before."""

    terms: Mapping[Term, Scored]
    leaves: Mapping[Query, Part]
    rows: slice

    def fold(self, query: Query) -> Part:
        if query in self.leaves:
            return self._cut(self.leaves[query])
        match query:
            case Weighted(part):
                return self.fold(part)
            case Not(part):
                return negated(self.fold(part))
            case Threshold(part):
                return compared(self.fold(part), query)
            case Term():
                return self._term(self.terms[query])
        join = all_of if isinstance(query, AllOf) else any_of if isinstance(query, AnyOf) else sum_of
        assert isinstance(query, AllOf | AnyOf | SumOf)
        weights = shares([_weight(part) for part in query.parts])
        return join([self.fold(part) for part in query.parts], weights)

    def _term(self, term: Scored) -> Part:
        values = term.values[self.rows]
        if term.is_filter:
            return Part(values, is_filter=True)
        unscored = None if term.unscored is None else term.unscored[self.rows]
        return Part(term.scale(values), unscored=unscored, affirms=~np.isnan(values))

    def _cut(self, leaf: Part) -> Part:
        def cut(mask: Mask | None) -> Mask | None:
            return None if mask is None else mask[self.rows]

        return Part(leaf.values[self.rows], leaf.is_filter, cut(leaf.unscored), cut(leaf.affirms))
