"""Deleting inputs, and the files that were kept for them alone."""

from __future__ import annotations

from collections.abc import Sequence

from ..files.origins import is_original
from ..resources import Resources

__all__ = ["delete"]


def delete(of: Resources, ids: Sequence[str]) -> None:
    """Delete inputs with all that was said and computed of them; files of the user's are not touched.

    Raises
    ------
    UnknownNameError
        No input goes by an id; nothing is deleted.
    """
    store = of.store
    with store.write() as batch:
        gone = store.inputs.by_key(store.inputs.keys(ids))
        batch.inputs.delete(ids)
    # A second transaction: the first may still fail, and while this one lasts nobody adds the same picture.
    kept = {one.sha256 for one in gone if is_original(one.uri)}
    with store.write():
        for sha256 in kept - store.inputs.keys_by_content(kept).keys():
            of.originals.remove(sha256)
