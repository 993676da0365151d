"""Adding, changing and deleting inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Final, Literal

from sqlalchemy import bindparam, delete, exists, insert, literal, select, update

from ...errors import InputError
from ...values.types import GeoPoint, Json
from ..sql import bulk
from ..sql.dialect import listed, one_of
from ..sql.json_object import object_of, object_text
from ..sql.schema import dataset_inputs, deletions, files, inputs, regions, thumbnails
from .datasets import put_in_datasets
from .home import PlaceWriter
from .identity import identified
from .merge_patch import merged
from .naming import named_inputs
from .new_input import AddedInput, NewInput

__all__ = ["KEEP", "InputWriter"]

_FIELDS = ["uri", "sha256", "width", "height", "metadata", "latitude", "longitude", "status"]


class _Keep(Enum):
    KEEP = "keep"

    def __repr__(self) -> str:
        return self.name


KEEP: Final = _Keep.KEEP
"""The default of a field that None would clear."""


class InputWriter(PlaceWriter):
    """What can be written about inputs.

    Parameters
    ----------
    transaction : Transaction
        In which everything is written.
    home : Home
        What relative places are relative to.
    """

    def add(self, new: Sequence[NewInput]) -> list[AddedInput]:
        """Where each input is, in the order given; each new one also gets its row as a whole image.

        An input without an id whose content is there already is that input, left as it is, unless it is to be one of
        its own.

        Raises
        ------
        InputError
            If an id is taken by other content, or by any where the input is to be one of its own; or a URI by any input
            where there may be one only.
        """
        ids, fresh = identified(self._connection, new)
        keys = self._insert_inputs(fresh) if fresh else {}
        for one in new:
            if one.once:
                self._refuse_another_from(one.uri)
        of = regions.c  # a whole image has the id of its input
        there = [id for id in ids if id not in keys]
        rows = bulk.fetch_in(self._connection, select(of.id, of.input_key, of.key), of.id, there)
        keys |= {id: (key, region_key) for id, key, region_key in rows}
        return [AddedInput(*keys[id], id, is_new=fresh.pop(id, None) is not None) for id in ids]

    def update(
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
        (key,) = named_inputs(self._connection, [id], self._home)
        changes: dict[str, object] = {} if status is None else {"status": status}
        if metadata is not None:
            changes["metadata"] = object_text(metadata)
        if metadata_patch is not None:
            base = metadata if metadata is not None else self._metadata(key)
            changes["metadata"] = object_text(merged(base, metadata_patch))
        if geo is not KEEP:
            changes |= {"latitude": geo and geo.latitude, "longitude": geo and geo.longitude}
        if changes:
            self._connection.execute(update(inputs).where(inputs.c.key == key).values(changes))
        if datasets is not None:
            self._connection.execute(delete(dataset_inputs).where(dataset_inputs.c.input_key == key))
            put_in_datasets(self._connection, {key: list(datasets)})
        if changes or datasets is not None:
            self._transaction.touch_inputs([key])

    def replace_metadata(self, metadata: Mapping[int, Mapping[str, Json]]) -> None:
        """Replace the metadata of some inputs, by key."""
        change = update(inputs).where(inputs.c.key == bindparam("of")).values(metadata=bindparam("text"))
        rows = [{"of": key, "text": object_text(one)} for key, one in metadata.items()]
        if rows:
            self._connection.execute(change, rows)
            self._transaction.touch_inputs(metadata)

    def delete(self, ids: Iterable[str]) -> None:
        """Delete inputs with their regions, annotations and embeddings.

        Raises
        ------
        UnknownNameError
            With the nearest ids; nothing is deleted.
        """
        keys = named_inputs(self._connection, ids, self._home)
        gone = bulk.fetch_in(self._connection, select(regions.c.key), regions.c.input_key, keys)
        rows = [("regions", key, self._transaction.revision) for (key,) in gone]
        rows += [("inputs", key, self._transaction.revision) for key in dict.fromkeys(keys)]
        bulk.write(self._connection, deletions, ["kind", "key", "revision"], rows)
        hashes = bulk.fetch_in(self._connection, select(inputs.c.sha256), inputs.c.key, keys)
        bulk.write_in(self._connection, delete(inputs), inputs.c.key, keys)
        unused = delete(files).where(~exists().where(inputs.c.sha256 == files.c.sha256))
        bulk.write_in(self._connection, unused, files.c.sha256, {sha256 for (sha256,) in hashes})

    def place(self, uris: Mapping[int, str]) -> None:
        """Say where the files of some inputs are read now, by key."""
        change = update(inputs).where(inputs.c.key == bindparam("of")).values(uri=bindparam("at"))
        if uris:
            rows = [{"of": key, "at": self._home.stored(uri)} for key, uri in uris.items()]
            self._connection.execute(change, rows)
            self._transaction.advance()

    def _refuse_another_from(self, uri: str) -> None:
        chosen = select(inputs.c.key).where(inputs.c.uri == self._home.stored(uri)).limit(2)
        if len(self._connection.execute(chosen).all()) > 1:
            raise InputError(uri, "it is the place of another input already")

    def _insert_inputs(self, fresh: Mapping[str, NewInput]) -> dict[str, tuple[int, int]]:
        """The keys of inputs that are new, and of their regions as whole images, by id."""
        stamps = self._transaction.now, self._transaction.now, self._transaction.revision
        rows = [(id, self._home.stored(one.uri), *_row(one), *stamps) for id, one in fresh.items()]
        columns = ["id", *_FIELDS, "created_at", "modified_at", "revision"]
        bulk.write(self._connection, inputs, columns, rows)
        keys = self._insert_whole(fresh)
        pictures = [(keys[id][0], one.thumbnail) for id, one in fresh.items() if one.thumbnail is not None]
        bulk.write(self._connection, thumbnails, ["input_key", "picture"], pictures)
        put_in_datasets(
            self._connection, {keys[id][0]: one.datasets for id, one in fresh.items() if one.datasets}
        )
        return keys

    def _insert_whole(self, ids: Iterable[str]) -> dict[str, tuple[int, int]]:
        """The keys of inputs and of their regions as whole images, which are made, by id."""
        of = inputs.c
        chosen = select(of.id, of.key, literal(self._transaction.now), of.revision).order_by(of.key)
        chosen = chosen.where(one_of(self._connection, of.id))
        new = insert(regions).from_select(["id", "input_key", "created_at", "revision"], chosen)
        made = new.returning(regions.c.id, regions.c.input_key, regions.c.key)
        rows = self._connection.execute(made, listed(self._connection, ids)).all()
        self._transaction.made_regions(region_key for _, _, region_key in rows)
        return {id: (key, region_key) for id, key, region_key in rows}

    def _metadata(self, key: int) -> Mapping[str, Json]:
        text = self._connection.scalar(select(inputs.c.metadata).where(inputs.c.key == key))
        return object_of(text) if text else {}


def _row(one: NewInput) -> tuple[object, ...]:
    place = (one.geo.latitude, one.geo.longitude) if one.geo else (None, None)
    return one.sha256, one.width, one.height, object_text(one.metadata), *place, one.status
