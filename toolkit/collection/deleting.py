"""Deleting inputs, and the stored files that no other input uses."""

from __future__ import annotations

from collections.abc import Sequence

from ..files.origins import is_original
from ..resources import Resources
from .copies import remove_unused

__all__ = ["delete"]


def delete(of: Resources, ids: Sequence[str]) -> None:
    """Delete inputs with their regions, annotations and embeddings; the user's own files stay.

    Parameters
    ----------
    of : Resources
        The open collection.
    ids : sequence of str
        Ids of inputs.

    Raises
    ------
    UnknownNameError
        No input has one of the ids; nothing is deleted.
    """
    store = of.store
    with store.write() as batch:
        gone = store.inputs.by_key(store.inputs.keys(ids))
        places = store.files.places({one.sha256 for one in gone})
        batch.inputs.delete(ids)
    uris = {(one.sha256, one.uri) for one in gone}
    uris |= {(sha256, one.uri) for sha256, found in places.items() for one in found}
    remove_unused({sha256 for sha256, uri in uris if is_original(uri)}, of)
