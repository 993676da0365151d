"""Which places can be hits, and how many are: places without the same scores are hits or not together.

Whether a place is a hit depends only on which of the terms score it, wherever no score is compared with a number. So
the places are sorted by that, and the query is folded once for each kind of place instead of once for each place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from ..fusion.evaluate import Scored, evaluate
from ..query import AllOf, AnyOf, Not, Query, SumOf, Term, Threshold, Weighted, rewrite

__all__ = ["Comparisons", "HitPatterns", "hit_patterns", "is_rowwise"]

MOST: Final = 8  # terms that leave out places; of more the kinds of place are too many to be worth it
ANY_SCORE: Final = 0.5

Mask = npt.NDArray[np.bool_]
Comparisons: TypeAlias = dict[Query, tuple[Term, Scored]]


def is_rowwise(query: Query) -> bool:
    """Whether the score of a place depends on nothing but its own: not so where ranks or norms are fused."""
    known = isinstance(query, Term | Not | Weighted | Threshold | AllOf | AnyOf | SumOf)
    return known and all(map(is_rowwise, query.children))


@dataclass(frozen=True, slots=True, eq=False)
class HitPatterns:
    """Which places are hits.

    Parameters
    ----------
    code : uint8 (p,) or None
        The kind of each place; None where all are of kind 0.
    hits : bool (kinds,)
        Which kinds are hits.
    places : int
        p.
    """

    code: npt.NDArray[np.uint8] | None
    hits: Mask
    places: int

    @property
    def total(self) -> int:
        """How many places are hits."""
        if self.code is None:
            return self.places if self.hits[0] else 0
        if self.hits.all():
            return self.places
        if len(self.hits) == 2:
            ones = int(np.count_nonzero(self.code))
            return ones if self.hits[1] else (self.places - ones if self.hits[0] else 0)
        return int(np.bincount(self.code, minlength=len(self.hits))[self.hits].sum())

    def mask(self) -> Mask | None:
        """Bool (p,): which places are hits; None where all are."""
        if self.hits.all():
            return None
        if self.code is None or not self.hits.any():
            return np.zeros(self.places, bool)
        if len(self.hits) == 2:  # as mostly; a comparison takes a fifth of looking each kind up
            mask: Mask = self.code == np.uint8(self.hits[1])
            return mask
        return self.hits[self.code]


def hit_patterns(
    query: Query,
    known: Mapping[Term, Scored],
    unknown: frozenset[Term],
    places: int,
    *,
    uncertain: frozenset[Term] = frozenset(),
    comparisons: Comparisons | None = None,
) -> HitPatterns | None:
    """Which places can be hits where some terms are not scored yet; None where it cannot be told so.

    Parameters
    ----------
    query : Query
        Whose scores depend on the row alone, in its normal form.
    known : mapping of Term to Scored
        What its terms score, (p,) each.
    unknown : frozenset of Term
        Those that may score any place.
    places : int
        p.
    uncertain : frozenset of Term
        Those of which it is only known which places they score.
    comparisons : dict, optional
        Takes what was made of each comparison of known terms, and gives it where it is asked for again.
    """
    if isinstance(query, Term) and query in unknown:
        return HitPatterns(None, np.ones(1, bool), places)
    comparisons = {} if comparisons is None else comparisons
    flat = _with_comparisons_as_filters(query, known, unknown | uncertain, comparisons)
    if flat is None:
        return None
    scored = {**known, **dict(comparisons.values())}
    gaps = dict(_lacking(flat, scored, unknown))
    if any(_examined_some(scored[term], missing) for term, missing in gaps.items()):
        return None
    lacking = {term: missing for term, missing in gaps.items() if missing.any()}
    if len(lacking) > MOST:
        return None
    kinds = np.arange(1 << len(lacking), dtype=np.uint8)
    bits = {term: (kinds >> bit & 1).astype(bool) for bit, term in enumerate(lacking)}
    samples = {term: _sample(scored.get(term), bits.get(term), len(kinds)) for term in flat.terms()}
    hits = ~np.isnan(evaluate(flat, samples.__getitem__))
    code = None
    if lacking:
        code = reduce(
            np.bitwise_or,
            (missing.view(np.uint8) << np.uint8(bit) for bit, missing in enumerate(lacking.values())),
        )
    return HitPatterns(code, hits, places)


def _with_comparisons_as_filters(
    query: Query, known: Mapping[Term, Scored], unknown: frozenset[Term], comparisons: Comparisons
) -> Query | None:
    """The query with a filter in the place of each comparison; None if one compares what is not scored yet."""
    untold = False

    def flat(part: Query) -> Query:
        nonlocal untold
        if not isinstance(part, Threshold):
            return part
        if unknown & set(part.terms()):
            untold = True
            return part
        if part not in comparisons:
            known_or_made: Callable[[Term], Scored] = {**known, **dict(comparisons.values())}.__getitem__
            holds = Scored(evaluate(part, known_or_made).astype(np.float32), is_filter=True)
            comparisons[part] = Term("comparison", ("made", len(comparisons))), holds
        return comparisons[part][0]

    made = rewrite(query, flat)
    return None if untold else made


def _lacking(
    query: Query, scored: Mapping[Term, Scored], unknown: frozenset[Term]
) -> Iterator[tuple[Term, Mask]]:
    for term in dict.fromkeys(query.terms()):
        if term not in unknown:
            yield term, np.isnan(scored[term].values)


def _sample(scored: Scored | None, missing: Mask | None, kinds: int) -> Scored:
    """What a term scores in one place of each kind."""
    is_filter = scored is not None and scored.is_filter
    values = np.full(kinds, 1 if is_filter else ANY_SCORE, np.float32)
    if scored is None or missing is None:
        return Scored(values, is_filter, unscored=np.zeros(kinds, bool) if _examined(scored) else None)
    values[missing] = np.nan
    return Scored(values, is_filter, unscored=missing if _examined(scored) else None)


def _examined_some(scored: Scored, missing: Mask) -> bool:
    """Whether its ranker examined some places and not others: a place it left out is then of either kind."""
    return scored.unscored is not None and not np.array_equal(scored.unscored, missing)


def _examined(scored: Scored | None) -> bool:
    return scored is not None and scored.unscored is not None
