"""Reading annotations: the concepts that people and models give to regions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Column, Connection, Select, func, select

from ...values.source import Source
from ...values.types import Annotation, Box
from ..sql import bulk, schema
from ..sql.damage import as_stored
from ..sql.json_object import object_of
from ..sql.keys import required
from ..sql.schema import annotation_concepts, concepts, inputs, regions, sources
from .access import Reader

__all__ = ["AnnotationReader", "annotations_where"]

_COLUMNS = [
    schema.annotations.c.key,
    schema.annotations.c.id,
    inputs.c.id,
    regions.c.id,
    sources.c.name,
    schema.annotations.c.status,
    schema.annotations.c.info,
    schema.annotations.c.created_at,
    schema.annotations.c.modified_at,
    regions.c.top_row,
    regions.c.left_col,
    regions.c.bottom_row,
    regions.c.right_col,
]
_SELECT = select(*_COLUMNS).select_from(schema.annotations.join(sources).join(regions).join(inputs))
_BY_REGION = bulk.Prepared(_SELECT, among=schema.annotations.c.region_key)
_VALUES = bulk.Prepared(
    select(
        annotation_concepts.c.annotation_key,
        func.coalesce(annotation_concepts.c.position, 0),
        annotation_concepts.c.concept_key,
        concepts.c.id,
        annotation_concepts.c.value,
    ).join_from(annotation_concepts, concepts),
    among=annotation_concepts.c.annotation_key,
)


class AnnotationReader(Reader):
    """What can be read about annotations."""

    def get(self, id: str) -> Annotation:
        """The annotation of that id.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        """
        with self._read() as connection:
            keys = required(connection, schema.annotations.c.id, [id], kind="annotation")
            return annotations_where(connection, schema.annotations.c.key, keys)[0]

    def on_regions(self, region_keys: Iterable[int]) -> list[Annotation]:
        """The annotations of some regions, in order of creation."""
        with self._read() as connection:
            return _annotations(connection, _BY_REGION.rows(connection, region_keys))

    def ids(self) -> list[str]:
        """The ids of all annotations."""
        with self._read() as connection:
            of = schema.annotations.c
            return [id for (id,) in bulk.fetch(connection, select(of.id).order_by(of.key))]

    def page(
        self,
        *,
        offset: int,
        limit: int,
        ids: Collection[str] | None = None,
        inputs: Collection[str] | None = None,
        sources: Collection[str] | None = None,
        statuses: Collection[str] | None = None,
    ) -> list[Annotation]:
        """Some of the annotations that meet every condition given.

        Parameters
        ----------
        ids, inputs : collection of str, optional
            Ids of annotations; ids of the inputs they are about.
        sources : collection of str, optional
            Full names or their beginnings: ``human`` is all people.
        statuses : collection of str, optional
            Status words.
        """
        with self._read() as connection:
            chosen = _chosen(connection, sources, statuses)
            if ids is None and inputs is None:
                found = bulk.fetch(connection, chosen.limit(limit).offset(offset))
            else:
                found = _named(connection, chosen, ids, inputs)[offset : offset + limit]
            keys = [key for key, *_ in found]
            return annotations_where(connection, schema.annotations.c.key, keys)

    def sources(self) -> list[str]:
        """Every source of an annotation: ``human:<user>`` or ``model:<name>@<version>``."""
        with self._read() as connection:
            names = bulk.fetch(connection, select(sources.c.name).order_by(sources.c.key))
        return [name for (name,) in names]


def annotations_where(
    connection: Connection, column: Column[Any], values: Iterable[object]
) -> list[Annotation]:
    """The annotations that have one of some values in a column, in order of creation.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    column : Column
        The column to look in.
    values : iterable
        Any number of values.
    """
    return _annotations(connection, bulk.fetch_in(connection, _SELECT, column, values))


@as_stored("stored annotations")
def _annotations(connection: Connection, found: Iterable[bulk.Row]) -> list[Annotation]:
    rows = sorted(found)
    concepts_by_key = _concepts_of(connection, [row[0] for row in rows])
    sources = {name: Source(name) for name in {row[4] for row in rows}}
    return [_annotation(row, concepts_by_key.get(row[0], {}), sources[row[4]]) for row in rows]


def _concepts_of(connection: Connection, annotation_keys: Iterable[int]) -> dict[int, dict[str, float]]:
    """Concept ids and values of those annotations that have any, by key; in the order in which a person wrote them."""
    found: dict[int, dict[str, float]] = {}
    for key, _, _, concept, value in sorted(_VALUES.rows(connection, annotation_keys)):
        found.setdefault(key, {})[concept] = value
    return found


def _annotation(row: bulk.Row, values: dict[str, float], source: Source) -> Annotation:
    _, id, input_id, region_id, _, status, info, created_at, modified_at, *sides = row
    box = None if sides[0] is None else Box(*sides)
    return Annotation(
        id,
        input_id,
        region_id,
        box,
        source,
        values,
        status,
        object_of(info) if info else {},
        created_at,
        modified_at,
    )


def _chosen(
    connection: Connection, wanted: Collection[str] | None, statuses: Collection[str] | None
) -> Select[Any]:
    """Key, id and input id of annotations, in order of creation."""
    columns = schema.annotations.c
    joined = schema.annotations.join(regions).join(inputs)
    chosen = select(columns.key, columns.id, inputs.c.id).select_from(joined).order_by(columns.key)
    if wanted is not None:
        named = bulk.fetch(connection, select(sources.c.key, sources.c.name))
        keys = [key for key, name in named if any(Source(name).is_from(one) for one in wanted)]
        chosen = chosen.where(columns.source_key.in_(keys))
    if statuses is not None:
        chosen = chosen.where(columns.status.in_(sorted(set(statuses))))
    return chosen


def _named(
    connection: Connection, chosen: Select[Any], ids: Collection[str] | None, of: Collection[str] | None
) -> list[bulk.Row]:
    """Those among some ids, on some inputs, or both; there may be more of either than a statement has parameters."""
    column, names = (schema.annotations.c.id, ids) if ids is not None else (inputs.c.id, of)
    # Asked for an order, SQLite would go through the whole table along its key.
    found = sorted(bulk.fetch_in(connection, chosen.order_by(None), column, names or ()))
    wanted = None if ids is None or of is None else set(of)
    return [row for row in found if wanted is None or row[2] in wanted]
