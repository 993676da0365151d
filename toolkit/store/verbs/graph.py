"""What lies above and below a concept, by the relations that are stored."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Exists, Select, bindparam, exists, or_, select

from ...values.names import plain_name
from ..sql import bulk
from ..sql.schema import concept_relations, concepts
from .access import Reader

__all__ = ["GraphReader"]


class GraphReader(Reader):
    """What can be read about how concepts relate."""

    def below(self, id: str, *, exact: bool = False) -> tuple[str, ...]:
        """The concept, its synonyms, and all concepts below any of them, in order of creation; each once.

        A concept that is not stored has nothing below it, not even itself.

        Parameters
        ----------
        id : str
            Of the concept.
        exact : bool
            Whether the concept's own synonyms, and what is below those alone, are left out.
        """
        walks = (_ITSELF, _KINDS) if exact else (_BELOW,)
        with self._read() as connection:
            ids = [one for walk in walks for (one,) in walk.rows(connection, id=plain_name(id))]
        return tuple(sorted(ids, key=lambda one: one != plain_name(id)))  # itself first

    def same(self, id: str) -> tuple[str, ...]:
        """The concept, and its synonyms; nothing if it is not stored."""
        with self._read() as connection:
            ids = [one for (one,) in _SAME.rows(connection, id=plain_name(id))]
        return tuple(sorted(ids, key=lambda one: one != plain_name(id)))

    def above(self, id: str) -> tuple[str, ...]:
        """All concepts above one, the nearest first; synonyms are as near as the concept itself."""
        return tuple(one for level in self.levels_above(id) for one in level)

    def levels_above(self, id: str) -> list[list[str]]:
        """All concepts above one, by how many steps they are above it, from one."""
        level: Sequence[str] = [plain_name(id)]
        found: dict[str, None] = dict.fromkeys(level)
        levels: list[list[str]] = []
        with self._read() as connection:
            while level := [one for one in _one_up(connection, level) if one not in found]:
                found |= dict.fromkeys(level)
                levels.append(level)
        return levels

    def is_related(self, id: str) -> bool:
        """Whether anything is said of what a concept is to another."""
        with self._read() as connection:
            return bool(_RELATED.rows(connection, id=plain_name(id)))

    def top(self) -> list[str]:
        """The concepts that something lies below and nothing above, in order of creation."""
        with self._read() as connection:
            return [one for (one,) in _TOP.rows(connection)]


def _itself() -> Select[tuple[int]]:
    return select(concepts.c.key).where(concepts.c.id == bindparam("id"))


def _hyponyms() -> Select[tuple[int]]:
    relations = concept_relations.c
    below = select(relations.object_key.label("key")).join(concepts, concepts.c.key == relations.subject_key)
    return below.where(concepts.c.id == bindparam("id"), relations.predicate == "hyponym")


def _walk(start: Select[tuple[int]], *predicates: str) -> Select[tuple[str]]:
    """Where relations of a kind lead; the database walks, circles end by themselves."""
    relations = concept_relations.c
    first = start.cte("walk", recursive=True)
    step = select(relations.object_key).join(first, relations.subject_key == first.c.key)
    walk = first.union(step.where(or_(*(relations.predicate == one for one in predicates))))
    return select(concepts.c.id).join(walk, walk.c.key == concepts.c.key).order_by(concepts.c.key)


def _has(predicate: str) -> Exists:
    relations = concept_relations.c
    return exists().where(relations.subject_key == concepts.c.key, relations.predicate == predicate)


_RELATED = bulk.Prepared(
    select(concepts.c.id)
    .where(concepts.c.id == bindparam("id"))
    .where(exists().where(concept_relations.c.subject_key == concepts.c.key))
)
_SAME = bulk.Prepared(_walk(_itself(), "synonym"))
_BELOW = bulk.Prepared(_walk(_itself(), "hyponym", "synonym"))
_ITSELF = bulk.Prepared(select(concepts.c.id).where(concepts.c.id == bindparam("id")))
_KINDS = bulk.Prepared(_walk(_hyponyms(), "hyponym", "synonym"))
_TOP = bulk.Prepared(select(concepts.c.id).where(_has("hyponym"), ~_has("hypernym")).order_by(concepts.c.key))


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
