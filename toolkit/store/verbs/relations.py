"""How concepts relate: every relation is stored both ways, and nothing is its own hypernym."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

from sqlalchemy import Connection, delete, select

from ...errors import QueryError
from ...values.names import plain_name
from ..sql import bulk
from ..sql.dialect import upsert
from ..sql.keys import required
from ..sql.schema import concept_relations, concepts

__all__ = ["relate", "relations_of", "unrelate"]

_INVERSE = {"hypernym": "hyponym", "hyponym": "hypernym", "synonym": "synonym"}
_COLUMNS = ["subject_key", "predicate", "object_key"]

Relation = tuple[int, str, int]


def relations_of(connection: Connection, keys: Iterable[int]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Concept ids by predicate, in order of creation, of those concepts that have relations, by key.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    keys : iterable of int
        Keys of concepts.
    """
    relations = concept_relations.c
    columns = select(relations.subject_key, relations.predicate, relations.object_key, concepts.c.id)
    joined = columns.join(concepts, relations.object_key == concepts.c.key)
    found: dict[int, dict[str, tuple[str, ...]]] = {}
    for key, predicate, _, id in sorted(bulk.fetch_in(connection, joined, relations.subject_key, keys)):
        by_predicate = found.setdefault(key, {})
        by_predicate[predicate] = (*by_predicate.get(predicate, ()), id)
    return found


def relate(connection: Connection, wanted: Sequence[tuple[str, str, str]]) -> bool:
    """Whether any of some relations was new; all are stored now.

    Parameters
    ----------
    connection : Connection
        Inside a transaction that writes.
    wanted : sequence of (str, str, str)
        Subject id, predicate and object id of each.

    Raises
    ------
    UnknownNameError
        With the nearest ids.
    QueryError
        For another predicate, or if a concept would be its own hypernym.
    """
    both_ways = _both_ways(connection, wanted)
    there = _stored(connection, {subject for subject, _, _ in both_ways})
    new = [relation for relation in both_ways if relation not in there]
    if not new:
        return False
    bulk.write(connection, upsert(connection, concept_relations), _COLUMNS, new)
    _refuse_cycles(connection, {subject for subject, predicate, _ in new if predicate == "hypernym"})
    return True


def unrelate(connection: Connection, subject: str, predicate: str, object: str) -> bool:
    """Whether the relation was there; it is gone now, with its inverse.

    Parameters
    ----------
    connection : Connection
        Inside a transaction that writes.
    subject : str
        Id of a concept.
    predicate : str
        ``hypernym``, ``hyponym`` or ``synonym``: what the object is of the subject.
    object : str
        Id of another concept.

    Raises
    ------
    UnknownNameError
        With the nearest ids.
    QueryError
        For another predicate.
    """
    relations, gone = concept_relations.c, 0
    for subject_key, name, object_key in _both_ways(connection, [(subject, predicate, object)]):
        this = (
            relations.subject_key == subject_key,
            relations.predicate == name,
            relations.object_key == object_key,
        )
        gone += connection.execute(delete(concept_relations).where(*this)).rowcount
    return gone > 0


def _both_ways(connection: Connection, wanted: Sequence[tuple[str, str, str]]) -> list[Relation]:
    """Each relation and its inverse, once, by key."""
    wanted = [(plain_name(subject), predicate, plain_name(object)) for subject, predicate, object in wanted]
    for subject, predicate, object in wanted:
        if predicate not in _INVERSE:
            raise QueryError(f"{predicate!r} is not a relation of concepts; there are: {', '.join(_INVERSE)}")
        if subject == object:
            raise QueryError(f"concept {subject!r} cannot be a {predicate} of itself")
    ids = list(dict.fromkeys(id for subject, _, object in wanted for id in (subject, object)))
    key_of = dict(zip(ids, required(connection, concepts.c.id, ids, kind="concept"), strict=True))
    forth = [(key_of[subject], predicate, key_of[object]) for subject, predicate, object in wanted]
    back = [(object, _INVERSE[predicate], subject) for subject, predicate, object in forth]
    return list(dict.fromkeys(forth + back))


def _stored(connection: Connection, subjects: Iterable[int]) -> set[Relation]:
    relations = concept_relations.c
    columns = select(relations.subject_key, relations.predicate, relations.object_key)
    return {(a, b, c) for a, b, c in bulk.fetch_in(connection, columns, relations.subject_key, subjects)}


def _refuse_cycles(connection: Connection, subjects: set[int]) -> None:
    """Follow the hypernyms from some concepts up, a level at a time."""
    hypernyms: dict[int, list[int]] = {}
    while subjects:
        hypernyms |= {subject: [] for subject in subjects}
        for subject, predicate, object in _stored(connection, subjects):
            if predicate == "hypernym":
                hypernyms[subject].append(object)
        subjects = {object for subject in subjects for object in hypernyms[subject]} - hypernyms.keys()
    try:
        TopologicalSorter(hypernyms).prepare()
    except CycleError as error:
        circle = error.args[1]
        columns = select(concepts.c.key, concepts.c.id)
        ids: dict[int, str] = dict(bulk.fetch_in(connection, columns, concepts.c.key, circle))
        path = " > ".join(repr(ids[key]) for key in circle)
        raise QueryError(
            f"a concept cannot be its own hypernym: {path}; take one of these back first"
        ) from None
