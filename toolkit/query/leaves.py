"""The places where terms stand in a query."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .nodes import Not, Query, Term, Weighted

__all__ = ["Leaf", "leaves"]


class Leaf(NamedTuple):
    """One term where it stands in a query."""

    term: Term
    weight: float
    negated: bool


def leaves(query: Query, weight: float = 1.0, *, negated: bool = False) -> Iterator[Leaf]:
    """Every place a term stands, in order.

    Parameters
    ----------
    query : Query
        What to look into.
    weight : float
        Its own, in the group that it stands in.
    negated : bool
        Whether it stands under an odd number of negations.
    """
    match query:
        case Term():
            yield Leaf(query, weight, negated)
        case Weighted(part, inner):
            yield from leaves(part, inner, negated=negated)
        case Not(part):
            yield from leaves(part, weight, negated=not negated)
        case _:
            for part in query.children:
                yield from leaves(part, 1.0, negated=negated)
