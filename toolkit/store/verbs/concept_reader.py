"""Reading concepts: what images can show, with names in every language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, exists, func, select

from ...errors import QueryError, UnknownNameError
from ...languages import fallbacks, fold
from ...values.names import plain_name
from ...values.types import Concept
from ..sql import bulk
from ..sql.damage import as_stored
from ..sql.keys import known, neighbors, required
from ..sql.schema import annotation_concepts, concept_names, concepts
from .access import Reader
from .relations import relations_of

__all__ = ["ConceptName", "ConceptReader", "names_of", "required_concepts"]

LONGEST_PATTERN = 1000  # SQLite takes 50,000 bytes, and long patterns make it slow
# SQLite takes 50,000 bytes, and long patterns make it slow


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
    position : int
        How many names of the concept in that language are preferred to it.
    """

    concept: str
    language: str
    name: str
    position: int = field(default=0, repr=False, compare=False)


class ConceptReader(Reader):
    """What can be read about concepts."""

    def get(self, id: str) -> Concept:
        """The concept of that id.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        """
        return self.by_id([id])[0]

    def all(self) -> list[Concept]:
        """Every concept, in order of creation."""
        with self._read() as connection:
            ids = bulk.fetch(connection, select(concepts.c.id).order_by(concepts.c.key))
            return self.by_id(id for (id,) in ids)

    def by_id(self, ids: Iterable[str]) -> list[Concept]:
        """The concepts of some ids, in the order given.

        Raises
        ------
        UnknownNameError
            With the nearest ids.
        """
        with self._read() as connection:
            keys = required_concepts(connection, map(plain_name, ids))
            columns = select(concepts.c.key, concepts.c.id, concepts.c.definition)
            rows = {row[0]: row for row in bulk.fetch_in(connection, columns, concepts.c.key, keys)}
            names, relations = names_of(connection, keys), relations_of(connection, keys)
        with as_stored("stored concepts"):
            return [
                Concept(rows[key][1], names.get(key, {}), rows[key][2], relations.get(key, {}))
                for key in keys
            ]

    def page(self, *, offset: int, limit: int) -> list[Concept]:
        """Some of the concepts, in order of creation.

        Parameters
        ----------
        offset : int
            How many to pass over.
        limit : int
            How many at most.
        """
        chosen = select(concepts.c.id).order_by(concepts.c.key).limit(limit).offset(offset)
        with self._read() as connection:
            return self.by_id([id for (id,) in bulk.fetch(connection, chosen)])

    def named(self, name: str, *, language: str | None = None) -> list[ConceptName]:
        """The concepts that have a name, those that prefer it first.

        Case, width and invisible characters make no difference. A language without this name gives way to
        wider ones (``zh-Hant-TW``, ``zh-Hant``, ``zh``); None looks in all of them.

        Parameters
        ----------
        name : str
            A name, as typed.
        language : str or None
            A BCP 47 tag; None looks in all languages.
        """
        tags = [None] if language is None else list(fallbacks(language))
        with self._read() as connection:
            return next(filter(None, (_named(connection, name, tag) for tag in tags)), [])

    def like(self, pattern: str, *, language: str | None = None, offset: int, limit: int) -> list[Concept]:
        """Some of the concepts with a name that matches a pattern; those that prefer it first.

        Parameters
        ----------
        pattern : str
            A name in which ``*`` stands for any text.
        language : str or None
            A BCP 47 tag; None looks in all languages.
        offset : int
            How many to pass over.
        limit : int
            How many at most.

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
        with self._read() as connection:
            ids = bulk.fetch(connection, fitting.limit(limit).offset(offset))
            return self.by_id([id for (id,) in ids])

    def known(self, ids: Iterable[str]) -> set[str]:
        """Those of some ids that are concepts, as they were given."""
        plain = {id: plain_name(id) for id in ids}
        with self._read() as connection:
            found = known(connection, concepts.c.id, plain.values())
        return {id for id, name in plain.items() if name in found}

    def ids_by_fold(self) -> dict[str, list[str]]:
        """All ids, by what remains of them without case, width and blanks; each list in order of creation."""
        with self._read() as connection:
            ids = bulk.fetch(connection, select(concepts.c.id).order_by(concepts.c.key))
        found: dict[str, list[str]] = {}
        for (id,) in ids:
            found.setdefault(_quick_fold(id), []).append(id)
        return found

    def nearest(self, name: str) -> list[str]:
        """Ids and names near one in the order of the alphabet, to say in an error what there is instead."""
        with self._read() as connection:
            ids = neighbors(connection, concepts.c.id, name)
            return list(dict.fromkeys(ids + neighbors(connection, concept_names.c.name, name)))

    def annotated(self) -> frozenset[str]:
        """The concepts that any annotation mentions."""
        mentioned = exists().where(annotation_concepts.c.concept_key == concepts.c.key)
        with self._read() as connection:
            # One look at an index per concept: far fewer than there are annotations.
            return frozenset(id for (id,) in bulk.fetch(connection, select(concepts.c.id).where(mentioned)))


def _quick_fold(id: str) -> str:
    """`fold`, which takes ten times as long as what it does to plain letters."""
    return " ".join(id.casefold().split()) if id.isascii() else fold(id)


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
    if "\x00" in folded:  # PostgreSQL refuses even to look for it; no name has one
        return []
    rows = (
        _NAMED.rows(connection, folded=folded)
        if tag is None
        else _NAMED_IN.rows(connection, folded=folded, language=tag)
    )
    return [ConceptName(id, language, stored, position) for position, _, id, language, stored in sorted(rows)]


def required_concepts(connection: Connection, ids: Iterable[str]) -> list[int]:
    """The key of each concept, in the order given.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    ids : iterable of str
        Concept ids.

    Raises
    ------
    UnknownNameError
        For the first id that is not there: with the ids spelled most like it, and those that go by it as a name.
    """
    try:
        return required(connection, concepts.c.id, ids, kind="concept")
    except UnknownNameError as error:
        named = list(dict.fromkeys(one.concept for one in _named(connection, error.name, None)))
        near = [*named, *error.closest()]
        hint = (
            f"It is asked for by its id; {error.name!r} is a name of {', '.join(named[:3])}." if named else ""
        )
        shown = _titled(connection, error.known)
        raise UnknownNameError("concept", error.name, shown, hint, near) from None


def _titled(connection: Connection, ids: Sequence[str]) -> list[str]:
    """Ids with their preferred names, where these are others: "dog (n02084071)"."""
    keys = known(connection, concepts.c.id, ids[: UnknownNameError.MOST_LISTED + 1])
    names = names_of(connection, keys.values())
    preferred = {id: next(iter(names.get(key, {}).get("en", (id,)))) for id, key in keys.items()}
    return [id if preferred.get(id, id) == id else f"{preferred[id]} ({id})" for id in ids]


def names_of(connection: Connection, keys: Iterable[int]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Names by language, the preferred first, of those concepts that have any, by key.

    Parameters
    ----------
    connection : Connection
        Inside a transaction.
    keys : iterable of int
        Keys of concepts.
    """
    names = concept_names.c
    columns = select(names.concept_key, names.language, names.position, names.name)
    found: dict[int, dict[str, tuple[str, ...]]] = {}
    for key, language, _, name in sorted(bulk.fetch_in(connection, columns, names.concept_key, keys)):
        by_language = found.setdefault(key, {})
        by_language[language] = (*by_language.get(language, ()), name)
    return found


def _like(pattern: str) -> str:
    """The pattern as SQL's ``LIKE`` reads it, with ``/`` before what is literal."""
    if len(pattern) > LONGEST_PATTERN:
        raise QueryError(f"a pattern has at most {LONGEST_PATTERN:,} characters, not {len(pattern):,}")
    pieces = (fold(piece) for piece in pattern.split("*"))
    return "%".join(piece.replace("/", "//").replace("%", "/%").replace("_", "/_") for piece in pieces)
