"""Which places can reach a score, seen from single terms: a bound on the whole is a bound on each part.

Of ``a & b`` with equal weights a score of 0.5 takes at least 0.25 from either, since neither gives more than 1.
Comparing a cosine with a number costs a hundredth of folding it, so this is done first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from ..fusion.joined import MISSES
from ..fusion.methods import shares
from ..fusion.scales import STEEPEST, AsProbability, Logistic
from ..query import AllOf, AnyOf, Query, SumOf, Term, Weighted
from ..values.types import FloatArray
from .lone_rank import is_filter
from .ranking import RankedTerm

__all__ = ["SCORE", "Mask", "Reach"]

Mask: TypeAlias = npt.NDArray[np.bool_]

# Rounding of the scores, which are folded in float64, and of the cosines, which are float32.
SCORE: Final = 1e-9
RAW: Final = 1e-6
LOGARITHM: Final = 1e-3  # of at most 60 widths, added up in float32
BLOCK: Final = 1 << 15  # places, whose temporaries stay in the cache
FAINTEST: Final = 1e-25  # below it every cosine scores the same


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Which of some places can reach a score.

    Parameters
    ----------
    ranked : mapping of Term to RankedTerm
        What the terms score there, or the most that they may.
    """

    ranked: Mapping[Term, RankedTerm]

    def mask(self, query: Query, least: float) -> Mask | None:
        """Bool (p,): the places that may score `least` or more; None if nothing is known against any.

        Parameters
        ----------
        query : Query
            In its normal form.
        least : float
            In [0, 1].
        """
        least *= 1 - SCORE
        if least <= FAINTEST:
            return None
        masks: Sequence[Mask | None] = []
        match query:
            case Term():
                masks = [self._term(query, least)]
            case Weighted(part):
                masks = [self.mask(part, least)]
            case AllOf(parts):
                masks = [
                    self._together(parts, least),
                    *(self._inside(*one, least) for one in self._shares(parts)),
                ]
            case AnyOf(parts):  # neither it nor a mean is more than its greatest part
                masks = [_either([self.mask(part, least) for part in parts])]
            case SumOf(parts):
                alone = [self.mask(part, 1 - (1 - least) / share) for part, share in _portions(parts)]
                masks = [_either([self.mask(part, least) for part in parts]), *alone]
        return _both(masks)

    def _together(self, parts: Sequence[Query], least: float) -> Mask | None:
        """What the cosines of ``&`` allow together: the logarithm of a sigmoid of x is below x, and below 0."""
        found = [(self._cosine(part), share) for part, share in self._shares(parts)]
        cosines = [(term, share) for term, share in found if term is not None]
        if len(cosines) < 2:
            return None
        places = len(self.ranked[cosines[0][0]].raw)
        mask = np.empty(places, bool)
        for block in (slice(start, start + BLOCK) for start in range(0, places, BLOCK)):
            logarithm = reduce(np.add, (self._at_most(term, share, block) for term, share in cosines))
            np.greater_equal(logarithm, np.float32(math.log(least) - LOGARITHM), out=mask[block])
        return mask

    def _at_most(self, term: Term, share: float, block: slice) -> FloatArray:
        scale = self.ranked[term].scored.scale
        assert isinstance(scale, Logistic)
        odds = self.ranked[term].raw[block] - np.float32(scale.midpoint)
        odds *= np.float32(share / scale.width)
        return np.clip(odds, np.float32(-STEEPEST * share), np.float32(0), out=odds)

    def _cosine(self, part: Query) -> Term | None:
        alone = part.part if isinstance(part, Weighted) else part
        is_cosine = isinstance(alone, Term) and isinstance(self.ranked[alone].scored.scale, Logistic)
        return alone if isinstance(alone, Term) and is_cosine else None

    def _term(self, term: Term, least: float) -> Mask | None:
        one = self.ranked[term]
        if one.is_filter:
            return ~np.isnan(one.raw)
        lowest = _lowest_raw(one, least)
        return None if lowest is None else self.ranked[term].raw >= np.float32(lowest - RAW)

    def _shares(self, parts: Sequence[Query]) -> list[tuple[Query, float]]:
        """The parts of ``&``, each with its share of the mean; those that only filter weigh nothing."""
        ranks = [part for part in parts if not self._is_filter(part)]
        portions = dict(_portions(ranks)) if ranks else {}
        return [(part, portions.get(part, 0.0)) for part in parts]

    def _inside(self, part: Query, share: float, least: float) -> Mask | None:
        if share == 0:  # a filter
            return self.mask(part, 1.0)
        needed = math.exp(math.log(least) / share)
        alone = part.part if isinstance(part, Weighted) else part
        if not isinstance(alone, Term):
            return None if self._leaves_unscored(alone) else self.mask(alone, needed)
        if self.ranked[alone].scored.unscored is None:
            return self.mask(alone, needed)
        # Inside `&` a rank that examined every row counts MISSES where it scored nothing.
        return None if needed <= MISSES else self.mask(alone, (needed - MISSES) / (1 - MISSES))

    def _leaves_unscored(self, query: Query) -> bool:
        return any(self.ranked[term].scored.unscored is not None for term in query.terms())

    def _is_filter(self, query: Query) -> bool:
        return is_filter(query, lambda term: self.ranked[term].is_filter)


def _portions(parts: Sequence[Query]) -> list[tuple[Query, float]]:
    weights = shares([part.weight if isinstance(part, Weighted) else 1.0 for part in parts])
    return [(part, weight / sum(weights)) for part, weight in zip(parts, weights, strict=True)]


def _lowest_raw(one: RankedTerm, least: float) -> float | None:
    """The lowest value that scores `least`; None if the scale does not tell."""
    match one.scored.scale:
        case AsProbability():
            return least
        case Logistic() as scale:
            return scale.inverse(least)
    return None


def _both(masks: Sequence[Mask | None]) -> Mask | None:
    return _joined(np.logical_and, [mask for mask in masks if mask is not None])


def _either(masks: Sequence[Mask | None]) -> Mask | None:
    known = [mask for mask in masks if mask is not None]
    return _joined(np.logical_or, known) if len(known) == len(masks) else None


def _joined(join: Callable[[Mask, Mask], Mask], masks: Sequence[Mask]) -> Mask | None:
    return reduce(join, masks) if masks else None
