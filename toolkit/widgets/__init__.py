"""Widgets for a notebook: compose a query, look at its hits, label, refine. Everything a click does is a method."""

from .annotator import Annotator
from .duplicate_reviewer import DuplicateReviewer
from .explorer import Explorer
from .facets import Facets
from .gallery import Gallery
from .labeler import Labeler
from .map import Map
from .places import Places
from .query_builder import QueryBuilder
from .region_picker import RegionPicker
from .rows import Row
from .static_view import StaticView
from .widgets import Widgets

__all__ = [
    "Annotator",
    "DuplicateReviewer",
    "Explorer",
    "Facets",
    "Gallery",
    "Labeler",
    "Map",
    "Places",
    "QueryBuilder",
    "RegionPicker",
    "Row",
    "StaticView",
    "Widgets",
]
