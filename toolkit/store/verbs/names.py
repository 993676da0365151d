"""All names of a collection as one lexicon: its languages, and names that begin or are spelled alike."""

from __future__ import annotations

from difflib import get_close_matches

from sqlalchemy import Connection, Select, select

from ...languages import fallbacks, fold
from ...values.types import Json
from ..sql import bulk
from ..sql.schema import concept_names, concepts
from .access import Reader
from .concept_reader import ConceptName

__all__ = ["NameReader"]

_LAST = "\U0010ffff"  # sorts after whatever may follow a prefix
_CANDIDATES = 256  # of a prefix; a longer prefix finds the others


class NameReader(Reader):
    """What can be read about names."""

    def languages(self) -> list[str]:
        """The languages in which any concept has a name, in the order of their tags."""
        names = concept_names.c
        with self._read() as connection:
            return sorted(tag for (tag,) in bulk.fetch(connection, select(names.language).distinct()))

    def all(self, *, language: str | None = None) -> list[ConceptName]:
        """Every name, in a language or in all: by concept in order of creation, the preferred name first."""
        names = concept_names.c
        columns = select(concepts.c.key, names.language, names.position, concepts.c.id, names.name)
        columns = columns.join_from(concept_names, concepts)
        if language is not None:
            columns = columns.where(names.language == language)
        with self._read() as connection:
            rows = sorted(bulk.fetch(connection, columns))
        return [ConceptName(id, tag, name) for _, tag, _, id, name in rows]

    def starting(self, prefix: str, *, language: str | None = None, limit: int = 10) -> list[ConceptName]:
        """Names that begin so: the whole name first, then preferred names, then in the order of the alphabet.

        Case, width and invisible characters make no difference. A language in which nothing begins so gives way
        to wider ones; None looks in all.

        Parameters
        ----------
        prefix : str
            The beginning of a name, as typed.
        language : str or None
            A BCP 47 tag; None looks in all languages.
        limit : int
            How many names at most.
        """
        tags = [None] if language is None else list(fallbacks(language))
        with self._read() as connection:
            return next(filter(None, (_starting(connection, prefix, tag, limit) for tag in tags)), [])

    def nearest(self, name: str, *, language: str | None = None, limit: int = 5) -> list[str]:
        """The names that are spelled most like one, the nearest first.

        Parameters
        ----------
        name : str
            A name, as typed.
        language : str or None
            A BCP 47 tag; None looks in all languages.
        limit : int
            How many names at most.
        """
        names = concept_names.c
        columns = select(names.folded, names.name)
        if language is not None:
            columns = columns.where(names.language.in_(list(fallbacks(language))))
        with self._read() as connection:
            spelled: dict[str, str] = dict(bulk.fetch(connection, columns))
        return [spelled[near] for near in get_close_matches(fold(name), spelled, n=limit)]


def _starting(connection: Connection, prefix: str, tag: str | None, limit: int) -> list[ConceptName]:
    folded, names = fold(prefix), concept_names.c
    columns = select(names.folded, names.position, concepts.c.id, names.language, names.name)
    found: Select[tuple[str, Json]] = columns.join_from(concept_names, concepts)
    found = found.where(names.folded >= folded, names.folded < folded + _LAST)
    if tag is not None:
        found = found.where(names.language == tag)
    rows = bulk.fetch(connection, found.order_by(names.folded, names.position).limit(_CANDIDATES))
    rows.sort(key=lambda row: (row[0] != folded, row[1] > 0))  # stable: then as the alphabet has it
    return [ConceptName(id, language, name) for _, _, id, language, name in rows[:limit]]
