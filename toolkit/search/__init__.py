"""From a query to hits: plan, score every term once, combine, order, and explain."""

from .check_index import check_index
from .context import TermContext
from .read_query import read_query
from .search import search
from .vectors import vectors_of

__all__ = ["TermContext", "check_index", "read_query", "search", "vectors_of"]
