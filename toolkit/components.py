"""The models of a workflow, made and checked: what they return is held to their contract here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL.Image import Image

from .errors import ContractError
from .interfaces import ConceptModel, Detector, Embedder
from .registry import Registry
from .settings import Workflow
from .types import Concept, Detection, FloatArray

__all__ = ["Components", "detect", "embed", "full_name", "load", "predict"]


def full_name(component: Embedder | ConceptModel | Detector) -> str:
    """``name@version``."""
    return f"{component.name}@{component.version}"


@dataclass(frozen=True, slots=True)
class Components:
    """The models of one workflow. All pickle, so a whole one travels to a worker process.

    Parameters
    ----------
    detectors, embedders, concept_models : mapping of str to component
        By the name under which what they computed is kept: ``detector:proposals@1``.
    """

    detectors: Mapping[str, Detector]
    embedders: Mapping[str, Embedder]
    concept_models: Mapping[str, ConceptModel]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all, detectors first: regions are found before they are embedded."""
        return (*self.detectors, *self.embedders, *self.concept_models)

    @property
    def concepts(self) -> Sequence[Concept]:
        """All that the models can say."""
        models: tuple[Detector | ConceptModel, ...] = (
            *self.detectors.values(),
            *self.concept_models.values(),
        )
        return [concept for model in models for concept in model.concepts]

    @property
    def in_processes(self) -> bool:
        """Whether every model asks to be run in several processes, as those bound to the interpreter do."""
        models = (*self.detectors.values(), *self.embedders.values(), *self.concept_models.values())
        return all(getattr(model, "prefer", "threads") == "processes" for model in models)


def load(workflow: Workflow, registry: Registry) -> Components:
    """The models a workflow names.

    Raises
    ------
    UnknownNameError
        No plugin goes by one of the names.
    """
    detectors = [registry.detector(spec) for spec in workflow.detectors]
    embedders = [registry.embedder(spec) for spec in workflow.embedders]
    models = [registry.concept_model(spec) for spec in workflow.concept_models]
    return Components(
        {f"detector:{full_name(one)}": one for one in detectors},
        {f"embedder:{full_name(one)}": one for one in embedders},
        {f"concept_model:{full_name(one)}": one for one in models},
    )


def embed(embedder: Embedder, images: Sequence[Image]) -> FloatArray:
    """Unit vectors float32 (b, d) of some pictures.

    Raises
    ------
    ContractError
        The embedder returned another shape, or numbers that are not finite.
    """
    vectors = np.asarray(embedder.embed(images))
    who = f"embedder {full_name(embedder)!r}"
    expected = (len(images), embedder.dimension)
    if vectors.shape != expected or vectors.dtype.kind != "f":
        raise ContractError(who, f"vectors are float32 {expected}", f"{vectors.dtype} {vectors.shape}")
    if not np.isfinite(vectors).all():
        raise ContractError(who, "vectors are finite", "NaN or infinity")
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not length.all():
        raise ContractError(who, "a vector has a direction", "all zeros")
    return np.asarray(vectors / length, np.float32)


def predict(model: ConceptModel, images: Sequence[Image]) -> Sequence[Mapping[str, float]]:
    """Per picture: concept id to confidence.

    Raises
    ------
    ContractError
        Not one mapping a picture, a value outside [0, 1], or a concept the model did not declare.
    """
    predictions = model.predict(images)
    who = f"concept model {full_name(model)!r}"
    if len(predictions) != len(images):
        raise ContractError(who, f"one mapping a picture, {len(images)}", str(len(predictions)))
    known = {concept.id for concept in model.concepts}
    for prediction in predictions:
        _check_values(who, prediction, known)
    return predictions


def detect(detector: Detector, images: Sequence[Image]) -> Sequence[Sequence[Detection]]:
    """Per picture: the regions found, each box once.

    Raises
    ------
    ContractError
        Not one list a picture, a value outside [0, 1], or a concept the detector did not declare.
    """
    found = detector.detect(images)
    who = f"detector {full_name(detector)!r}"
    if len(found) != len(images):
        raise ContractError(who, f"one list a picture, {len(images)}", str(len(found)))
    known = {concept.id for concept in detector.concepts}
    for detections in found:
        for detection in detections:
            _check_values(who, detection.concepts, known)
    return found


def _check_values(who: str, values: Mapping[str, float], known: set[str]) -> None:
    if unknown := values.keys() - known:
        raise ContractError(who, "concepts are among those it declares", ", ".join(sorted(unknown)))
    for concept, value in values.items():
        if not 0 <= value <= 1:
            raise ContractError(who, "values are in [0, 1]", f"{concept}={value}")
