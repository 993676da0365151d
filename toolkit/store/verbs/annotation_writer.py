"""Adding annotations to regions, and deleting them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Insert, Table, bindparam, delete, func, select, update

from ...errors import QueryError, UnknownNameError
from ...values.names import plain_name
from ...values.source import Source
from ...values.types import Json
from ..sql import bulk, schema
from ..sql.dialect import upsert
from ..sql.json_object import object_text
from ..sql.keys import ensured, known, required
from ..sql.schema import annotation_concepts, sources
from .access import Writer
from .annotation_reader import annotations_where
from .concept_writer import ensured_concepts
from .statements import NewAnnotation, Statement, combined

__all__ = ["AnnotationWriter"]


class AnnotationWriter(Writer):
    """What can be written about annotations. Every change advances the regions it is about."""

    def add(
        self,
        region: int,
        *,
        source: str,
        concepts: Mapping[str, float],
        status: str | None = None,
        info: Mapping[str, Json] | None = None,
        id: str | None = None,
    ) -> str:
        """The id of the annotation that now says this.

        Parameters
        ----------
        region : int
            Key of the region.
        source : str
            Who says it.
        concepts : mapping of str to float
            Concept id to value in [0, 1].
        status, info, id : optional
            As in `NewAnnotation`.

        Raises
        ------
        QueryError
            For a value outside [0, 1], a source that is none, an id of another region or source.
        """
        new = NewAnnotation(region, concepts=concepts, status=status, info=info, id=id)
        return self.add_many([new], source=source)[0]

    def add_many(self, new: Sequence[NewAnnotation], *, source: str) -> list[str]:
        """The id of the annotation that each one went to; the same as one after another, but fast.

        Parameters
        ----------
        new : sequence of NewAnnotation
            What to write, in order.
        source : str
            Who says it.

        Raises
        ------
        QueryError
            For a source that is none, or an id of another region or source.
        """
        source = Source(source).required()
        there = self._regions_named({one.id for one in new if one.id is not None}, source)
        latest = self._latest({one.region for one in new}, source)
        ids, statements = combined(new, latest=latest, there=there)
        if statements:
            self._write(statements, source, {*there, *latest.values()})
            self._transaction.touch_regions({statement.region for statement in statements.values()})
        return ids

    def delete(self, ids: Iterable[str]) -> None:
        """Delete annotations; the regions they are on stay.

        Raises
        ------
        UnknownNameError
            With the nearest ids; nothing is deleted.
        """
        keys = required(self._connection, schema.annotations.c.id, ids, kind="annotation")
        touched = self._regions_of(keys)
        bulk.write_in(self._connection, delete(schema.annotations), schema.annotations.c.key, keys)
        self._transaction.touch_regions(touched)

    def delete_by(self, source: str) -> None:
        """Delete every annotation of one source, as when a model has a new version.

        Raises
        ------
        UnknownNameError
            If there is no such source.
        """
        (source_key,) = required(self._connection, sources.c.name, [source], kind="source")
        by_source = schema.annotations.c.source_key == source_key
        touched = bulk.fetch(self._connection, select(schema.annotations.c.region_key).where(by_source))
        self._connection.execute(delete(schema.annotations).where(by_source))
        self._transaction.touch_regions(key for (key,) in touched)

    def delete_versions(self, region_keys: Collection[int], *, name: str, kept: Collection[str]) -> set[int]:
        """Delete what other versions of a model say of some regions; returns the keys of those it was about.

        Parameters
        ----------
        region_keys : collection of int
            Keys of regions.
        name : str
            Of the model, without a version.
        kept : collection of str
            Sources whose annotations stay.
        """
        found = bulk.fetch(self._connection, select(sources.c.key, sources.c.name))
        others = [
            key for key, source in found if source not in kept and Source(source).is_from(f"model:{name}")
        ]
        if not others:
            return set()
        of = schema.annotations.c
        there = bulk.fetch_in(
            self._connection,
            select(of.key, of.region_key).where(of.source_key.in_(others)),
            of.region_key,
            region_keys,
        )
        bulk.write_in(self._connection, delete(schema.annotations), of.key, [key for key, _ in there])
        regions = {region for _, region in there}
        self._transaction.touch_regions(regions)
        return regions

    def remove_concept(self, annotation_id: str, concept: str) -> None:
        """Take one concept out of an annotation.

        Parameters
        ----------
        annotation_id : str
            The annotation.
        concept : str
            The id of the concept.

        Raises
        ------
        UnknownNameError
            If there is no such annotation, or it does not say that.
        """
        keys = required(self._connection, schema.annotations.c.id, [annotation_id], kind="annotation")
        (old,) = annotations_where(self._connection, schema.annotations.c.key, keys)
        concept = plain_name(concept)
        if concept not in old.concepts:
            raise UnknownNameError(f"concept in annotation {annotation_id!r}", concept, old.concepts)
        remaining = {id: value for id, value in old.concepts.items() if id != concept}
        (region,) = self._regions_of(keys)
        self.add(region, source=old.source, concepts=remaining, id=annotation_id)

    def _regions_named(self, ids: Collection[str], source: str) -> dict[str, int]:
        """The regions of annotations that are there, by id."""
        columns = select(schema.annotations.c.id, schema.annotations.c.region_key, sources.c.name)
        found = bulk.fetch_in(
            self._connection, columns.join_from(schema.annotations, sources), schema.annotations.c.id, ids
        )
        for id, _, name in found:
            if name != source:
                raise QueryError(f"annotation {id!r} is by {name!r}, not by {source!r}; give another id")
        return {id: region for id, region, _ in found}

    def _latest(self, regions: Collection[int], source: str) -> dict[int, str]:
        """The latest annotation of a source on each of some regions."""
        of, name = schema.annotations.c, schema.sources.c.name
        columns = select(of.key, of.region_key, of.id, name).join_from(schema.annotations, schema.sources)
        found = bulk.fetch_in(self._connection, columns, of.region_key, regions)
        # Asked for one source, SQLite would go through all its annotations.
        return {region: id for _, region, id, by in sorted(found) if by == source}

    def _regions_of(self, keys: Collection[int]) -> list[int]:
        found = bulk.fetch_in(
            self._connection, select(schema.annotations.c.region_key), schema.annotations.c.key, keys
        )
        return [region for (region,) in found]

    def _write(self, statements: Mapping[str, Statement], source: str, written: Collection[str]) -> None:
        """Write statements, some of them about annotations that were written before."""
        source_key = ensured(self._connection, sources.c.name, [source])[source]
        there = known(self._connection, schema.annotations.c.id, statements.keys() & written)
        fresh = {id: one for id, one in statements.items() if id not in there}
        self._insert_annotations(fresh, source_key)
        self._update_annotations({there[id]: one for id, one in statements.items() if id in there})
        keys = there | known(self._connection, schema.annotations.c.id, fresh)
        places: dict[int, int] = {}
        if Source(source).is_human:
            places = self._last_places(
                there[id] for id, one in statements.items() if id in there and not one.replaces
            )
            places = {key: places.get(key, 0) for key in keys.values()}
        new = {keys[id]: one.concepts for id, one in fresh.items()}
        self._write_concepts(annotation_concepts, new, after=places)
        more = {there[id]: one.concepts for id, one in statements.items() if id in there}
        into = upsert(self._connection, annotation_concepts, update=["value"])
        self._write_concepts(into, more, after=places)

    def _insert_annotations(self, statements: Mapping[str, Statement], source_key: int) -> None:
        rows = [
            (
                id,
                int(one.region),
                source_key,
                one.status or "success",
                object_text(one.info or {}),
                self._transaction.now,
                self._transaction.now,
            )
            for id, one in statements.items()
        ]
        columns = ["id", "region_key", "source_key", "status", "info", "created_at", "modified_at"]
        bulk.write(self._connection, schema.annotations, columns, rows)

    def _update_annotations(self, statements: Mapping[int, Statement]) -> None:
        replaced = [key for key, one in statements.items() if one.replaces]
        of = annotation_concepts.c.annotation_key
        bulk.write_in(self._connection, delete(annotation_concepts), of, replaced)
        stamp = update(schema.annotations).values(modified_at=self._transaction.now)
        bulk.write_in(self._connection, stamp, schema.annotations.c.key, statements)
        of_key = update(schema.annotations).where(schema.annotations.c.key == bindparam("of"))
        for column, new in (
            ("status", {key: one.status for key, one in statements.items() if one.status is not None}),
            ("info", {key: object_text(one.info) for key, one in statements.items() if one.info is not None}),
        ):
            if new:
                rows = [{"of": key, "new": value} for key, value in new.items()]
                self._connection.execute(of_key.values({column: bindparam("new")}), rows)

    def _last_places(self, keys: Iterable[int]) -> dict[int, int]:
        """The place of the last concept of annotations that are added to; those without one are left out."""
        of = annotation_concepts.c
        places = select(of.annotation_key, func.max(of.position)).group_by(of.annotation_key)
        found = bulk.fetch_in(self._connection, places, of.annotation_key, list(keys))
        return {key: place for key, place in found if place is not None}

    def _write_concepts(
        self,
        into: Table | Insert,
        concepts_by_key: Mapping[int, Mapping[str, float]],
        *,
        after: Mapping[int, int],
    ) -> None:
        """Write the concepts of annotations; in order after a place, where an annotation has an order."""
        named = (concept for values in concepts_by_key.values() for concept in values)
        concept_keys = ensured_concepts(self._connection, named, now=self._transaction.now)
        rows = [
            (key, concept_keys[concept], float(value), after[key] + at if key in after else None)
            for key, values in concepts_by_key.items()
            for at, (concept, value) in enumerate(values.items(), 1)
        ]
        bulk.write(self._connection, into, ["annotation_key", "concept_key", "value", "position"], rows)
