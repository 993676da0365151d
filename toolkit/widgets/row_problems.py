"""What is wrong with a row of a query before anything is searched for."""

from __future__ import annotations

from ..errors import ToolkitError
from ..plugins.parameters import REQUIRED, bind
from ..plugins.registry import Registry
from ..query import Term
from .rows import Row

__all__ = ["is_blank", "problem_of"]


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
