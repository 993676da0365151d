"""From a query to hits: plan, score every term once, fold, order, and say why."""

from .check_index import check_index
from .context import TermContext
from .many import search_many
from .query_of import as_query
from .rankings import Ranking, Rankings
from .search import search

__all__ = ["Ranking", "Rankings", "TermContext", "as_query", "check_index", "search", "search_many"]
