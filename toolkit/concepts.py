"""The concepts of an open collection, as a mapping to look at and verbs to change them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .store import AnnotationStore
from .types import Concept

__all__ = ["Concepts"]


class Concepts(Mapping[str, Concept]):
    """Concepts by id: ``photos.concepts["dog"].names``.

    Parameters
    ----------
    store : AnnotationStore
        Where they are kept.
    """

    def __init__(self, store: AnnotationStore) -> None:
        self._store = store

    def __getitem__(self, id: str) -> Concept:
        return self._store.concept(id)

    def __iter__(self) -> Iterator[str]:
        return iter([concept.id for concept in self._store.concepts()])

    def __len__(self) -> int:
        return self._store.counts()["concepts"]

    def __repr__(self) -> str:
        return f"<{len(self):,} concepts>"

    def add(
        self, id: str, *, names: Mapping[str, Iterable[str]] | None = None, definition: str = ""
    ) -> Concept:
        """The concept, made or added to.

        Parameters
        ----------
        id : str
            Such as ``"dog"``.
        names : mapping of str to iterable of str, optional
            Names by language: ``{"de": ["Hund"], "ja": ["犬", "いぬ"]}``.
        definition : str
            One sentence.
        """
        by_language = {language: tuple(given) for language, given in (names or {}).items()}
        with self._store.write() as batch:
            batch.add_concepts([Concept(id, by_language, definition)])
        return self[id]

    def named(self, name: str, *, language: str | None = None) -> list[Concept]:
        """The concepts that go by a name in a language (None: in any), the likeliest first."""
        ids = dict.fromkeys(one.concept for one in self._store.concepts_named(name, language=language))
        return self._store.concepts(ids)
