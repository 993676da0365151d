"""Thumbnails that travel with hits, where no collection is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["StoredPictures"]


@dataclass(frozen=True, slots=True)
class StoredPictures:
    """Thumbnails that travel with hits.

    Parameters
    ----------
    by_id : mapping of str to bytes
        JPEG, by the id of an input.
    """

    by_id: Mapping[str, bytes]

    def __call__(self, ids: Sequence[str]) -> Mapping[str, bytes]:
        """Those of some inputs."""
        return {id: self.by_id[id] for id in ids if id in self.by_id}
