"""The models of a workflow, made and checked: what they return is held to their contract here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real

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
        models = (*self.detectors.values(), *self.concept_models.values())
        return [concept for model in models for concept in model.concepts]


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
    length = np.linalg.norm(vectors.astype(np.float64, copy=False), axis=1, keepdims=True)
    if not np.isfinite(length).all():
        raise ContractError(who, "vectors are finite", "NaN or infinity")
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
    who = f"concept model {full_name(model)!r}"
    predictions = _one_each(who, "mapping", model.predict(images), images)
    known = {concept.id for concept in model.concepts}
    for prediction in predictions:
        _check_values(who, prediction, known)
    return predictions


def detect(detector: Detector, images: Sequence[Image]) -> Sequence[Sequence[Detection]]:
    """Per picture: the regions found.

    Raises
    ------
    ContractError
        Not one list of `Detection` a picture, a value outside [0, 1], or a concept the detector did not declare.
    """
    who = f"detector {full_name(detector)!r}"
    found = _one_each(who, "list", detector.detect(images), images)
    known = {concept.id for concept in detector.concepts}
    for detections in found:
        for detection in _sequence(who, "each picture has a list of detections", detections):
            if not isinstance(detection, Detection):
                raise ContractError(who, "what it finds is a Detection", type(detection).__name__)
            _check_values(who, {**detection.concepts, "": detection.score}, known | {""})
    return found


Answers = TypeVar("Answers", bound=Sequence[object])
