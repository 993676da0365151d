"""Which terms raise what a query scores, and which lower it: what bounds on the terms bound the whole takes knowing."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

from ..query import Not, Query, Term, Threshold
from ..query.rewriting import with_parts

__all__ = ["lowering", "parted", "signs_of"]

LOWERING: Final = (
    "lowering"  # the name of a term that stands where another lowers the whole; no ranker has it
)


def signs_of(query: Query, sign: int = 1) -> Iterator[tuple[Term, int]]:
    """Every place a term stands, and whether more of it gives more of the whole: 1, or -1 where it gives less.

    Parameters
    ----------
    query : Query
        Any.
    sign : int
        Of the query itself.
    """
    if isinstance(query, Term):
        yield query, sign
    for part in query.children:
        yield from signs_of(part, -sign if _turns(query) else sign)


def parted(query: Query, terms: Container[Term], sign: int = 1) -> Query:
    """The query with another term where one of some lowers the whole, so that each has a bound of its own.

    Parameters
    ----------
    query : Query
        Any.
    terms : container of Term
        Those that are told apart.
    sign : int
        Of the query itself.

    Examples
    --------
    >>> dog = Term("dog")
    >>> parted(dog & ~dog, {dog}) == dog & ~lowering(dog)
    True
    """
    if isinstance(query, Term):
        return lowering(query) if sign < 0 and query in terms else query
    inside = [parted(part, terms, -sign if _turns(query) else sign) for part in query.children]
    return with_parts(query, inside)


def lowering(term: Term) -> Term:
    """What stands for a term where it lowers the whole."""
    return Term(LOWERING, term.ranker, (("subject", term.subject), ("options", term.options)))


def _turns(query: Query) -> bool:
    return isinstance(query, Not) or (isinstance(query, Threshold) and query.operator in {"<", "<="})
