"""What a row of a query is before anything is searched for: what is wrong with it, and the color of its scores."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import ToolkitError
from ..plugins.parameters import REQUIRED, bind
from ..plugins.registry import Registry
from ..query import Query, Term
from .rows import Row

__all__ = ["colors", "is_blank", "problem_of"]


def is_blank(row: Row, registry: Registry) -> bool:
    """Whether a row lacks what its ranker cannot do without.

    Parameters
    ----------
    row : Row
        Of a query.
    registry : Registry
        Whose rankers.
    """
    if not isinstance(row.query, Term) or row.query.ranker not in registry.rankers:
        return False
    parameters = registry.rankers[row.query.ranker].parameters
    needed = bool(parameters) and parameters[0].default is REQUIRED
    return needed and row.query.subject in (None, "")


def problem_of(row: Row, registry: Registry) -> str:
    """What is wrong with a row, in a sentence; empty if nothing is, or it is not filled in yet.

    Parameters
    ----------
    row : Row
        Of a query.
    registry : Registry
        Whose rankers.
    """
    if not isinstance(row.query, Term) or is_blank(row, registry):
        return ""
    try:
        ranker = registry.ranker(row.query.ranker)
        bind(ranker.parameters, row.query.subject, dict(row.query.options), ranker=ranker.name)
    except ToolkitError as error:
        return str(error)
    return ""


def colors(query: Query | None, rows: Sequence[Row], registry: Registry) -> list[int]:
    """The place of each row among the terms that have a score, which is its color; -1 for one without.

    Parameters
    ----------
    query : Query or None
        Of the rows.
    rows : sequence of Row
        From top to bottom.
    registry : Registry
        Whose rankers.
    """
    ranked = {name for name, one in registry.rankers.items() if not one.is_filter}
    places: dict[Term, int] = {}
    for term in () if query is None else query.terms():
        if term.ranker in ranked:
            places.setdefault(term, len(places))
    return [next((places[term] for term in row.query.terms() if term in places), -1) for row in rows]
