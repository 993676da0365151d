"""Pages of what there is much of: inputs, annotations and concepts, each in order of creation."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, func, select

from ..errors import QueryError
from ..languages import fold
from ..values.source import Source
from ..values.types import Annotation, Concept, Input
from . import bulk, schema
from .annotations import annotations_where
from .concepts import ConceptReader
from .inputs import InputReader
from .keys import known
from .schema import concept_names, concepts, inputs, regions, sources

__all__ = ["PageReader"]

LONGEST_PATTERN = 1000  # SQLite takes 50,000 bytes, and long patterns make it slow


class PageReader(InputReader, ConceptReader):
    """What can be read page by page."""

    def input_ids(self) -> list[str]:
        """The ids of all inputs."""
        with self.read() as connection:
            return [id for (id,) in bulk.fetch(connection, select(inputs.c.id).order_by(inputs.c.key))]

    def input_page(self, *, offset: int, limit: int, status: str | None = None) -> list[Input]:
        """Some of the inputs, of one status or of all."""
        chosen = select(inputs.c.key).order_by(inputs.c.key).limit(limit).offset(offset)
        if status is not None:
            chosen = chosen.where(inputs.c.status == status)
        with self.read() as connection:
            return self.inputs([key for (key,) in bulk.fetch(connection, chosen)])

    def count_inputs(self) -> dict[str, int]:
        """How many inputs have each status."""
        status = inputs.c.status
        with self.read() as connection:
            return dict(bulk.fetch(connection, select(status, func.count()).group_by(status)))

    def known_inputs(self, ids: Collection[str]) -> set[str]:
        """Those of some ids that are inputs."""
        with self.read() as connection:
            return set(known(connection, inputs.c.id, ids))

    def inputs_from(self, uri: str) -> list[str]:
        """The ids of all inputs that came from a place, to the letter."""
        chosen = select(inputs.c.id).where(inputs.c.uri == uri).order_by(inputs.c.key)
        with self.read() as connection:
            return [id for (id,) in bulk.fetch(connection, chosen)]

    def annotation_ids(self) -> list[str]:
        """The ids of all annotations."""
        with self.read() as connection:
            of = schema.annotations.c
            return [id for (id,) in bulk.fetch(connection, select(of.id).order_by(of.key))]

    def annotation_page(
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
            Full names or their beginnings: ``human`` is everybody.
        statuses : collection of str, optional
            Words.
        """
        with self.read() as connection:
            chosen = _annotations(connection, sources, statuses)
            if ids is None and inputs is None:
                found = bulk.fetch(connection, chosen.limit(limit).offset(offset))
            else:
                found = _named(connection, chosen, ids, inputs)[offset : offset + limit]
            keys = [key for key, *_ in found]
            return annotations_where(connection, schema.annotations.c.key, keys)

    def concept_page(self, *, offset: int, limit: int) -> list[Concept]:
        """Some of the concepts."""
        chosen = select(concepts.c.id).order_by(concepts.c.key).limit(limit).offset(offset)
        with self.read() as connection:
            return self.concepts([id for (id,) in bulk.fetch(connection, chosen)])

    def concepts_like(
        self, pattern: str, *, language: str | None = None, offset: int, limit: int
    ) -> list[Concept]:
        """Some of the concepts with a name in which ``*`` stands for anything; those that prefer it first.

        Raises
        ------
        QueryError
            A pattern of more than 1,000 characters.
        """
        best = func.min(concept_names.c.position)
        fitting = select(concepts.c.id).join_from(concept_names, concepts)
        fitting = fitting.where(concept_names.c.folded.like(_like(pattern), escape="/"))
        if language is not None:
            fitting = fitting.where(concept_names.c.language == language)
        fitting = fitting.group_by(concepts.c.key, concepts.c.id).order_by(best, concepts.c.key)
        with self.read() as connection:
            ids = bulk.fetch(connection, fitting.limit(limit).offset(offset))
            return self.concepts([id for (id,) in ids])


def _annotations(
    connection: Connection, wanted: Collection[str] | None, statuses: Collection[str] | None
) -> Select[Any]:
    """Key, id and input id of annotations, in order of creation."""
    said = schema.annotations.c
    joined = schema.annotations.join(regions).join(inputs)
    chosen = select(said.key, said.id, inputs.c.id).select_from(joined).order_by(said.key)
    if wanted is not None:
        named = bulk.fetch(connection, select(sources.c.key, sources.c.name))
        keys = [key for key, name in named if any(Source(name).is_from(one) for one in wanted)]
        chosen = chosen.where(said.source_key.in_(keys))
    if statuses is not None:
        chosen = chosen.where(said.status.in_(sorted(set(statuses))))
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


def _like(pattern: str) -> str:
    """The pattern as SQL's ``LIKE`` reads it, with ``/`` before what is meant to the letter."""
    if len(pattern) > LONGEST_PATTERN:
        raise QueryError(f"a pattern has at most {LONGEST_PATTERN:,} characters, not {len(pattern):,}")
    pieces = (fold(piece) for piece in pattern.split("*"))
    return "%".join(piece.replace("/", "//").replace("%", "/%").replace("_", "/_") for piece in pieces)
