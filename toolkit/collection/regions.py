"""The regions of an open collection: boxes on its inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from ..errors import UnknownNameError
from ..on_first_use import OnFirstUse
from ..resources import Resources
from ..values.types import Box, IntArray

if TYPE_CHECKING:
    from .. import indexing
else:
    indexing = OnFirstUse("toolkit.indexing")

__all__ = ["Regions"]


class Regions(Mapping[str, Box]):
    """Boxes by the id of their region: ``photos.regions["3fa2c41b9d0e77aa/0123abcd"]``.

    `Collection.add_region` makes one. The whole of an input is a row too, and no region. Detections that are not sure
    enough to count, by `Settings.detections`, are left out; their ids are still known.

    Parameters
    ----------
    resources : Resources
        Of the open collection.

    Examples
    --------
    >>> import numpy as np
    >>> import toolkit
    >>> with toolkit.open() as photos:
    ...     _ = photos.add(np.zeros((32, 32, 3), np.uint8), progress=False)
    ...     id = photos.add_region(*photos, Box(0.0, 0.0, 0.5, 0.5))
    ...     photos.regions[id] == Box(0.0, 0.0, 0.5, 0.5), list(photos.regions.of(*photos)) == [id]
    (True, True)
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._store = resources.store

    def __getitem__(self, id: str) -> Box:
        box = self._store.regions.get(id).box
        if box is None:
            raise UnknownNameError("region", id, hint="It is an input as a whole.")
        return box

    def __iter__(self) -> Iterator[str]:
        return iter([one.id for one in self._store.regions.by_key(self._counted().tolist())])

    def __len__(self) -> int:
        return len(self._counted())

    def __repr__(self) -> str:
        return f"<{len(self):,} regions>"

    def of(self, input: str, *, detections: float | None = None) -> dict[str, Box]:
        """The boxes on an input by region id, in order of creation.

        Parameters
        ----------
        input : str
            An input's id.
        detections : float, optional
            The least confidence of a detection; `Settings.detections` by default, 0 for all that is stored.

        Raises
        ------
        UnknownNameError
            No such input, with the nearest ids.
        """
        with self._store.read():
            found = self._store.regions.on_inputs(self._store.inputs.keys([input]))
            found = indexing.counting(found, self._resources, detections)
        return {one.id: one.box for one in found if one.box}

    def unclassified(self, inputs: Iterable[str]) -> list[str]:
        """The ids of the regions on some inputs of which no model has said what they show.

        ``photos.index(regions=True)`` has the concept models of the workflow look at them.

        Raises
        ------
        UnknownNameError
            No such input, with the nearest ids.
        """
        return [one.id for one in indexing.unclassified(self._store.inputs.keys(inputs), self._resources)]

    def delete(self, *ids: str) -> None:
        """Delete regions with their annotations and embeddings.

        Raises
        ------
        UnknownNameError
            No such region, with the nearest ids; nothing is deleted.
        QueryError
            One is an input as a whole.
        """
        with self._store.write() as batch:
            batch.regions.delete(ids)

    def _counted(self) -> IntArray:
        """The keys of boxes, in order of creation, without detections that do not count."""
        snapshot = self._resources.counted(self._resources.snapshots.latest())
        counts = ~snapshot.rows.whole
        if snapshot.hidden is not None:
            counts &= ~snapshot.hidden
        return snapshot.rows.key[counts]
