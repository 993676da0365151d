"""The engine of a space, for code that goes on with it."""

from __future__ import annotations

from ..errors import TooManyRowsError
from ..plugins.interfaces import KeyedIndex
from ..resources import Resources
from .spaces import space_name

__all__ = ["fed_engine"]


def fed_engine(resources: Resources, space: str | None = None) -> KeyedIndex:
    """The engine that the settings name, with the vectors that are stored now.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    space : str, optional
        The name of a space; the collection's default one if None.

    Raises
    ------
    QueryError
        The settings name no engine.
    NotIndexedError
        There is no such space.
    """
    try:
        snapshot = resources.snapshots.latest()
    except TooManyRowsError:  # the names of the spaces are in any part of it
        snapshot = resources.snapshots.part()
    return resources.engines.over(space_name(space, snapshot, resources))
