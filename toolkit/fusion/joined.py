"""What ``&``, ``|``, ``+`` and ``~`` make of the scores of a few rows.

A rank gives a row a score, or none; a row that its model examined without giving it one is *unscored*. Inside ``&``
a part that may leave rows unscored counts MISSES + (1 - MISSES) x, with x = 0 for those, so that a row with any score
never falls below one without. An unscored row is a hit only if another rank of the ``&`` affirms it: by a score of its
own; a negation and a filter affirm nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from ..query import Comparison, Threshold

__all__ = [
    "MISSES",
    "Mask",
    "Part",
    "Values",
    "all_of",
    "any_of",
    "compared",
    "filter_of",
    "negated",
    "of_any",
    "sum_of",
]

Values: TypeAlias = npt.NDArray[np.floating]
Mask: TypeAlias = npt.NDArray[np.bool_]

# The share of what is there that models miss. `docs/scores.md` has the measurement.
MISSES: Final = 0.1
SAFE_PRODUCT: Final = 6  # so many scores, even the smallest, multiply without vanishing in float64

COMPARE: Final[Mapping[Comparison, Callable[[Values, np.float32], Mask]]] = {
    ">=": np.greater_equal,
    ">": np.greater,
    "<=": np.less_equal,
    "<": np.less,
}


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The scores of a part of a query for some rows.

    Parameters
    ----------
    values : float (r,)
        In [0, 1], NaN where a row is not a hit.
    is_filter : bool
        Whether it only says which rows may be hits.
    unscored : bool (r,) or None
        Rows that were examined and have no score; None if a row without a score was never examined.
    affirms : bool (r,) or None
        Rows that a rank in it scores; None for none.
    inside : float (r,) or None
        What it counts inside ``&``, unscored rows included, if that is not to be made of its values.
    """

    values: Values
    is_filter: bool = False
    unscored: Mask | None = None
    affirms: Mask | None = None
    inside: Values | None = None


def filter_of(holds: Mask) -> Part:
    """A filter: 1 where it holds, else NaN."""
    return Part(np.where(holds, np.float32(1), np.float32(np.nan)), is_filter=True)


def negated(part: Part) -> Part:
    """1 - x, and 1 where there is no score; a filter holds where it did not."""
    return filter_of(np.isnan(part.values)) if part.is_filter else Part(_complement(part.values))


def compared(part: Part, query: Threshold) -> Part:
    """A filter that holds where the score compares true, at the precision of float32.

    Parameters
    ----------
    part : Part
        The scores to compare.
    query : Threshold
        The operator and the number.
    """
    # A confidence stored as 0.9 is `>= 0.9` although float32(0.9) < 0.9.
    bound = np.float32(min(max(query.value, -1.0), 2.0))
    return filter_of(COMPARE[query.operator](part.values.astype(np.float32), bound))


def all_of(parts: Sequence[Part], weights: Sequence[float]) -> Part:
    """The weighted geometric mean; NaN where a part has no score and did not examine the row.

    Parameters
    ----------
    parts : sequence of Part
        The scores to combine, each of the same rows.
    weights : sequence of float
        One for each part, above 0.
    """
    ranked, ranked_weights, filters = _sorted_out(parts, weights)
    if not ranked:
        return Part(reduce(np.multiply, filters), is_filter=True)
    if len(ranked) == 1 or all(part.unscored is None for part in ranked):
        mean = _geometric_mean([part.values for part in ranked], ranked_weights)
        unscored = ranked[0].unscored if len(ranked) == 1 else None
        affirms = _either([part.affirms for part in ranked])
        return _restricted(Part(mean, unscored=unscored, affirms=affirms), filters)
    return _restricted(_forgiving_mean(ranked, ranked_weights), filters)


