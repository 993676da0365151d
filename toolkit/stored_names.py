"""The concept names of a store, as translators may look them up."""

from __future__ import annotations

from collections.abc import Sequence

from .interfaces import Meaning
from .store import AnnotationStore

__all__ = ["StoreNames"]


class StoreNames:
    """Implements `toolkit.interfaces.Names`.

    Parameters
    ----------
    store : AnnotationStore
        Whose names.
    """

    def __init__(self, store: AnnotationStore) -> None:
        self._store = store

    def lookup(self, name: str, *, language: str | None) -> Sequence[Meaning]:
        """Concepts with this name in a language, or in any."""
        found = self._store.concepts_named(name, language=language)
        return [Meaning(one.concept, one.language, one.name, "names") for one in found]

    def concept(self, id: str) -> bool:
        """Whether the collection knows a concept by this id."""
        return id in self._store.known_concepts([id])
