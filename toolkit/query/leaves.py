"""The places where terms stand in a query."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .nodes import Not, Query, Weighted
from .term import Term

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
    rest = [(query, weight, negated)]
    while rest:
        node, weight, negated = rest.pop()
        match node:
            case Term():
                yield Leaf(node, weight, negated)
            case Weighted(part, inner):
                rest.append((part, inner, negated))
            case Not(part):
                rest.append((part, weight, not negated))
            case _:
                rest += [(part, 1.0, negated) for part in reversed(node.children)]
