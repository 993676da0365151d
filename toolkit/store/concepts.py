"""Concepts: what images can show, with names in every language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, select, update

from ..errors import QueryError
from ..languages import fallbacks, fold, language_tag
from ..values.types import Concept
from . import bulk
from .chapter import Reader, Writer
from .keys import ensured, known, neighbors, required
from .relations import relate, relations_of, unrelate
from .schema import concept_names, concepts

__all__ = ["ConceptName", "ConceptReader", "ConceptWriter", "ensured_concepts"]

_NAME_COLUMNS = ["concept_key", "language", "name", "folded", "position"]


@dataclass(frozen=True, slots=True)
class ConceptName:
    """A name that a concept goes by.

    Parameters
    ----------
    concept : str
        Concept id.
    language : str
        BCP 47 tag.
    name : str
        As stored.
    """

    concept: str
    language: str
    name: str


class ConceptReader(Reader):
    """What can be read about concepts."""

    def concept(self, id: str) -> Concept:
        """The concept of that id.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        """
        return self.concepts([id])[0]

    def concepts(self, ids: Iterable[str] | None = None) -> list[Concept]:
        """The concepts of some ids in the order given; all in order of creation, if None.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        """
        with self.read() as connection:
            if ids is None:
                ids = [id for (id,) in bulk.fetch(connection, select(concepts.c.id).order_by(concepts.c.key))]
            keys = required(connection, concepts.c.id, ids, kind="concept")
            columns = select(concepts.c.key, concepts.c.id, concepts.c.definition)
            rows = {row[0]: row for row in bulk.fetch_in(connection, columns, concepts.c.key, keys)}
            names, relations = _names_of(connection, keys), relations_of(connection, keys)
        return [
            Concept(rows[key][1], names.get(key, {}), rows[key][2], relations.get(key, {})) for key in keys
        ]

    def concepts_named(self, name: str, *, language: str | None = None) -> list[ConceptName]:
        """The concepts that go by a name, those that prefer it first.

        Case, width and invisible characters make no difference. A language nobody named this in gives way to
        wider ones (``zh-Hant-TW``, ``zh-Hant``, ``zh``); None looks in all of them.
        """
        tags = [None] if language is None else list(fallbacks(language))
        with self.read() as connection:
            return next(filter(None, (_named(connection, name, tag) for tag in tags)), [])

    def known_concepts(self, ids: Iterable[str]) -> set[str]:
        """Those of some ids that are concepts."""
        with self.read() as connection:
            return set(known(connection, concepts.c.id, ids))

    def nearest_concepts(self, name: str) -> list[str]:
        """Ids and names near one in the order of the alphabet, to say in an error what there is instead."""
        with self.read() as connection:
            ids = neighbors(connection, concepts.c.id, name)
            return list(dict.fromkeys(ids + neighbors(connection, concept_names.c.name, name)))


class ConceptWriter(Writer):
    """What can be written about concepts."""

    def add_concepts(self, new: Sequence[Concept]) -> None:
        """Make concepts, or add the names, definition and relations given to those that are there.

        Relations hold both ways: with "dog has the hypernym animal" comes "animal has the hyponym dog".

        Raises
        ------
        QueryError
            A blank id or name, a language tag that is none, or a concept that would be its own hypernym.
        UnknownNameError
            If a relation is to a concept that is neither there nor among the new ones.
        """
        ids = [one.id for one in new]
        before = known(self.connection, concepts.c.id, ids)
        keys = ensured_concepts(self.connection, ids, now=self.now)
        changes = [
            len(keys) > len(before),
            self._define({keys[one.id]: one.definition for one in new if one.definition}),
            self._add_names([(keys[one.id], one.names) for one in new]),
            self._relate(new),
        ]
        if any(changes):
            self._advance()

    def rename_concept(self, id: str, name: str, *, language: str = "en") -> None:
        """Make a name the preferred one in a language; the old ones still find the concept, its id stays.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        QueryError
            If the name is blank or the language is none.
        """
        (key,) = required(self.connection, concepts.c.id, [id], kind="concept")
        old = _names_of(self.connection, [key]).get(key, {}).get(language_tag(language), ())
        self.name_concept(id, [name, *old], language=language)

    def name_concept(self, id: str, names: Iterable[str], *, language: str = "en") -> None:
        """Give a concept exactly these names in a language, the preferred one first.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        QueryError
            If a name is blank or the language is none.
        """
        (key,) = required(self.connection, concepts.c.id, [id], kind="concept")
        tag = language_tag(language)
        in_language = concept_names.c.concept_key == key, concept_names.c.language == tag
        self.connection.execute(delete(concept_names).where(*in_language))
        self._add_names([(key, {tag: names})])
        self._advance()

    def relate_concepts(self, subject: str, predicate: str, object: str) -> None:
        """Say that the object is a hypernym, hyponym or synonym of the subject, and the inverse.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        QueryError
            For another predicate, or if a concept would be its own hypernym.
        """
        if relate(self.connection, [(subject, predicate, object)]):
            self._advance()

    def unrelate_concepts(self, subject: str, predicate: str, object: str) -> None:
        """Take a relation back, and its inverse.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        QueryError
            For another predicate.
        """
        if unrelate(self.connection, subject, predicate, object):
            self._advance()

    def _define(self, definitions: Mapping[int, str]) -> bool:
        columns = select(concepts.c.key, concepts.c.definition)
        before: dict[int, str] = dict(bulk.fetch_in(self.connection, columns, concepts.c.key, definitions))
        changed = {key: text for key, text in definitions.items() if before[key] != text}
        for key, text in changed.items():
            self.connection.execute(update(concepts).where(concepts.c.key == key).values(definition=text))
        return bool(changed)

    def _add_names(self, new: Sequence[tuple[int, Mapping[str, Iterable[str]]]]) -> bool:
        """Whether any name was new; they are put after those that are there."""
        there = _names_of(self.connection, [key for key, _ in new])
        rows = []
        for key, names_by_language in new:
            for language, names in names_by_language.items():
                tag = language_tag(language)
                old = there.setdefault(key, {}).get(tag, ())
                both = tuple(dict.fromkeys((*old, *names)))
                rows += [(key, tag, both[at], _folded(both[at]), at) for at in range(len(old), len(both))]
                there[key][tag] = both
        bulk.write(self.connection, concept_names, _NAME_COLUMNS, rows)
        return bool(rows)

    def _relate(self, new: Sequence[Concept]) -> bool:
        said = [
            (one.id, predicate, object)
            for one in new
            for predicate, objects in one.relations.items()
            for object in objects
        ]
        return relate(self.connection, said)


def ensured_concepts(connection: Connection, ids: Iterable[str], *, now: float) -> dict[str, int]:
    """The key of each concept id; concepts that were not there are now, without a name.

    Raises
    ------
    QueryError
        If an id is blank.
    """
    ids = list(dict.fromkeys(ids))
    for id in ids:
        _folded(id)
    return ensured(connection, concepts.c.id, ids, definition="", created_at=now)


def _folded(name: str) -> str:
    folded = fold(name)
    if not folded:
        raise QueryError(f"{name!r} is blank; a concept needs a name that can be read")
    return folded


_NAMED = bulk.Prepared(
    select(
        concept_names.c.position,
        concepts.c.key,
        concepts.c.id,
        concept_names.c.language,
        concept_names.c.name,
    )
    .join_from(concept_names, concepts)
    .where(concept_names.c.folded == bindparam("folded"))
)
_NAMED_IN = bulk.Prepared(_NAMED.select.where(concept_names.c.language == bindparam("language")))


def _named(connection: Connection, name: str, tag: str | None) -> list[ConceptName]:
    folded = fold(name)
    rows = (
        _NAMED.rows(connection, folded=folded)
        if tag is None
        else _NAMED_IN.rows(connection, folded=folded, language=tag)
    )
    return [ConceptName(id, language, stored) for _, _, id, language, stored in sorted(rows)]


def _names_of(connection: Connection, keys: Iterable[int]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Names by language, the preferred first, of those concepts that have any, by key."""
    names = concept_names.c
    columns = select(names.concept_key, names.language, names.position, names.name)
    found: dict[int, dict[str, tuple[str, ...]]] = {}
    for key, language, _, name in sorted(bulk.fetch_in(connection, columns, names.concept_key, keys)):
        by_language = found.setdefault(key, {})
        by_language[language] = (*by_language.get(language, ()), name)
    return found
