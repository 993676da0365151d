"""Deleting inputs, and the stored files that no other input uses."""

from __future__ import annotations

from collections.abc import Sequence

from ..files.origins import is_original
from ..resources import Resources

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
        batch.inputs.delete(ids)
    # A second transaction: the first may still fail, and while this one lasts the same picture cannot be added.
    kept = {one.sha256 for one in gone if is_original(one.uri)}
    with store.write():
        for sha256 in kept - store.inputs.keys_by_content(kept).keys():
            of.originals.remove(sha256)
