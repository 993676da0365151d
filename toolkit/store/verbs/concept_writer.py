"""Making concepts, naming them and relating them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, select, update

from ...errors import QueryError
from ...languages import fold, language_tag
from ...values.names import plain_name
from ...values.types import Concept
from ..sql import bulk
from ..sql.keys import ensured, known, refuse_nul
from ..sql.schema import concept_names, concepts
from .access import Writer
from .concept_reader import names_of, required_concepts
from .relations import relate, unrelate

__all__ = ["ConceptWriter", "ensured_concepts"]

_NAME_COLUMNS = ["concept_key", "language", "name", "folded", "position"]


class ConceptWriter(Writer):
    """What can be written about concepts."""

    def add(self, new: Sequence[Concept]) -> None:
        """Make concepts, or add the names, definition and relations given to those that are there.

        Relations hold both ways: with "dog has the hypernym animal" comes "animal has the hyponym dog".

        Raises
        ------
        QueryError
            A blank id or name, a language tag that is none, or a concept that would be its own hypernym.
        UnknownNameError
            If a relation is to a concept that is neither there nor among the new ones.
        """
        new = [_plain(one) for one in new]
        ids = [one.id for one in new]
        before = known(self._connection, concepts.c.id, ids)
        keys = ensured_concepts(self._connection, ids, now=self._transaction.now)
        changes = [
            len(keys) > len(before),
            self._define({keys[one.id]: one.definition for one in new if one.definition}),
            self._add_names([(keys[one.id], one.names) for one in new]),
            self._relate(new),
        ]
        if any(changes):
            self._transaction.advance()

    def rename(self, id: str, name: str, *, language: str = "en") -> None:
        """Make a name the preferred one in a language; the old ones still find the concept, its id stays.

        Parameters
        ----------
        id : str
            Of the concept.
        name : str
            The name.
        language : str
            A BCP 47 tag.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        QueryError
            If the name is blank or the language is none.
        """
        (key,) = required_concepts(self._connection, [plain_name(id)])
        old = names_of(self._connection, [key]).get(key, {}).get(language_tag(language), ())
        self.set_names(id, [name, *old], language=language)

    def set_names(self, id: str, names: Iterable[str], *, language: str = "en") -> None:
        """Give a concept exactly these names in a language.

        Parameters
        ----------
        id : str
            Of the concept.
        names : iterable of str
            The preferred one first.
        language : str
            A BCP 47 tag.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        QueryError
            If a name is blank or the language is none.
        """
        (key,) = required_concepts(self._connection, [plain_name(id)])
        tag = language_tag(language)
        in_language = concept_names.c.concept_key == key, concept_names.c.language == tag
        self._connection.execute(delete(concept_names).where(*in_language))
        self._add_names([(key, {tag: names})])
        self._transaction.advance()

    def relate(self, subject: str, predicate: str, object: str) -> None:
        """Record a relation of two concepts, and its inverse.

        Parameters
        ----------
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
            For another predicate, or if a concept would be its own hypernym.
        """
        if relate(self._connection, [(subject, predicate, object)]):
            self._transaction.advance()

    def unrelate(self, subject: str, predicate: str, object: str) -> None:
        """Delete a relation of two concepts, and its inverse.

        Parameters
        ----------
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
        if unrelate(self._connection, subject, predicate, object):
            self._transaction.advance()

    def _define(self, definitions: Mapping[int, str]) -> bool:
        columns = select(concepts.c.key, concepts.c.definition)
        before: dict[int, str] = dict(bulk.fetch_in(self._connection, columns, concepts.c.key, definitions))
        changed = {key: text for key, text in definitions.items() if before[key] != text}
        for key, text in changed.items():
            self._connection.execute(update(concepts).where(concepts.c.key == key).values(definition=text))
        return bool(changed)

    def _add_names(self, new: Sequence[tuple[int, Mapping[str, Iterable[str]]]]) -> bool:
        """Whether any name was new; they are put after those that are there."""
        there = names_of(self._connection, [key for key, _ in new])
        rows = []
        for key, names_by_language in new:
            for language, names in names_by_language.items():
                tag = language_tag(language)
                old = there.setdefault(key, {}).get(tag, ())
                both = tuple(dict.fromkeys((*old, *map(plain_name, names))))
                rows += [(key, tag, both[at], _folded(both[at]), at) for at in range(len(old), len(both))]
                there[key][tag] = both
        bulk.write(self._connection, concept_names, _NAME_COLUMNS, rows)
        return bool(rows)

    def _relate(self, new: Sequence[Concept]) -> bool:
        relations = [
            (one.id, predicate, object)
            for one in new
            for predicate, objects in one.relations.items()
            for object in objects
        ]
        return relate(self._connection, relations)


def ensured_concepts(connection: Connection, ids: Iterable[str], *, now: float) -> dict[str, int]:
    """The key of each concept id; concepts that were not there are made, without a name.

    Parameters
    ----------
    connection : Connection
        Inside a transaction that writes.
    ids : iterable of str
        Ids of concepts; blanks around them go.
    now : float
        Seconds since 1970, UTC.

    Raises
    ------
    QueryError
        If an id is blank.
    """
    ids = list(dict.fromkeys(map(plain_name, ids)))
    for id in ids:
        _folded(id)
    return ensured(connection, concepts.c.id, ids, definition="", created_at=now)


def _plain(one: Concept) -> Concept:
    """The concept with every id and name as the store writes them."""
    names = {language: tuple(map(plain_name, some)) for language, some in one.names.items()}
    relations = {predicate: tuple(map(plain_name, ids)) for predicate, ids in one.relations.items()}
    return replace(one, id=plain_name(one.id), names=names, relations=relations)


def _folded(name: str) -> str:
    refuse_nul(name)
    folded = fold(name)
    if not folded:
        raise QueryError(f"{name!r} is blank; a concept needs a name that can be read")
    return folded
