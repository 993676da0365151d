"""The names of one stored concept, to look at and to change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import dataclass, field

from ..languages import language_tag
from ..store import AnnotationStore
from ..values.types import Concept

__all__ = ["ConceptNames", "StoredConcept"]


class ConceptNames(MutableMapping[str, tuple[str, ...]]):
    """Names by language, the preferred one first; a change is written to the store at once.

    Parameters
    ----------
    concept : Concept
        Whose names.
    store : AnnotationStore
        The collection's store.

    Examples
    --------
    >>> with AnnotationStore.open() as store:
    ...     with store.write() as batch:
    ...         batch.concepts.add([Concept("dog", {"en": ("dog",)})])
    ...     names = ConceptNames(store.concepts.get("dog"), store)
    ...     names["ja"] = "犬"
    ...     names["de"] = ["Hund", "Köter"]
    ...     dict(store.concepts.get("dog").names)
    {'de': ('Hund', 'Köter'), 'en': ('dog',), 'ja': ('犬',)}
    """

    def __init__(self, concept: Concept, store: AnnotationStore) -> None:
        self._concept, self._store = concept.id, store
        self._names: dict[str, tuple[str, ...]] = dict(concept.names)

    def __getitem__(self, language: str) -> tuple[str, ...]:
        return self._names[language_tag(language)]

    def __setitem__(self, language: str, names: str | Iterable[str]) -> None:
        tag, given = language_tag(language), (names,) if isinstance(names, str) else tuple(names)
        self._write(tag, given)
        self._names[tag] = given

    def __delitem__(self, language: str) -> None:
        self._write(language_tag(language), ())
        del self._names[language_tag(language)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return repr(self._names)

    def _write(self, tag: str, names: tuple[str, ...]) -> None:
        with self._store.write() as batch:
            batch.concepts.set_names(self._concept, names, language=tag)


@dataclass(frozen=True, slots=True)
class StoredConcept(Concept):
    """A concept of an open collection, whose names can be set: ``photos.concepts["dog"].names["ja"] = "犬"``."""

    names: MutableMapping[str, tuple[str, ...]] = field(default_factory=dict)
