"""A query as what ranks and what is chosen of facets, and both as a query again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..query import AllOf, AnyOf, Not, Query, Threshold
from .filters import SCORE, Range, Value, filter_of, range_filter, range_of, value_of

__all__ = ["Chosen", "joined", "split"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is chosen of one facet.

    Parameters
    ----------
    only : tuple of str, bool or number
        Inputs have any of these values.
    without : tuple of str, bool or number
        Inputs have none of these.
    limits : (float or None, float or None) or None
        Of a facet of numbers: between which they lie, both included.
    """

    only: tuple[Value, ...] = ()
    without: tuple[Value, ...] = ()
    limits: Range | None = None

    def __bool__(self) -> bool:
        return bool(self.only or self.without or self.limits)

    def with_value(self, value: Value, *, excluded: bool = False) -> Chosen:
        """The same with a value added to those that inputs have, or have not; one that is chosen so is taken back.

        Parameters
        ----------
        value : str, bool or number
            A value of the facet.
        excluded : bool
            Whether inputs must not have it.
        """
        was = value in (self.without if excluded else self.only)
        only = tuple(one for one in self.only if one != value)
        without = tuple(one for one in self.without if one != value)
        if was:
            return replace(self, only=only, without=without)
        if excluded:
            return replace(self, only=only, without=(*without, value))
        return replace(self, only=(*only, value), without=without)


def split(query: Query | None) -> tuple[Query | None, dict[str, Chosen]]:
    """What ranks, and what is chosen by facet; `joined` puts them together again.

    A filter that no facet writes stays with what ranks.

    Examples
    --------
    >>> from toolkit.query import Term
    >>> base, chosen = split(Term("concept", "dog") & ~Term("where", None, {"dataset": "old"}))
    >>> base, chosen["dataset"].without
    (concept('dog'), ('old',))
    """
    parts = list(query.parts) if isinstance(query, AllOf) else [] if query is None else [query]
    chosen: dict[str, Chosen] = {}
    rest = [part for part in parts if not _taken(part, chosen)]
    base = _all(rest)
    if base is None or not any(isinstance(part, Threshold) for part in rest):
        return base, chosen
    ranks = _all([part for part in rest if not isinstance(part, Threshold)])
    return _without_limits_of_scores(rest, ranks, chosen)


def joined(base: Query | None, chosen: Mapping[str, Chosen]) -> Query | None:
    """The query of what ranks and what is chosen; None of neither.

    Parameters
    ----------
    base : Query or None
        What ranks.
    chosen : mapping of str to Chosen
        By facet.
    """
    parts = [] if base is None else [base]
    for facet, one in chosen.items():
        parts += filters(facet, one, base)
    return _all(parts)


def filters(facet: str, chosen: Chosen, base: Query | None) -> list[Query]:
    """The filters of what is chosen of one facet.

    Parameters
    ----------
    facet : str
        Its name.
    chosen : Chosen
        What is chosen.
    base : Query or None
        Whose scores the facet ``score`` is about.
    """
    found: list[Query] = [~filter_of(facet, value) for value in chosen.without]
    if chosen.only:
        each = [filter_of(facet, value) for value in chosen.only]
        found.insert(0, each[0] if len(each) == 1 else AnyOf(tuple(each)))
    if chosen.limits is None or chosen.limits == (None, None):
        return found
    if facet != SCORE:
        return [*found, range_filter(facet, chosen.limits)]
    low, high = chosen.limits
    if base is not None:
        found += [] if low is None else [base >= low]
        found += [] if high is None else [base <= high]
    return found


def _taken(part: Query, chosen: dict[str, Chosen]) -> bool:
    """Whether a part is what a facet writes; then it is among what is chosen."""
    if (numbers := range_of(part)) is not None and numbers[0] not in chosen:
        chosen[numbers[0]] = Chosen(limits=numbers[1])
        return True
    negated = isinstance(part, Not)
    inner = part.part if isinstance(part, Not) else part
    found = [value_of(one) for one in (inner.parts if isinstance(inner, AnyOf) and not negated else (inner,))]
    names = {one[0] if one else None for one in found}
    if None in names or len(names) != 1:
        return False
    (facet,) = names
    values = tuple(one[1] for one in found if one)
    before = chosen.get(str(facet), Chosen())
    if before.only and not negated:  # both must hold: the second is no choice of the facet
        return False
    chosen[str(facet)] = (
        replace(before, without=(*before.without, *values)) if negated else replace(before, only=values)
    )
    return True


def _without_limits_of_scores(
    rest: list[Query], ranks: Query | None, chosen: dict[str, Chosen]
) -> tuple[Query | None, dict[str, Chosen]]:
    low: float | None = None
    high: float | None = None
    others: list[Query] = []
    for part in rest:
        if isinstance(part, Threshold) and part.part == ranks and part.operator == ">=" and low is None:
            low = part.value
        elif isinstance(part, Threshold) and part.part == ranks and part.operator == "<=" and high is None:
            high = part.value
        else:
            others.append(part)
    if (low, high) == (None, None) or _all(others) != ranks:
        return _all(rest), chosen  # they limit the scores of something else
    return ranks, {**chosen, SCORE: Chosen(limits=(low, high))}


def _all(parts: list[Query]) -> Query | None:
    return None if not parts else parts[0] if len(parts) == 1 else AllOf(tuple(parts))
