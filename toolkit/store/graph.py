"""What lies above and below a concept, by the relations that are stored."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import CTE, Connection, exists, select

from . import bulk
from .chapter import Reader
from .schema import annotation_concepts, concept_relations, concepts

__all__ = ["GraphReader"]

_DOWN = "hyponym", "synonym"


class GraphReader(Reader):
    """What can be read about how concepts relate."""

    def concepts_below(self, id: str) -> tuple[str, ...]:
        """The concept, its synonyms, and all concepts below any of them, in order of creation; each once.

        A concept that nobody knows has nothing below it, not even itself.
        """
        with self.read() as connection:
            below = _reached(id, _DOWN)
            found = select(concepts.c.id).join(below, below.c.key == concepts.c.key).order_by(concepts.c.key)
            ids = [one for (one,) in bulk.fetch(connection, found)]
        return tuple(sorted(ids, key=lambda one: one != id))  # itself first

    def concepts_above(self, id: str) -> tuple[str, ...]:
        """All concepts above one, the nearest first; synonyms are as near as the concept itself."""
        level: Sequence[str] = [id]
        found: dict[str, None] = {id: None}
        with self.read() as connection:
            while level:
                level = [one for one in _one_up(connection, level) if one not in found]
                found |= dict.fromkeys(level)
        return tuple(found)[1:]

    def said_concepts(self) -> frozenset[str]:
        """The concepts that any annotation mentions."""
        said = exists().where(annotation_concepts.c.concept_key == concepts.c.key)
        with self.read() as connection:
            # One look at an index per concept: far fewer than there are annotations.
            return frozenset(id for (id,) in bulk.fetch(connection, select(concepts.c.id).where(said)))


def _reached(id: str, predicates: Sequence[str]) -> CTE:
    """The keys that lead away from a concept along some relations; the database walks, circles end by themselves."""
    relations = concept_relations.c
    walk = select(concepts.c.key).where(concepts.c.id == id).cte("walk", recursive=True)
    step = select(relations.object_key).join(walk, relations.subject_key == walk.c.key)
    return walk.union(step.where(relations.predicate.in_(predicates)))


def _one_up(connection: Connection, ids: Sequence[str]) -> list[str]:
    subject, object, relations = concepts.alias(), concepts.alias(), concept_relations.c
    up = (
        select(relations.predicate, object.c.key, object.c.id)
        .join(subject, subject.c.key == relations.subject_key)
        .join(object, object.c.key == relations.object_key)
        .where(relations.predicate.in_(("hypernym", "synonym")))
    )
    found = sorted(bulk.fetch_in(connection, up, subject.c.id, ids))
    # A synonym of a kind is as near as the kind itself.
    return list(dict.fromkeys(id for _, _, id in sorted(found, key=lambda row: row[0] != "synonym")))
