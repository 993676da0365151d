"""From a query to hits: plan, score every term once, combine, order, and explain."""

from .check_index import check_index
from .context import TermContext
from .many import search_many
from .rankings import Ranking, Rankings
from .read_query import read_query
from .search import search

__all__ = ["Ranking", "Rankings", "TermContext", "check_index", "read_query", "search", "search_many"]
