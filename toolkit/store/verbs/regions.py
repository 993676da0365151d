"""Regions: the rows of every ranking, one for each input as a whole and one for each box on it."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import delete, exists, func, select

from ...errors import QueryError
from ...values.types import Box
from ..sql import bulk, schema
from ..sql.keys import known, refuse_missing, required
from ..sql.schema import deletions, inputs, regions, sources
from .access import Reader, Writer

__all__ = ["SIDES", "Region", "RegionReader", "RegionWriter", "region_of"]

SIDES = [regions.c.top_row, regions.c.left_col, regions.c.bottom_row, regions.c.right_col]
_SELECT = select(regions.c.key, regions.c.input_key, regions.c.id, *SIDES)
_BY_KEY = bulk.Prepared(_SELECT, among=regions.c.key)
_BY_INPUT = bulk.Prepared(_SELECT, among=regions.c.input_key)
_SHORT_HASH = 8  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class Region:
    """One row of the rankings.

    Parameters
    ----------
    key, input_key : int
        Its own and the input's.
    id : str
        Its public name: the input's id for the whole image, ``<input id>/<8 digits>`` for a box.
    box : Box or None
        None for the whole image.
    """

    key: int
    input_key: int
    id: str
    box: Box | None


class RegionReader(Reader):
    """What can be read about regions."""

    def get(self, id: str) -> Region:
        """The region of that id.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        """
        with self._read() as connection:
            (key,) = required(connection, regions.c.id, [id], kind="region")
            return self.by_key([key])[0]

    def highest_key(self) -> int:
        """The highest key, which no number of regions exceeds; 0 without any. Counting them takes far longer."""
        with self._read() as connection:
            return connection.scalar(select(func.max(regions.c.key))) or 0

    def by_key(self, keys: Sequence[int]) -> list[Region]:
        """The regions of some keys, in the order given.

        Raises
        ------
        UnknownNameError
            For the first key that is not there.
        """
        with self._read() as connection:
            rows = _BY_KEY.rows(connection, keys)
        found = {region.key: region for region in map(region_of, rows)}
        refuse_missing(keys, found, kind="region")
        return [found[key] for key in keys]

    def keys(self, ids: Iterable[str]) -> list[int]:
        """The key of each id, in the order given; the id of an input is that of its whole picture.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        """
        with self._read() as connection:
            return required(connection, regions.c.id, ids, kind="input or region")

    def ids_by_key(self, keys: Iterable[int]) -> dict[int, str]:
        """The ids of some regions, by key; those not there are left out."""
        with self._read() as connection:
            return {region.key: region.id for region in map(region_of, _BY_KEY.rows(connection, list(keys)))}

    def on_inputs(self, input_keys: Iterable[int]) -> list[Region]:
        """The regions on some inputs, whole images included, in order of creation."""
        with self._read() as connection:
            rows = _BY_INPUT.rows(connection, input_keys)
        return [region_of(row) for row in sorted(rows)]

    def unsaid_by(self, source: str) -> list[Region]:
        """The boxes of which a source has said nothing yet, in order of creation."""
        of_source = select(sources.c.key).where(sources.c.name == source).scalar_subquery()
        of = schema.annotations.c
        said = exists().where(of.region_key == regions.c.key, of.source_key == of_source)
        wanted = _SELECT.where(regions.c.top_row.is_not(None), ~said).order_by(regions.c.key)
        with self._read() as connection:
            return [region_of(row) for row in bulk.fetch(connection, wanted)]


class RegionWriter(Writer):
    """What can be written about regions."""

    def add(self, input_key: int, boxes: Iterable[Box]) -> list[int]:
        """The key of the region of each box on an input; a box that is there already has its region.

        Parameters
        ----------
        input_key : int
            Key of the input.
        boxes : iterable of Box
            Where the regions are.

        Raises
        ------
        UnknownNameError
            If there is no such input.
        """
        boxes, input_key = list(boxes), int(input_key)
        rows = self.add_many({input_key: boxes})
        return [rows[input_key, box] for box in boxes]

    def add_many(self, boxes: Mapping[int, Iterable[Box]]) -> dict[tuple[int, Box | None], int]:
        """The key of every region of some inputs, by input and box; the boxes given are regions now.

        Parameters
        ----------
        boxes : mapping of int to iterable of Box
            By key of the input; a box that is there already keeps its region.

        Raises
        ------
        UnknownNameError
            If there is no such input.
        """
        rows = self._rows(boxes)
        fresh = {
            key: [box for box in dict.fromkeys(of_input) if (key, box) not in rows]
            for key, of_input in boxes.items()
        }
        if any(fresh.values()):
            self._insert_boxes({key: new for key, new in fresh.items() if new})
            rows = self._rows(boxes)
            made = (rows[key, box] for key, of_input in fresh.items() for box in of_input)
            self._transaction.made_regions(made)
        return rows

    def delete(self, ids: Iterable[str]) -> None:
        """Delete regions with their annotations and embeddings.

        Raises
        ------
        UnknownNameError
            With the nearest ids; nothing is deleted.
        QueryError
            If one is a whole image, which goes with its input.
        """
        keys = required(self._connection, regions.c.id, ids, kind="region")
        rows = _BY_KEY.rows(self._connection, keys)
        for region in map(region_of, rows):
            if region.box is None:
                raise QueryError(f"region {region.id!r} is a whole image; delete the input instead")
        gone = [("regions", key, self._transaction.revision) for key in dict.fromkeys(keys)]
        bulk.write(self._connection, deletions, ["kind", "key", "revision"], gone)
        bulk.write_in(self._connection, delete(regions), regions.c.key, keys)
        self._transaction.touch_inputs(input_key for _, input_key, *_ in rows)

    def _rows(self, input_keys: Iterable[int]) -> dict[tuple[int, Box | None], int]:
        found = map(region_of, _BY_INPUT.rows(self._connection, input_keys))
        return {(region.input_key, region.box): region.key for region in found}

    def _insert_boxes(self, fresh: Mapping[int, Sequence[Box]]) -> None:
        found = bulk.fetch_in(self._connection, select(inputs.c.key, inputs.c.id), inputs.c.key, fresh)
        input_ids: dict[int, str] = dict(found)
        refuse_missing(fresh, input_ids, kind="input")
        boxes = [(key, input_ids[key], box) for key, of_input in fresh.items() for box in of_input]
        short = [_region_id(id, box, _SHORT_HASH) for _, id, box in boxes]
        taken = set(known(self._connection, regions.c.id, short))
        stamps = self._transaction.now, self._transaction.revision
        rows = []
        for (key, id, box), name in zip(boxes, short, strict=True):
            unique = _region_id(id, box, None) if name in taken else name
            rows.append((unique, key, *map(float, box), *stamps))
            taken.add(name)
        columns = ["id", "input_key", *(side.name for side in SIDES), "created_at", "revision"]
        bulk.write(self._connection, regions, columns, rows)
        self._transaction.touch_inputs(fresh)


def region_of(row: bulk.Row) -> Region:
    """The region of a row of key, input's key, id and sides."""
    key, input_key, id, *sides = row
    return Region(key, input_key, id, None if sides[0] is None else Box(*sides))


def _region_id(input_id: str, box: Box, digits: int | None) -> str:
    sides = struct.pack("<4d", *(side + 0.0 for side in box))  # + 0.0 makes -0.0 the zero it equals
    return f"{input_id}/{sha256(sides).hexdigest()[:digits]}"
