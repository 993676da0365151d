"""The layouts stored with a collection: one of each space and projection."""

from __future__ import annotations

from ..store import AnnotationStore, Batch
from .layout import Layout

__all__ = ["store_layout", "stored_layout"]

PROPERTY = "layout:"  # the name of the projection, a colon, and that of the space


def stored_layout(projection: str, space: str, store: AnnotationStore) -> Layout | None:
    """The layout of a space by a projection, if there is one.

    Parameters
    ----------
    projection : str
        Its name.
    space : str
        The full name of a space, ``embedder@version``.
    store : AnnotationStore
        The collection's store.
    """
    state = store.properties.get(f"{PROPERTY}{projection}:{space}")
    return None if state is None else Layout.from_dict(state)


def store_layout(layout: Layout, batch: Batch) -> None:
    """Store a layout in place of the one before.

    Parameters
    ----------
    layout : Layout
        The layout to store.
    batch : Batch
        The open transaction.
    """
    batch.properties.set(f"{PROPERTY}{layout.projection}:{layout.space}", layout.to_dict())
