"""Inputs: the images of the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Final, Literal

from sqlalchemy import delete, select, update

from ..errors import UnknownNameError
from ..values.types import GeoPoint, Input, Json
from . import bulk
from .chapter import Reader, Writer
from .datasets import datasets_of, put_in_datasets
from .identity import identified
from .json_object import object_of, object_text
from .keys import known, required
from .merge_patch import merged
from .new_input import AddedInput, NewInput
from .schema import dataset_inputs, deletions, inputs, regions, thumbnails

__all__ = ["KEEP", "InputReader", "InputWriter"]

_FIELDS = ["uri", "sha256", "width", "height", "metadata", "latitude", "longitude", "status"]

_BY_KEY = bulk.Prepared(select(inputs), among=inputs.c.key)
_IDS = bulk.Prepared(select(inputs.c.key, inputs.c.id), among=inputs.c.key)


class _Keep(Enum):
    KEEP = "keep"

    def __repr__(self) -> str:
        return self.name


KEEP: Final = _Keep.KEEP
"""The default of a field that None would clear."""


class InputReader(Reader):
    """What can be read about inputs."""

    def input(self, id: str) -> Input:
        """The input of that id.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        """
        with self.read():
            return self.inputs(self.input_keys([id]))[0]

    def inputs(self, keys: Sequence[int]) -> list[Input]:
        """The inputs of some keys, in the order given.

        Raises
        ------
        UnknownNameError
            For the first key that is not there.
        """
        with self.read() as connection:
            rows = {row[0]: row for row in _BY_KEY.rows(connection, keys)}
            members = datasets_of(connection, keys)
        for key in keys:
            if key not in rows:
                raise UnknownNameError("input", f"key {key}", hint="It may have been deleted.")
        return [_input(rows[key], members.get(key, ())) for key in keys]

    def ids_of_inputs(self, keys: Iterable[int]) -> dict[int, str]:
        """The ids of some inputs, by key; those not there are left out."""
        with self.read() as connection:
            return dict(_IDS.rows(connection, list(keys)))

    def input_keys(self, ids: Iterable[str]) -> list[int]:
        """The key of each id, in the order given.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        """
        with self.read() as connection:
            return required(connection, inputs.c.id, ids, kind="input")

    def inputs_by_content(self, hashes: Iterable[str]) -> dict[str, int]:
        """Keys of the inputs whose files have these sha256 hashes, by hash; those not there are left out."""
        with self.read() as connection:
            found = bulk.fetch_in(connection, select(inputs.c.sha256, inputs.c.key), inputs.c.sha256, hashes)
        return dict(sorted(found, reverse=True))  # the first that was added, where several have one content

    def inputs_by_uri(self, uris: Iterable[str]) -> dict[str, int]:
        """The keys of the inputs that came from these places, by uri; those not there are left out."""
        with self.read() as connection:
            found = bulk.fetch_in(connection, select(inputs.c.uri, inputs.c.key), inputs.c.uri, uris)
        return dict(sorted(found, reverse=True))  # the first that was added, where one place gave several

    def thumbnail(self, id: str) -> bytes | None:
        """The small JPEG of an input, if it has one.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        """
        with self.read():
            return next(iter(self.thumbnails(self.input_keys([id])).values()), None)

    def thumbnails(self, keys: Iterable[int]) -> dict[int, bytes]:
        """The small JPEGs of some inputs, by key; those without one are left out."""
        with self.read() as connection:
            return dict(bulk.fetch_in(connection, select(thumbnails), thumbnails.c.input_key, keys))


class InputWriter(Writer):
    """What can be written about inputs."""

    def add_inputs(self, new: Sequence[NewInput]) -> list[AddedInput]:
        """Where each input is, in the order given; each new one also gets its row as a whole image.

        An input without an id of its own whose content is there already is that input, left as it is.

        Raises
        ------
        InputError
            If an id is taken by other content.
        """
        ids, fresh = identified(self.connection, new)
        if fresh:
            self._insert_inputs(fresh)
        keys, region_keys = (known(self.connection, table.c.id, ids) for table in (inputs, regions))
        return [
            AddedInput(keys[id], region_keys[id], id, is_new=fresh.pop(id, None) is not None) for id in ids
        ]

    def update_input(
        self,
        id: str,
        *,
        metadata: Mapping[str, Json] | None = None,
        metadata_patch: Mapping[str, Json] | None = None,
        geo: GeoPoint | Literal[_Keep.KEEP] | None = KEEP,
        datasets: Iterable[str] | None = None,
        status: str | None = None,
    ) -> None:
        """Change some fields of an input; those not given stay as they are.

        Parameters
        ----------
        id : str
            The input's.
        metadata : mapping, optional
            Replaces the metadata.
        metadata_patch : mapping, optional
            Is merged into the metadata; a null removes (RFC 7396).
        geo : GeoPoint or None, optional
            None clears it.
        datasets : iterable of str, optional
            Exactly the datasets it shall be in.
        status : str, optional
            A word.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        """
        (key,) = required(self.connection, inputs.c.id, [id], kind="input")
        changes: dict[str, object] = {} if status is None else {"status": status}
        if metadata is not None:
            changes["metadata"] = object_text(metadata)
        if metadata_patch is not None:
            base = metadata if metadata is not None else self._metadata(key)
            changes["metadata"] = object_text(merged(base, metadata_patch))
        if geo is not KEEP:
            changes |= {"latitude": geo and geo.latitude, "longitude": geo and geo.longitude}
        if changes:
            self.connection.execute(update(inputs).where(inputs.c.key == key).values(changes))
        if datasets is not None:
            self.connection.execute(delete(dataset_inputs).where(dataset_inputs.c.input_key == key))
            put_in_datasets(self.connection, {key: list(datasets)})
        if changes or datasets is not None:
            self._touch_inputs([key])

    def delete_inputs(self, ids: Iterable[str]) -> None:
        """Delete inputs with their regions, annotations and embeddings.

        Raises
        ------
        UnknownNameError
            With the nearest ids; nothing is deleted.
        """
        keys = required(self.connection, inputs.c.id, ids, kind="input")
        gone = bulk.fetch_in(self.connection, select(regions.c.key), regions.c.input_key, keys)
        rows = [("regions", key, self.revision) for (key,) in gone]
        rows += [("inputs", key, self.revision) for key in dict.fromkeys(keys)]
        bulk.write(self.connection, deletions, ["kind", "key", "revision"], rows)
        bulk.write_in(self.connection, delete(inputs), inputs.c.key, keys)

    def _insert_inputs(self, fresh: Mapping[str, NewInput]) -> None:
        stamps = self.now, self.now, self.revision
        rows = [(id, *_row(one), *stamps) for id, one in fresh.items()]
        columns = ["id", *_FIELDS, "created_at", "modified_at", "revision"]
        bulk.write(self.connection, inputs, columns, rows)
        keys = known(self.connection, inputs.c.id, fresh)
        whole = [(id, keys[id], self.now, self.revision) for id in fresh]
        bulk.write(self.connection, regions, ["id", "input_key", "created_at", "revision"], whole)
        pictures = [(keys[id], one.thumbnail) for id, one in fresh.items() if one.thumbnail is not None]
        bulk.write(self.connection, thumbnails, ["input_key", "picture"], pictures)
        put_in_datasets(self.connection, {keys[id]: one.datasets for id, one in fresh.items()})

    def _metadata(self, key: int) -> Mapping[str, Json]:
        text = self.connection.scalar(select(inputs.c.metadata).where(inputs.c.key == key))
        return object_of(text)


def _row(one: NewInput) -> tuple[object, ...]:
    place = (one.geo.latitude, one.geo.longitude) if one.geo else (None, None)
    return one.uri, one.sha256, one.width, one.height, object_text(one.metadata), *place, one.status


def _input(row: bulk.Row, names: tuple[str, ...]) -> Input:
    _, id, uri, sha256, width, height, metadata, latitude, longitude, status, created_at, modified_at, _ = row
    geo = None if latitude is None else GeoPoint(latitude, longitude)
    return Input(
        id, uri, sha256, width, height, object_of(metadata), geo, names, status, created_at, modified_at
    )
