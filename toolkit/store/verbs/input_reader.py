"""Reading inputs: the images of the collection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import exists, func, select

from ...values.types import GeoPoint, Input
from ..sql import bulk
from ..sql.damage import as_stored
from ..sql.json_object import object_of
from ..sql.keys import known, refuse_missing
from ..sql.schema import files, inputs, thumbnails
from .datasets import datasets_of
from .home import PlaceReader
from .naming import named_inputs

__all__ = ["InputReader", "input_of"]

_BY_KEY = bulk.Prepared(select(inputs), among=inputs.c.key)
_IDS = bulk.Prepared(select(inputs.c.key, inputs.c.id), among=inputs.c.key)


class InputReader(PlaceReader):
    """What can be read about inputs.

    Parameters
    ----------
    read : callable
        Opens a transaction that reads.
    home : Home
        What relative places are relative to.
    """

    def get(self, id: str) -> Input:
        """The input of that id.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        """
        with self._read():
            return self.by_key(self.keys([id]))[0]

    def by_key(self, keys: Sequence[int]) -> list[Input]:
        """The inputs of some keys, in the order given.

        Raises
        ------
        UnknownNameError
            For the first key that is not there.
        """
        with self._read() as connection:
            rows = {row[0]: row for row in _BY_KEY.rows(connection, keys)}
            members = datasets_of(connection, keys)
        refuse_missing(keys, rows, kind="input")
        places = self._home.shown_all([rows[key][2] for key in keys])
        with as_stored("stored inputs"):
            return [
                input_of(rows[key], members.get(key, ()), place)
                for key, place in zip(keys, places, strict=True)
            ]

    def keys(self, ids: Iterable[str]) -> list[int]:
        """The key of each input, named by its id or by a path or URL of its file, in the order given.

        Raises
        ------
        UnknownNameError
            With the files that are named most like it.
        """
        with self._read() as connection:
            return named_inputs(connection, ids, self._home)

    def keys_by_id(self, ids: Iterable[str]) -> dict[str, int]:
        """The keys of those of some ids that are inputs."""
        with self._read() as connection:
            return known(connection, inputs.c.id, ids)

    def ids(self) -> list[str]:
        """The ids of all inputs."""
        with self._read() as connection:
            return [id for (id,) in bulk.fetch(connection, select(inputs.c.id).order_by(inputs.c.key))]

    def ids_by_key(self, keys: Iterable[int]) -> dict[int, str]:
        """The ids of some inputs, by key; those not there are left out."""
        with self._read() as connection:
            return dict(_IDS.rows(connection, list(keys)))

    def page(self, *, offset: int, limit: int, status: str | None = None) -> list[Input]:
        """Some of the inputs, in order of creation.

        Parameters
        ----------
        offset : int
            How many to pass over.
        limit : int
            How many at most.
        status : str, optional
            Only those of this status.
        """
        chosen = select(inputs.c.key).order_by(inputs.c.key).limit(limit).offset(offset)
        if status is not None:
            chosen = chosen.where(inputs.c.status == status)
        with self._read() as connection:
            return self.by_key([key for (key,) in bulk.fetch(connection, chosen)])

    def count_by_status(self) -> dict[str, int]:
        """How many inputs have each status."""
        status = inputs.c.status
        with self._read() as connection:
            return dict(bulk.fetch(connection, select(status, func.count()).group_by(status)))

    def known(self, ids: Collection[str]) -> set[str]:
        """Those of some ids that are inputs."""
        with self._read() as connection:
            return set(known(connection, inputs.c.id, ids))

    def ids_from(self, uri: str) -> list[str]:
        """The ids of all inputs that came from a place, to the letter."""
        chosen = select(inputs.c.id).where(inputs.c.uri == self._home.stored(uri)).order_by(inputs.c.key)
        with self._read() as connection:
            return [id for (id,) in bulk.fetch(connection, chosen)]

    def keys_by_content(self, hashes: Iterable[str]) -> dict[str, int]:
        """Keys of the inputs whose files have these sha256 hashes, by hash; those not there are left out."""
        with self._read() as connection:
            found = bulk.fetch_in(connection, select(inputs.c.sha256, inputs.c.key), inputs.c.sha256, hashes)
        return dict(sorted(found, reverse=True))  # the first that was added, where several have one content

    def same_content(self) -> list[list[int]]:
        """Keys of the inputs that have their content in common with others, ascending, a list for each content."""
        several = select(inputs.c.sha256).group_by(inputs.c.sha256).having(func.count() > 1)
        chosen = (
            select(inputs.c.sha256, inputs.c.key).where(inputs.c.sha256.in_(several)).order_by(inputs.c.key)
        )
        found: dict[str, list[int]] = {}
        with self._read() as connection:
            for sha256, key in bulk.fetch(connection, chosen):
                found.setdefault(sha256, []).append(key)
        return list(found.values())

    def places_by_content(self, hashes: Iterable[str]) -> list[tuple[int, str, str]]:
        """Key, content and own place of the inputs whose files have these sha256 hashes, in order of creation."""
        columns = select(inputs.c.key, inputs.c.sha256, inputs.c.uri)
        with self._read() as connection:
            found = bulk.fetch_in(connection, columns, inputs.c.sha256, hashes)
        return sorted((key, sha256, self._home.shown(uri)) for key, sha256, uri in found)

    def keys_without_a_file(self) -> list[int]:
        """Keys of the inputs whose content is in no file that was seen last: it was replaced everywhere."""
        there = exists().where(files.c.sha256 == inputs.c.sha256)
        gone = select(inputs.c.key).where(~there).order_by(inputs.c.key)
        with self._read() as connection:
            return [key for (key,) in bulk.fetch(connection, gone)]

    def thumbnails(self, keys: Iterable[int]) -> dict[int, bytes]:
        """The small JPEGs of some inputs, by key; those without one are left out."""
        with self._read() as connection:
            return dict(bulk.fetch_in(connection, select(thumbnails), thumbnails.c.input_key, keys))


def input_of(row: bulk.Row, names: tuple[str, ...], place: str) -> Input:
    """The input of a row of the table.

    Parameters
    ----------
    row : tuple
        Every column, in order.
    names : tuple of str
        The datasets it is in.
    place : str
        Where its file is, as everybody else has it.
    """
    _, id, _, sha256, width, height, metadata, latitude, longitude, status, created_at, modified_at, _ = row
    geo = None if latitude is None else GeoPoint(latitude, longitude)
    return Input(
        id,
        place,
        sha256,
        width,
        height,
        object_of(metadata) if metadata else {},
        geo,
        names,
        status,
        created_at,
        modified_at,
    )