def _forgiving_mean(parts: Sequence[Part], weights: Sequence[float]) -> Part:
    mean = _geometric_mean([_floored(part) for part in parts], weights)
    affirms = _either([part.affirms for part in parts])
    missed = _either([part.unscored for part in parts])
    assert missed is not None
    if affirms is not None:
        missed = missed & ~affirms
    unscored = missed & ~np.isnan(mean)
    values = np.where(missed, np.nan, mean)
    always_scored = any(part.unscored is None and part.affirms is not None for part in parts)
    if always_scored:
        return Part(values, affirms=affirms)
    return Part(
        values, unscored=unscored, affirms=affirms, inside=mean
    )  # its parts counted their misses already


def _floored(part: Part) -> Values:
    if part.unscored is None:
        return part.values
    if part.inside is not None:
        return part.inside
    floored = np.multiply(part.values, 1 - MISSES, dtype=np.float64)
    floored += MISSES
    floored[part.unscored] = MISSES
    return floored


def _restricted(part: Part, filters: Sequence[Values]) -> Part:
    if not filters:
        return part
    holds = reduce(np.multiply, filters)
    unscored = None if part.unscored is None else part.unscored & ~np.isnan(holds)
    inside = None if part.inside is None else part.inside * holds
    return Part(part.values * holds, unscored=unscored, affirms=part.affirms, inside=inside)


def any_of(parts: Sequence[Part], weights: Sequence[float]) -> Part:
    """1 - the weighted geometric mean of 1 - x; a filter that holds gives 1, else it is as if not there.

    Parameters
    ----------
    parts : sequence of Part
        The scores to combine, each of the same rows.
    weights : sequence of float
        One for each part, above 0.
    """
    ranked, ranked_weights, filters = _sorted_out(parts, weights)
    if not ranked:
        return Part(reduce(np.fmax, filters), is_filter=True)
    mean = ranked[0].values
    if len(ranked) > 1:
        mean = 1 - _geometric_mean([_complement(part.values) for part in ranked], ranked_weights)
        mean[np.isnan(reduce(np.fmax, [part.values for part in ranked]))] = np.nan
    return of_any(reduce(np.fmax, filters, mean), parts)


def sum_of(parts: Sequence[Part], weights: Sequence[float]) -> Part:
    """The weighted arithmetic mean, where a part without a score counts 0; a filter counts 1 or 0.

    Parameters
    ----------
    parts : sequence of Part
        The scores to combine, each of the same rows.
    weights : sequence of float
        One for each part, above 0.
    """
    terms = (
        weight * np.fmax(part.values, 0, dtype=np.float64)
        for weight, part in zip(weights, parts, strict=True)
    )
    # A sum of weights may round to less than that of the terms.
    mean = np.minimum(reduce(np.add, terms) / sum(weights), 1)
    mean[np.isnan(reduce(np.fmax, [part.values for part in parts]))] = np.nan
    return of_any(mean, parts)


def of_any(values: Values, parts: Sequence[Part]) -> Part:
    """Scores to which any part may contribute, which are missing only where every part's are.

    Parameters
    ----------
    values : float (r,)
        Scores, NaN where there is none.
    parts : sequence of Part
        What they are made of.
    """
    unscored = _either([part.unscored for part in parts])
    if unscored is not None:
        unscored = unscored & np.isnan(values)
    return Part(values, unscored=unscored, affirms=_either([part.affirms for part in parts]))


def _either(masks: Sequence[Mask | None]) -> Mask | None:
    known = [mask for mask in masks if mask is not None]
    return reduce(np.logical_or, known) if known else None


def _complement(values: Values) -> Values:
    """1 - x, and 1 for NaN."""
    return np.subtract(1, np.fmax(values, 0), dtype=np.float64)


def _sorted_out(
    parts: Sequence[Part], weights: Sequence[float]
) -> tuple[list[Part], list[float], list[Values]]:
    """What ranks, its weights, and the filters."""
    ranked = [(part, weight) for part, weight in zip(parts, weights, strict=True) if not part.is_filter]
    filters = [part.values for part in parts if part.is_filter]
    return [part for part, _ in ranked], [weight for _, weight in ranked], filters


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
