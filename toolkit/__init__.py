"""Rank image collections from a notebook: concepts, languages, visual similarity and filters in one expression.

The names are looked up when they are first used, so that ``import toolkit`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .collection.collection import Collection
    from .collection.open_collection import open
    from .errors import ToolkitError
    from .hits import Hits
    from .query import Query, fuse
    from .values.settings import Settings, Workflow
    from .values.types import Annotation, Box, Concept, GeoPoint, Hit, Input

    __version__: str

__all__ = [
    "Annotation",
    "Box",
    "Collection",
    "Concept",
    "GeoPoint",
    "Hit",
    "Hits",
    "Input",
    "Query",
    "Settings",
    "ToolkitError",
    "Workflow",
    "fuse",
    "open",
]

_HOME = {
    "Annotation": "values.types",
    "Box": "values.types",
    "Collection": "collection",
    "Concept": "values.types",
    "GeoPoint": "values.types",
    "Hit": "values.types",
    "Hits": "hits",
    "Input": "values.types",
    "Query": "query",
    "Settings": "values.settings",
    "ToolkitError": "errors",
    "Workflow": "values.settings",
    "fuse": "query",
    "open": "collection",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        return _version()
    if name not in _HOME:
        return _constructor(name)
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def _version() -> str:
    """The version of the installed package."""
    from importlib.metadata import version  # tens of milliseconds, which hardly anybody needs

    return version("rank-toolkit")


def _constructor(name: str) -> object:
    """The constructor of a registered ranker: ``tk.concept`` is ``toolkit.terms.concept``."""
    # Python asks for its own names, and for modules before it imports them: no reason to look for plugins.
    if not name.startswith("_") and find_spec(f"{__name__}.{name}") is None:
        terms = import_module(".terms", __name__)
        if name in terms.__all__:
            return getattr(terms, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
