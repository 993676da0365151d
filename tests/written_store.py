"""Rows written into the tables by hand, for tests of what only reads them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, Table, create_engine, delete, event, insert, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import StaticPool

from toolkit.store.sql import schema

WHOLE = (None, None, None, None)


class WrittenStore:
    """A store of the plainest kind; every call is one revision."""

    def __init__(self, path: Path | None = None) -> None:
        self.engine = _engine(path)
        self.now = 0.0
        schema.metadata.create_all(self.engine)
        with self.engine.begin() as connection:
            if not connection.execute(select(schema.properties)).first():
                store_id = f'"{secrets.token_hex(8)}"'
                connection.execute(insert(schema.properties).values(name="store_id", value=store_id))

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def revision(self) -> Iterator[tuple[Connection, int]]:
        self.now += 1.0
        with self.engine.begin() as connection:
            row = {"token": secrets.token_hex(8), "created_at": self.now}
            yield connection, _key(connection.execute(insert(schema.revisions).values(**row)))

    def keys(self, table: Table) -> list[int]:
        with self.read() as connection:
            return list(connection.scalars(select(table.c.key).order_by(table.c.key)))

    def add(self, *, regions: int = 0, count: int = 1, **columns: Any) -> list[int]:
        """Inputs with their whole rows and some regions each; the keys of all rows."""
        rows = []
        with self.revision() as (connection, revision):
            for _ in range(count):
                id = secrets.token_hex(8)
                values = {
                    "id": id, "uri": id, "sha256": id * 4, "width": 4, "height": 3, "status": "success",
                    "created_at": self.now, "modified_at": self.now, "revision": revision,
                }  # fmt: skip
                key = _key(connection.execute(insert(schema.inputs).values(values | columns)))
                boxes = [WHOLE, *((0.0, 0.0, 0.5, (n + 1) / 8) for n in range(regions))]
                rows += [self._region(connection, revision, key, box) for box in boxes]
        return rows

    def _region(self, connection: Connection, revision: int, input: int, box: Sequence[float | None]) -> int:
        sides = dict(zip(("top_row", "left_col", "bottom_row", "right_col"), box, strict=True))
        values = {
            "id": secrets.token_hex(8),
            "input_key": input,
            "created_at": self.now,
            "revision": revision,
        }
        return _key(connection.execute(insert(schema.regions).values(values | sides)))

    def add_region(self, input: int, box: Sequence[float]) -> int:
        with self.revision() as (connection, revision):
            return self._region(connection, revision, input, box)

    def change_input(self, key: int, **columns: Any) -> None:
        with self.revision() as (connection, revision):
            changed = update(schema.inputs).where(schema.inputs.c.key == key)
            connection.execute(changed.values(modified_at=self.now, revision=revision, **columns))

    def move_region(self, key: int, right_col: float) -> None:
        with self.revision() as (connection, revision):
            moved = update(schema.regions).where(schema.regions.c.key == key)
            connection.execute(moved.values(right_col=right_col, revision=revision))

    def delete(self, table: Table, key: int) -> None:
        with self.revision() as (connection, revision):
            connection.execute(delete(table).where(table.c.key == key))
            gone = {"kind": table.name, "key": key, "revision": revision}
            connection.execute(insert(schema.deletions).values(gone))

    def annotate(
        self,
        region: int,
        concepts: Mapping[str, float],
        *,
        source: str = "human:me",
        status: str = "success",
        modified_at: float | None = None,
    ) -> int:
        with self.revision() as (connection, revision):
            source_key = _named(connection, schema.sources, "name", source)
            now = self.now if modified_at is None else modified_at
            values = {
                "id": secrets.token_hex(8), "region_key": region, "source_key": source_key, "status": status,
                "info": f'{{"of":{region}}}', "created_at": self.now, "modified_at": now,
            }  # fmt: skip
            key = _key(connection.execute(insert(schema.annotations).values(values)))
            _say(connection, key, concepts)
            _touch(connection, revision, [region])
        return key

    def revise(self, annotation: int, concepts: Mapping[str, float]) -> None:
        said = schema.annotation_concepts
        with self.revision() as (connection, revision):
            connection.execute(delete(said).where(said.c.annotation_key == annotation))
            _say(connection, annotation, concepts)
            changed = update(schema.annotations).where(schema.annotations.c.key == annotation)
            connection.execute(changed.values(modified_at=self.now))
            _touch(connection, revision, _regions_of(connection, [annotation]))

    def retract(self, annotation: int) -> None:
        with self.revision() as (connection, revision):
            _touch(connection, revision, _regions_of(connection, [annotation]))
            connection.execute(delete(schema.annotations).where(schema.annotations.c.key == annotation))

    def add_concept(self, id: str) -> None:
        with self.revision() as (connection, _):
            _named(connection, schema.concepts, "id", id)

    def delete_concept(self, key: int) -> None:
        said = schema.annotation_concepts
        with self.revision() as (connection, revision):
            mentions = select(said.c.annotation_key).where(said.c.concept_key == key)
            _touch(connection, revision, _regions_of(connection, connection.scalars(mentions).all()))
            connection.execute(delete(schema.concepts).where(schema.concepts.c.key == key))

    def embed(self, space: str, vectors: Mapping[int, Sequence[float]]) -> None:
        """Vectors of regions; the size of the first is that of a new space."""
        with self.revision() as (connection, revision):
            dimension = len(next(iter(vectors.values())))
            key = _named(connection, schema.spaces, "name", space, embedder="test", dimension=dimension)
            for region, vector in vectors.items():
                row = {"vector": np.asarray(vector, "<f4").tobytes(), "revision": revision}
                added = sqlite.insert(schema.embeddings).values(space_key=key, region_key=region, **row)
                connection.execute(added.on_conflict_do_update(set_=row))

    def put(self, dataset: str, inputs: Sequence[int]) -> None:
        with self.revision() as (connection, revision):
            key = _named(connection, schema.datasets, "name", dataset)
            for input in inputs:
                member = sqlite.insert(schema.dataset_inputs).values(dataset_key=key, input_key=input)
                connection.execute(member.on_conflict_do_nothing())
            changed = update(schema.inputs).where(schema.inputs.c.key.in_(inputs))
            connection.execute(changed.values(revision=revision))

    def take_out(self, dataset: str, input: int) -> None:
        member = schema.dataset_inputs.c
        with self.revision() as (connection, revision):
            key = _named(connection, schema.datasets, "name", dataset)
            gone = delete(schema.dataset_inputs).where(member.dataset_key == key, member.input_key == input)
            connection.execute(gone)
            changed = update(schema.inputs).where(schema.inputs.c.key == input)
            connection.execute(changed.values(revision=revision))


def _engine(path: Path | None) -> Engine:
    if path is None:
        shared = {"check_same_thread": False}
        engine = create_engine("sqlite://", poolclass=StaticPool, connect_args=shared)
    else:
        engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _connected(connection: Any, _: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")


def _key(result: Any) -> int:
    return int(result.inserted_primary_key[0])


def _named(connection: Connection, table: Table, column: str, name: str, **columns: Any) -> int:
    key = connection.scalar(select(table.c.key).where(table.c[column] == name))
    if key is not None:
        return int(key)
    if table is schema.concepts:
        columns = {"definition": "", "created_at": 0.0}
    return _key(connection.execute(insert(table).values({column: name} | columns)))


def _say(connection: Connection, annotation: int, concepts: Mapping[str, float]) -> None:
    for id, value in concepts.items():
        concept = _named(connection, schema.concepts, "id", id)
        row = {"annotation_key": annotation, "concept_key": concept, "value": value}
        connection.execute(insert(schema.annotation_concepts).values(row))


def _touch(connection: Connection, revision: int, regions: Sequence[int]) -> None:
    changed = update(schema.regions).where(schema.regions.c.key.in_(regions))
    connection.execute(changed.values(revision=revision))


def _regions_of(connection: Connection, annotations: Sequence[int]) -> Sequence[int]:
    said = schema.annotations.c
    return connection.scalars(select(said.region_key).where(said.key.in_(annotations))).all()
