"""From a query to hits: plan, score every term once, combine, order, and explain."""

from .check_index import check_index
from .context import TermContext
from .fed_engine import fed_engine
from .fitted_index import fitted_index
from .layouts import laid_out, layout_there
from .many import search_many
from .near_duplicates import EVIDENCE, near_duplicates
from .rankings import Ranking, Rankings
from .read_query import names_picture, read_query
from .saved_form import CONVENTION, read_saved, saved_form
from .search import search
from .vectors import vectors_of
from .window import LoneCosine

__all__ = [
    "CONVENTION",
    "EVIDENCE",
    "LoneCosine",
    "Ranking",
    "Rankings",
    "TermContext",
    "check_index",
    "fed_engine",
    "fitted_index",
    "laid_out",
    "layout_there",
    "names_picture",
    "near_duplicates",
    "read_query",
    "read_saved",
    "saved_form",
    "search",
    "search_many",
    "vectors_of",
]
