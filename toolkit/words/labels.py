"""What a person says of a picture, in the ids that the store keeps."""

from __future__ import annotations

from collections.abc import Iterable

from ..store import AnnotationStore

__all__ = ["concept_ids"]


def concept_ids(names: Iterable[str], store: AnnotationStore, *, language: str) -> dict[str, str]:
    """The id meant by each name: an id that is there, else a concept's name in the language, else a new id."""
    wanted = set(names)
    with store.read():
        known = store.concepts.known(wanted)
        return {name: name if name in known else _named(name, store, language) for name in wanted}


def _named(name: str, store: AnnotationStore, language: str) -> str:
    ids = {one.concept for one in store.concepts.named(name, language=language)}
    return ids.pop() if len(ids) == 1 else name  # a name that several go by says nothing
