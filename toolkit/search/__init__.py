"""From a query to hits: plan, score every term once, fold, order, and say why."""

from .context import TermContext
from .query_of import as_query
from .search import check_index, search

__all__ = ["TermContext", "as_query", "check_index", "search"]
