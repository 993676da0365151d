"""Regions: the rows of every ranking, one for each input as a whole and one for each box on it."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import delete, select

from ..errors import QueryError, UnknownNameError
from ..values.types import Box
from . import bulk
from .chapter import Reader, Writer
from .keys import known, required
from .schema import deletions, inputs, regions

__all__ = ["Region", "RegionReader", "RegionWriter"]

_SIDES = [regions.c.top_row, regions.c.left_col, regions.c.bottom_row, regions.c.right_col]
_SELECT = select(regions.c.key, regions.c.input_key, regions.c.id, *_SIDES)
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

    def region(self, id: str) -> Region:
        """The region of that id.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        """
        with self.read() as connection:
            (key,) = required(connection, regions.c.id, [id], kind="region")
            return self.regions([key])[0]

    def regions(self, keys: Sequence[int]) -> list[Region]:
        """The regions of some keys, in the order given.

        Raises
        ------
        UnknownNameError
            For the first key that is not there.
        """
        with self.read() as connection:
            rows = _BY_KEY.rows(connection, keys)
        found = {region.key: region for region in map(_region, rows)}
        for key in keys:
            if key not in found:
                raise UnknownNameError("region", f"key {key}", hint="It may have been deleted.")
        return [found[key] for key in keys]

    def ids_of_regions(self, keys: Iterable[int]) -> dict[int, str]:
        """The ids of some regions, by key; those not there are left out."""
        with self.read() as connection:
            return {region.key: region.id for region in map(_region, _BY_KEY.rows(connection, list(keys)))}

    def regions_of(self, input_keys: Iterable[int]) -> list[Region]:
        """The regions on some inputs, whole images included, in order of creation."""
        with self.read() as connection:
            rows = _BY_INPUT.rows(connection, input_keys)
        return [_region(row) for row in sorted(rows)]


class RegionWriter(Writer):
    """What can be written about regions."""

    def add_regions(self, input_key: int, boxes: Iterable[Box]) -> list[int]:
        """The key of the region of each box on an input; a box that is there already keeps its region.

        Raises
        ------
        UnknownNameError
            If there is no such input.
        """
        boxes, input_key = list(boxes), int(input_key)
        there = self._boxes(input_key)
        fresh = [box for box in dict.fromkeys(boxes) if box not in there]
        if fresh:
            self._insert_boxes(input_key, fresh)
            there = self._boxes(input_key)
        return [there[box] for box in boxes]

    def delete_regions(self, ids: Iterable[str]) -> None:
        """Delete regions with their annotations and embeddings.

        Raises
        ------
        UnknownNameError
            With the nearest ids; nothing is deleted.
        QueryError
            If one is a whole image, which goes with its input.
        """
        keys = required(self.connection, regions.c.id, ids, kind="region")
        rows = _BY_KEY.rows(self.connection, keys)
        for region in map(_region, rows):
            if region.box is None:
                raise QueryError(f"region {region.id!r} is a whole image; delete the input instead")
        gone = [("regions", key, self.revision) for key in dict.fromkeys(keys)]
        bulk.write(self.connection, deletions, ["kind", "key", "revision"], gone)
        bulk.write_in(self.connection, delete(regions), regions.c.key, keys)
        self._touch_inputs(input_key for _, input_key, *_ in rows)

    def _boxes(self, input_key: int) -> dict[Box | None, int]:
        return {
            region.box: region.key for region in map(_region, _BY_INPUT.rows(self.connection, [input_key]))
        }

    def _insert_boxes(self, input_key: int, boxes: Sequence[Box]) -> None:
        input_id = self.connection.scalar(select(inputs.c.id).where(inputs.c.key == input_key))
        if input_id is None:
            raise UnknownNameError("input", f"key {input_key}", hint="It may have been deleted.")
        ids = [(_region_id(input_id, box, _SHORT_HASH), _region_id(input_id, box, None)) for box in boxes]
        taken = set(known(self.connection, regions.c.id, (short for short, _ in ids)))
        rows = []
        for box, (short, long) in zip(boxes, ids, strict=True):
            rows.append(
                (long if short in taken else short, input_key, *map(float, box), self.now, self.revision)
            )
            taken.add(short)
        columns = ["id", "input_key", *(side.name for side in _SIDES), "created_at", "revision"]
        bulk.write(self.connection, regions, columns, rows)
        self._touch_inputs([input_key])


def _region(row: bulk.Row) -> Region:
    key, input_key, id, *sides = row
    return Region(key, input_key, id, None if sides[0] is None else Box(*sides))


def _region_id(input_id: str, box: Box, digits: int | None) -> str:
    sides = struct.pack("<4d", *(side + 0.0 for side in box))  # + 0.0 makes -0.0 the zero it equals
    return f"{input_id}/{sha256(sides).hexdigest()[:digits]}"
