"""Reading what hits are made of: some regions with their inputs and annotations, on one connection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from ...values.source import Source
from ...values.types import Annotation, Input
from ..sql import bulk, schema
from ..sql.damage import as_stored
from ..sql.json_object import object_of
from ..sql.keys import refuse_missing
from ..sql.schema import inputs, regions, sources
from .annotation_reader import concepts_of
from .datasets import datasets_of
from .home import Home, PlaceReader
from .input_reader import input_of
from .regions import SIDES, Region, region_of

__all__ = ["FoundRegions", "HitReader", "ReadRegions"]

_WIDTH = 3 + len(SIDES)  # columns of a region; those of its input follow
_INPUT_ID = _WIDTH + list(inputs.c).index(inputs.c.id)
_REGIONS = bulk.Prepared(
    select(regions.c.key, regions.c.input_key, regions.c.id, *SIDES, inputs).join_from(regions, inputs),
    among=regions.c.key,
)
_SAID = schema.annotations
_ANNOTATIONS = bulk.Prepared(
    select(
        _SAID.c.key,
        _SAID.c.id,
        _SAID.c.region_key,
        sources.c.name,
        _SAID.c.status,
        _SAID.c.info,
        _SAID.c.created_at,
        _SAID.c.modified_at,
    ).join_from(_SAID, sources),
    among=_SAID.c.region_key,
)


@dataclass(frozen=True, slots=True, eq=False)
class FoundRegions:
    """Some regions, and what is known of them.

    Parameters
    ----------
    regions : mapping of int to Region
        By key.
    inputs : mapping of int to Input
        The inputs they are on, by key.
    annotations : mapping of int to sequence of Annotation
        Those of each region they were asked of and that has any, by its key, in order of creation.
    """

    regions: Mapping[int, Region]
    inputs: Mapping[int, Input]
    annotations: Mapping[int, Sequence[Annotation]]


@dataclass(frozen=True, slots=True, eq=False)
class ReadRegions:
    """What the tables say of some regions, all as of one moment; objects are made of it when they are wanted.

    Parameters
    ----------
    rows : mapping of int to tuple
        A region and the input it is on, by the region's key.
    members : mapping of int to tuple of str
        The datasets of those inputs that are in any, by the input's key.
    said : sequence of tuple
        The annotations, in order of creation.
    values : mapping of int to mapping of str to float
        The concepts of each annotation, by its key.
    home : Home
        What relative places are relative to.
    """

    rows: Mapping[int, bulk.Row]
    members: Mapping[int, tuple[str, ...]]
    said: Sequence[bulk.Row]
    values: Mapping[int, Mapping[str, float]]
    home: Home

    def input_ids(self, keys: Iterable[int]) -> list[str]:
        """The ids of the inputs that some regions are on, by the regions' keys, in their order."""
        rows = self.rows
        return [rows[key][_INPUT_ID] for key in keys]

    def found(self) -> FoundRegions:
        """The objects.

        Raises
        ------
        StoreError
            What was read is damaged.
        """
        of_inputs = {row[1]: row[_WIDTH:] for row in self.rows.values()}
        places = self.home.shown_all([row[2] for row in of_inputs.values()])
        with as_stored("stored hits"):
            shown = {
                key: input_of(row, self.members.get(key, ()), place)
                for (key, row), place in zip(of_inputs.items(), places, strict=True)
            }
            there = {key: region_of(row[:_WIDTH]) for key, row in self.rows.items()}
            said_by = {name: Source(name) for name in {row[3] for row in self.said}}
            by_region: dict[int, list[Annotation]] = {}
            for key, id, region_key, source, status, info, created_at, modified_at in self.said:
                region = there[region_key]
                one = Annotation(
                    id,
                    shown[region.input_key].id,
                    region.id,
                    region.box,
                    said_by[source],
                    self.values.get(key, {}),
                    status,
                    object_of(info) if info else {},
                    created_at,
                    modified_at,
                )
                by_region.setdefault(region_key, []).append(one)
        return FoundRegions(there, shown, by_region)


class HitReader(PlaceReader):
    """What hits are made of.

    Parameters
    ----------
    read : callable
        Opens a transaction that reads.
    home : Home
        What relative places are relative to.
    """

    def on_regions(self, keys: Collection[int], *, annotated: Collection[int]) -> ReadRegions:
        """What is stored of some regions with the inputs they are on, and of the annotations on some of them.

        Parameters
        ----------
        keys : collection of int
            Keys of regions.
        annotated : collection of int
            Those of them whose annotations are read.

        Raises
        ------
        UnknownNameError
            For the first key that is not there.
        """
        with self._read() as connection:
            rows = {row[0]: row for row in _REGIONS.rows(connection, keys)}
            refuse_missing(keys, rows, kind="region")
            members = datasets_of(connection, {row[1] for row in rows.values()})
            said = sorted(_ANNOTATIONS.rows(connection, annotated))
            values = concepts_of(connection, [row[0] for row in said])
        return ReadRegions(rows, members, said, values, self._home)
