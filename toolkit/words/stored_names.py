"""The concept names and relations of a store, for translators and rankers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

from ..languages import fallbacks, fold
from ..plugins.interfaces import Meaning
from ..store import AnnotationStore
from .titles import title
from .vocabularies import vocabularies

__all__ = ["PINS", "StoredConceptLookup"]

PINS = "pinned names"
MANY = 4096  # answers remembered of each kind


class StoredConceptLookup:
    """Implements `toolkit.plugins.interfaces.Names`, as of one revision; answers are cached.

    Parameters
    ----------
    store : AnnotationStore
        Whose names.
    language : str
        A BCP 47 tag: in which a person reads.
    """

    def __init__(self, store: AnnotationStore, *, language: str = "en") -> None:
        self._store, self._language = store, language
        self._lookup = lru_cache(MANY)(self._looked_up)
        self._known = lru_cache(MANY)(lambda concept: bool(store.concepts.known([concept])))
        self._below = lru_cache(MANY)(store.graph.below)
        self._same = lru_cache(MANY)(store.graph.same)
        self._above = lru_cache(MANY)(store.graph.above)
        self._related = lru_cache(MANY)(store.graph.is_related)
        self._title = lru_cache(MANY)(self._titled)

    def lookup(self, name: str, *, language: str | None) -> Sequence[Meaning]:
        """Concepts with this name in a language, or in any."""
        return self._lookup(name, language)

    def concept(self, id: str) -> bool:
        """Whether the collection knows a concept by this id."""
        return self._known(id)

    def ids_like(self, name: str) -> Sequence[str]:
        """The ids that a name is equal to but for case, width and blanks."""
        return self._by_fold.get(fold(name), ())

    @cached_property
    def _by_fold(self) -> Mapping[str, Sequence[str]]:
        return self._store.concepts.ids_by_fold()

    def below(self, concept: str, *, exact: bool = False) -> Sequence[str]:
        """The concept itself, its synonyms, and every concept below any of them.

        Parameters
        ----------
        concept : str
            A concept's id.
        exact : bool
            Whether its own synonyms, and what is below those alone, are left out.
        """
        return self._store.graph.below(concept, exact=True) if exact else self._below(concept)

    def same(self, concept: str) -> Sequence[str]:
        """The concept itself, and its synonyms."""
        return self._same(concept)

    def is_related(self, concept: str) -> bool:
        """Whether the collection knows a concept above or below one, or a synonym of it."""
        return self._related(concept)

    def title(self, concept: str) -> str:
        """The name of a concept for a person to read: in the collection's language, else in any; else the id."""
        return self._title(concept)

    def _titled(self, concept: str) -> str:
        known = self._store.concepts.known([concept])
        return title(self._store.concepts.by_id(known)[0], self._language) if known else concept

    def above(self, concept: str) -> Sequence[str]:
        """Every concept above one, the nearest first."""
        return self._above(concept)

    def count_in_use(self, concept: str) -> int:
        """The number of concepts at or below one that a model predicts or an annotation has."""
        return len(self.in_use.intersection(self._below(concept)))

    @cached_property
    def in_use(self) -> frozenset[str]:
        """The concepts that a model predicts or an annotation has."""
        declared = (vocabulary.concepts for vocabulary in vocabularies(self._store).values())
        return self._store.concepts.annotated().union(*declared)

    @cached_property
    def exclusive(self) -> frozenset[str]:
        """The sources whose values of all concepts add up to 1."""
        known = vocabularies(self._store)
        return frozenset(source for source, vocabulary in known.items() if vocabulary.exclusive)

    def pinned(self, name: str, language: str | None) -> Sequence[Meaning]:
        """The concept a name is pinned to, in a language or a wider one; empty if it is not pinned.

        Parameters
        ----------
        name : str
            A name as a person wrote it.
        language : str or None
            A BCP 47 tag; None for names pinned in no language.
        """
        for tag in fallbacks(language) if language else ("",):
            if concept := self._pins.get(tag, {}).get(fold(name)):
                return [Meaning(concept, tag, name, "pin")]
        return []

    @cached_property
    def _pins(self) -> dict[str, dict[str, str]]:
        pins = self._store.properties.get(PINS)
        return pins if isinstance(pins, dict) else {}

    def _looked_up(self, name: str, language: str | None) -> Sequence[Meaning]:
        found = self._store.concepts.named(name, language=language)
        return tuple(Meaning(one.concept, one.language, one.name, "names", one.position) for one in found)
