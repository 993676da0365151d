"""The inputs of an open collection, as a mapping to look at and verbs to change them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..errors import InputError
from ..on_first_use import OnFirstUse
from ..plugins.interfaces import Record
from ..resources import Resources
from ..store import KEEP
from ..values.types import GeoPoint, Input, Json
from . import opening, places

if TYPE_CHECKING:
    from . import adding
else:
    adding = OnFirstUse("toolkit.collection.adding")

__all__ = ["Inputs"]


class Inputs(Mapping[str, Input]):
    """Inputs by id: ``photos.inputs["3fa2c41b9d0e77aa"].metadata``.

    `Collection.add` and `Collection.delete` are how a person gets pictures in and out.

    Parameters
    ----------
    resources : Resources
        Of the open collection.

    Examples
    --------
    >>> import numpy as np
    >>> import toolkit
    >>> with toolkit.open() as photos:
    ...     _ = photos.add([np.full((32, 32, 3), color, np.uint8) for color in (0, 99)], progress=False)
    ...     first = photos.inputs.page(limit=1)[0].id
    ...     photos.inputs.update(first, metadata={"camera": "X100"})
    ...     dict(photos.inputs[first].metadata), photos.inputs.count_by_status()
    ({'camera': 'X100'}, {'success': 2})
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._store = resources.store

    # ---- looking

    def __getitem__(self, id: str) -> Input:
        return self._store.inputs.get(id)

    def __iter__(self) -> Iterator[str]:
        return opening.input_ids(self._resources)

    def __len__(self) -> int:
        return self._store.counts()["inputs"]

    def __repr__(self) -> str:
        return f"<{len(self):,} inputs>"

    def by_ids(self, ids: Iterable[str]) -> list[Input]:
        """The inputs with these ids, in the order given, in one read.

        Raises
        ------
        UnknownNameError
            No input has one of the ids, with the nearest.
        """
        with self._store.read():
            return self._store.inputs.by_key(self._store.inputs.keys(ids))

    def existing(self, ids: Collection[str]) -> set[str]:
        """Those of the ids that are inputs."""
        return self._store.inputs.known(ids)

    def page(self, *, offset: int = 0, limit: int = 128, status: str | None = None) -> list[Input]:
        """Some of the inputs in order of creation, of one status or of all.

        Parameters
        ----------
        offset, limit : int
            How many to leave out before, and how many to return at most.
        status : str, optional
            A word such as ``"success"``.
        """
        return self._store.inputs.page(offset=offset, limit=limit, status=status)

    def count_by_status(self) -> dict[str, int]:
        """How many inputs have each status."""
        return self._store.inputs.count_by_status()

    def from_uri(self, uri: str) -> list[str]:
        """The ids of all inputs with exactly this URI; `Collection.find` takes paths as they are typed."""
        return self._store.inputs.ids_from(uri)

    def below(self, path: str | Path) -> list[str]:
        """The ids of the inputs with a picture in a folder, or at a path that matches a pattern.

        What was seen when the pictures were added counts; no file is looked at.

        Parameters
        ----------
        path : str or Path
            A folder, or a pattern such as ``"~/photos/**/*.jpg"``.

        Raises
        ------
        UnknownNameError
            There is none.
        """
        return places.inputs_below(self._resources, path)

    def spaces(self, id: str) -> list[str]:
        """The spaces in which an input or one of its regions is embedded.

        Raises
        ------
        UnknownNameError
            No such input, with the nearest ids.
        """
        (key,) = self._store.inputs.keys([id])
        snapshot = self._resources.snapshots.latest()
        rows = (snapshot.inputs.key[snapshot.rows.input] == key).nonzero()[0]
        return [name for name, space in snapshot.spaces.items() if (space.position(rows) >= 0).any()]

    # ---- changing

    def add(
        self,
        records: Sequence[Record],
        *,
        uris: Sequence[str] | None = None,
        user: str | None = None,
        once: Sequence[bool] = (),
    ) -> list[str | InputError]:
        """Add and index pictures; returns the id of each, or the error.

        Unlike `Collection.add` this makes an input of each record, though its content or its place is there already,
        and answers for each. Whoever deletes the input that an id here names deletes no other.

        Parameters
        ----------
        records : sequence of Record
            Each is written in one transaction with its datasets and its labels. Without an id, an input gets a new
            one; an id that is taken is an error.
        uris : sequence of str, optional
            Where each came from, if its source is bytes; an empty one for nowhere.
        user : str, optional
            Who labels the inputs of the records; ``Settings.user`` by default.
        once : sequence of bool
            Of each record, whether it is an error if another input came from the same place.
        """
        return adding.add_each(records, uris or [""] * len(records), self._resources, user=user, once=once)

    def update(
        self,
        id: str,
        *,
        metadata: Mapping[str, Json] | None = None,
        metadata_patch: Mapping[str, Json] | None = None,
        geo: GeoPoint | Literal["keep"] | None = "keep",
        datasets: Iterable[str] | None = None,
        status: str | None = None,
    ) -> None:
        """Change fields of an input; a field that is not given stays as it is.

        Parameters
        ----------
        id : str
            The input's.
        metadata : mapping, optional
            Takes the place of the metadata.
        metadata_patch : mapping, optional
            Is merged into the metadata; a null removes (RFC 7396).
        geo : GeoPoint or None, optional
            Where it was taken; None clears it.
        datasets : iterable of str, optional
            Exactly the datasets it shall be in; made if need be.
        status : str, optional
            A word.

        Raises
        ------
        UnknownNameError
            No such input, with the nearest ids.
        """
        with self._store.write() as batch:
            batch.inputs.update(
                id,
                metadata=metadata,
                metadata_patch=metadata_patch,
                geo=KEEP if geo == "keep" else geo,
                datasets=datasets,
                status=status,
            )
