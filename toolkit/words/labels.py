"""The labels of a person, with concept names resolved to ids."""

from __future__ import annotations

from collections.abc import Iterable

from ..store import AnnotationStore
from ..values.names import plain_name

__all__ = ["concept_ids"]


def concept_ids(names: Iterable[str], store: AnnotationStore, *, language: str) -> dict[str, str]:
    """A concept id for each name: an existing id, else the concept with that name in the language, else a new id.

    Parameters
    ----------
    names : iterable of str
        Concept ids or names.
    store : AnnotationStore
        The collection's store.
    language : str
        A BCP 47 tag: the language of the names.
    """
    wanted = set(names)
    with store.read():
        known = store.concepts.known(wanted)
        return {name: plain_name(name) if name in known else _named(name, store, language) for name in wanted}


def _named(name: str, store: AnnotationStore, language: str) -> str:
    ids = {one.concept for one in store.concepts.named(name, language=language)}
    return ids.pop() if len(ids) == 1 else plain_name(name)  # a name that several go by says nothing
