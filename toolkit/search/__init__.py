"""From a query to hits: plan, score every term once, fold, order, and say why."""

from .check_index import check_index
from .context import TermContext
from .query_of import as_query
from .search import search

__all__ = ["TermContext", "as_query", "check_index", "search"]
