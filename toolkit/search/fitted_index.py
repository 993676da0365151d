"""The similarity index of a space, for code that goes on with it."""

from __future__ import annotations

from ..plugins.interfaces import SimilarityIndex
from ..resources import Resources
from .spaces import space_name

__all__ = ["fitted_index"]


def fitted_index(resources: Resources, space: str | None = None) -> SimilarityIndex:
    """The index that searches ask, fitted to the vectors that are there now.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    space : str, optional
        The name of a space; the collection's default one if None.

    Raises
    ------
    NotIndexedError
        There is no such space.
    """
    snapshot = resources.snapshots.latest()
    with resources.indexes.over(snapshot.spaces[space_name(space, snapshot, resources)]) as index:
        return index
