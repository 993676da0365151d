"""Annotations: what people and models said of regions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, select

from ..values.source import Source
from ..values.types import Annotation, Box
from . import bulk, schema
from .chapter import Reader
from .json_object import object_of
from .keys import required
from .schema import annotation_concepts, concepts, inputs, regions, sources

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
_SAID = bulk.Prepared(
    select(
        annotation_concepts.c.annotation_key,
        annotation_concepts.c.concept_key,
        concepts.c.id,
        annotation_concepts.c.value,
    ).join_from(annotation_concepts, concepts),
    among=annotation_concepts.c.annotation_key,
)


class AnnotationReader(Reader):
    """What can be read about annotations."""

    def annotation(self, id: str) -> Annotation:
        """The annotation of that id.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        """
        with self.read() as connection:
            keys = required(connection, schema.annotations.c.id, [id], kind="annotation")
            return annotations_where(connection, schema.annotations.c.key, keys)[0]

    def annotations_of(self, region_keys: Iterable[int]) -> list[Annotation]:
        """All that was said of some regions, in order of creation."""
        with self.read() as connection:
            return _annotations(connection, _BY_REGION.rows(connection, region_keys))

    def sources(self) -> list[str]:
        """Everyone who ever said something: ``human:<user>`` or ``model:<name>@<version>``."""
        with self.read() as connection:
            names = bulk.fetch(connection, select(sources.c.name).order_by(sources.c.key))
        return [name for (name,) in names]


def annotations_where(
    connection: Connection, column: Column[Any], values: Iterable[object]
) -> list[Annotation]:
    """The annotations that have one of some values in a column, in order of creation."""
    return _annotations(connection, bulk.fetch_in(connection, _SELECT, column, values))


def _annotations(connection: Connection, found: Iterable[bulk.Row]) -> list[Annotation]:
    rows = sorted(found)
    said = _concepts_of(connection, (row[0] for row in rows))
    return [_annotation(row, said.get(row[0], {})) for row in rows]


def _concepts_of(connection: Connection, annotation_keys: Iterable[int]) -> dict[int, dict[str, float]]:
    """Concept ids and values of those annotations that have any, by key."""
    found: dict[int, dict[str, float]] = {}
    for key, _, concept, value in sorted(_SAID.rows(connection, annotation_keys)):
        found.setdefault(key, {})[concept] = value
    return found


def _annotation(row: bulk.Row, said: dict[str, float]) -> Annotation:
    _, id, input_id, region_id, source, status, info, created_at, modified_at, *sides = row
    box = None if sides[0] is None else Box(*sides)
    return Annotation(
        id, input_id, region_id, box, Source(source), said, status, object_of(info), created_at, modified_at
    )
