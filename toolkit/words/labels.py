"""What a person says of a picture, in the ids that the store keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ..errors import QueryError
from ..store import AnnotationStore

__all__ = ["checked_values", "concept_ids"]


def checked_values(said: Mapping[str, float]) -> dict[str, float]:
    """The values a person gives to concepts, if each is a number from 0 (no) to 1 (yes).

    Raises
    ------
    QueryError
        One is not.
    """
    for concept, value in said.items():
        if not (
            isinstance(value, (int, float, np.number)) and 0 <= value <= 1
        ):  # comparing with NaN is false
            raise QueryError(
                f"concept {concept!r} has the value {value!r}; a value is from 0 (no) to 1 (yes)"
            )
    return {concept: float(value) for concept, value in said.items()}


def concept_ids(names: Iterable[str], store: AnnotationStore, *, language: str) -> dict[str, str]:
    """The id meant by each name: an id that is there, else a concept's name in the language, else a new id."""
    wanted = set(names)
    with store.read():
        known = store.concepts.known(wanted)
        return {name: name if name in known else _named(name, store, language) for name in wanted}


def _named(name: str, store: AnnotationStore, language: str) -> str:
    ids = {one.concept for one in store.concepts.named(name, language=language)}
    return ids.pop() if len(ids) == 1 else name  # a name that several go by says nothing
