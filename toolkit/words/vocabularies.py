"""The concepts each model predicts, stored with the collection: rankers need them after the model has run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..plugins.interfaces import ConceptModel, Detector
from ..store import AnnotationStore, Batch
from ..values.source import Source
from ..values.types import Json

__all__ = [
    "Vocabulary",
    "are_declared",
    "classifiers",
    "declare",
    "detectors",
    "stored_vocabularies",
    "vocabularies",
]

PROPERTY = "vocabularies"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The concepts that one source predicts.

    Parameters
    ----------
    concepts : tuple of str
        Concept ids.
    exclusive : bool
        Whether exactly one of them is true of a picture, so that values add up to 1: a softmax.
    detects : bool
        Whether it finds regions; not recorded before November 2026.
    """

    concepts: tuple[str, ...]
    exclusive: bool = False
    detects: bool = False


def vocabularies(store: AnnotationStore) -> dict[str, Vocabulary]:
    """The vocabulary of every model that ever ran, by source."""
    return {source: _from_json(value) for source, value in stored_vocabularies(store).items()}


def detectors(store: AnnotationStore) -> frozenset[str]:
    """The sources of detections with a concept: every detector that ever ran, but proposers of regions."""
    known = vocabularies(store)
    return frozenset(source for source, one in known.items() if one.detects and one.concepts)


def classifiers(store: AnnotationStore) -> frozenset[str]:
    """The sources of what is said of a picture, or of a part of one, as a whole: every concept model that ever ran."""
    return frozenset(source for source, one in vocabularies(store).items() if not one.detects)


def are_declared(models: Iterable[ConceptModel | Detector], stored: Mapping[str, Json]) -> bool:
    """Whether the vocabularies of these models are stored already, and unchanged.

    Parameters
    ----------
    models : iterable of ConceptModel | Detector
        Models of the workflow.
    stored : mapping of str to JSON
        What `stored_vocabularies` returned.
    """
    return all(stored.get(Source.model(model.name, model.version)) == _to_json(model) for model in models)


def declare(models: Iterable[ConceptModel | Detector], store: AnnotationStore, batch: Batch) -> list[str]:
    """Store the vocabularies of models; returns the concepts that no model predicted before.

    Parameters
    ----------
    models : iterable of ConceptModel | Detector
        Models of the workflow.
    store : AnnotationStore
        The collection's store.
    batch : Batch
        The open transaction.
    """
    before = stored_vocabularies(store)
    declared = {concept for value in before.values() for concept in _from_json(value).concepts}
    after = dict(before) | {str(Source.model(one.name, one.version)): _to_json(one) for one in models}
    batch.properties.set(PROPERTY, after)
    concepts = dict.fromkeys(concept for value in after.values() for concept in _from_json(value).concepts)
    return [concept for concept in concepts if concept not in declared]


def stored_vocabularies(store: AnnotationStore) -> Mapping[str, Json]:
    """The vocabulary of every model that ever ran, by source, as the store has it."""
    value = store.properties.get(PROPERTY)
    return value if isinstance(value, dict) else {}


def _to_json(model: ConceptModel | Detector) -> Json:
    concepts: list[Json] = [concept.id for concept in model.concepts]
    own: dict[str, Json] = {"concepts": concepts, "exclusive": bool(getattr(model, "exclusive", False))}
    return {**own, "detects": True} if hasattr(model, "detect") else own


def _from_json(value: Json) -> Vocabulary:
    assert isinstance(value, dict)
    concepts = value["concepts"]
    assert isinstance(concepts, list)
    return Vocabulary(
        tuple(map(str, concepts)), exclusive=value["exclusive"] is True, detects="detects" in value
    )
