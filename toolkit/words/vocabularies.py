"""What each model can say, kept with the collection: rankers need it long after the model has run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..plugins.components import full_name
from ..plugins.interfaces import ConceptModel, Detector
from ..store import AnnotationStore, Batch
from ..values.types import Json

__all__ = ["Vocabulary", "are_declared", "declare", "vocabularies"]

PROPERTY = "vocabularies"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What one source can say.

    Parameters
    ----------
    concepts : tuple of str
        Concept ids.
    exclusive : bool
        Whether exactly one of them is true of a picture, so that values add up to 1: a softmax.
    """

    concepts: tuple[str, ...]
    exclusive: bool = False


def vocabularies(store: AnnotationStore) -> dict[str, Vocabulary]:
    """What every model that ever ran can say, by source."""
    return {source: _read(kept) for source, kept in _kept(store).items()}


def are_declared(models: Iterable[ConceptModel | Detector], store: AnnotationStore) -> bool:
    """Whether what some models can say is kept already, to the letter."""
    kept = _kept(store)
    return all(kept.get(f"model:{full_name(model)}") == _written(model) for model in models)


def declare(models: Iterable[ConceptModel | Detector], store: AnnotationStore, batch: Batch) -> list[str]:
    """Keep what some models can say, and return the concepts that no model could say before."""
    before = _kept(store)
    spoken = {concept for kept in before.values() for concept in _read(kept).concepts}
    after = {**before, **{f"model:{full_name(model)}": _written(model) for model in models}}
    batch.properties.set(PROPERTY, after)
    said = dict.fromkeys(concept for kept in after.values() for concept in _read(kept).concepts)
    return [concept for concept in said if concept not in spoken]


def _kept(store: AnnotationStore) -> Mapping[str, Json]:
    kept = store.properties.get(PROPERTY)
    return kept if isinstance(kept, dict) else {}


def _written(model: ConceptModel | Detector) -> Json:
    concepts: list[Json] = [concept.id for concept in model.concepts]
    return {"concepts": concepts, "exclusive": bool(getattr(model, "exclusive", False))}


def _read(kept: Json) -> Vocabulary:
    assert isinstance(kept, dict)
    concepts = kept["concepts"]
    assert isinstance(concepts, list)
    return Vocabulary(tuple(map(str, concepts)), exclusive=kept["exclusive"] is True)
