"""The models of a workflow, made and checked: what they return is held to their contract here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL.Image import Image

from ..errors import ContractError, ToolkitError
from ..values.confidence import is_confidence
from ..values.settings import Workflow
from ..values.types import Concept, Detection, FloatArray
from .backbones import Passes, shared_backbones
from .interfaces import ConceptModel, Detector, Embedder
from .registry import Registry

__all__ = [
    "Components",
    "Missing",
    "detect",
    "embed",
    "embed_texts",
    "full_name",
    "load_components",
    "predict",
    "present_part",
]


def full_name(component: Embedder | ConceptModel | Detector) -> str:
    """``name@version``."""
    return f"{component.name}@{component.version}"


@dataclass(frozen=True, slots=True)
class Components:
    """The models of one workflow. All pickle, so a whole one travels to a worker process.

    Parameters
    ----------
    detectors, embedders, concept_models : mapping of str to component
        By the name under which their results are stored: ``detector:proposals@1``.
    notes : tuple of str
        What could not be made ready, for the report.
    """

    detectors: Mapping[str, Detector]
    embedders: Mapping[str, Embedder]
    concept_models: Mapping[str, ConceptModel]
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all, detectors first: regions are found before they are embedded."""
        return (*self.detectors, *self.embedders, *self.concept_models)

    @property
    def run_in_processes(self) -> bool:
        """Whether all of them may run in worker processes."""
        models = (*self.detectors.values(), *self.embedders.values(), *self.concept_models.values())
        return all(getattr(model, "runs_in_processes", False) for model in models)

    def passes(self) -> Passes:
        """What shares, for the pictures of one batch, a network that several of them are made from."""
        models = (*self.embedders.values(), *self.concept_models.values())
        return Passes(shared_backbones(models)) if len(models) > 1 else Passes()

    @property
    def concepts(self) -> Sequence[Concept]:
        """All concepts that the models predict."""
        models: tuple[Detector | ConceptModel, ...] = (
            *self.detectors.values(),
            *self.concept_models.values(),
        )
        return [concept for model in models for concept in model.concepts]


def load_components(workflow: Workflow, registry: Registry) -> Components:
    """The models a workflow names.

    Parameters
    ----------
    workflow : Workflow
        Specifications of models by kind.
    registry : Registry
        The plugins.

    Raises
    ------
    UnknownNameError
        No plugin has one of the names.
    """
    detectors = [registry.detector(spec) for spec in workflow.detectors]
    embedders = [registry.embedder(spec) for spec in workflow.embedders]
    models = [registry.concept_model(spec) for spec in workflow.concept_models]
    return Components(
        {f"detector:{full_name(one)}": one for one in detectors},
        {f"embedder:{full_name(one)}": one for one in embedders},
        {f"concept_model:{full_name(one)}": one for one in models},
    )


@dataclass(frozen=True, slots=True)
class Missing:
    """A model of a workflow that cannot be made here.

    Parameters
    ----------
    kind, spec : str
        ``"embedder"`` and ``"timm:resnet18"``.
    error : ToolkitError
        Why not.
    """

    kind: str
    spec: str
    error: ToolkitError


def present_part(workflow: Workflow, registry: Registry) -> tuple[Workflow, tuple[Missing, ...]]:
    """The part of a workflow that can be made here, and what cannot: a plugin may have been removed since.

    Parameters
    ----------
    workflow : Workflow
        What should run.
    registry : Registry
        The plugins there are.
    """
    present, missing = Workflow(), []
    for name in workflow.components():
        kind, _, spec = name.partition(":")
        try:
            load_components(Workflow().with_(kind, spec), registry)
        except ToolkitError as error:
            missing.append(Missing(kind, spec, error))
        else:
            present = present.with_(kind, spec)
    return present, tuple(missing)


def embed(
    embedder: Embedder, images: Sequence[Image], *, regions: bool = False, passes: Passes | None = None
) -> FloatArray:
    """Unit vectors float32 (b, d) of some pictures.

    Parameters
    ----------
    embedder : Embedder
        Makes them.
    images : sequence of b pictures
        Upright, RGB, of any size.
    regions : bool
        Whether they are parts of pictures, which an embedder may look at in a way of its own (``embed_regions``).
    passes : Passes, optional
        What networks that it shares have found in whole pictures already.

    Raises
    ------
    ContractError
        The embedder returned another shape, or numbers that are not finite.
    """
    features = None if passes is None or regions else passes.features(embedder, images)
    if features is not None:
        from_features: Callable[[FloatArray], FloatArray] = getattr(embedder, "embed_features")  # noqa: B009
        return _unit_vectors(embedder, from_features(features), len(images))
    run = getattr(embedder, "embed_regions", embedder.embed) if regions else embedder.embed
    return _unit_vectors(embedder, run(images), len(images))


def embed_texts(embedder: Embedder, texts: Sequence[str]) -> FloatArray:
    """Unit vectors float32 (b, d) of some texts, by an embedder with a text side.

    Parameters
    ----------
    embedder : Embedder
        Has a method ``embed_text``.
    texts : sequence of b str
        As people wrote them.

    Raises
    ------
    ContractError
        The embedder returned another shape, or numbers that are not finite.
    """
    run: Callable[[Sequence[str]], FloatArray] = getattr(embedder, "embed_text")  # noqa: B009
    return _unit_vectors(embedder, run(texts), len(texts))


def _unit_vectors(embedder: Embedder, returned: FloatArray, count: int) -> FloatArray:
    vectors = np.asarray(returned)
    who = f"embedder {full_name(embedder)!r}"
    expected = (count, embedder.dimension)
    if vectors.shape != expected or vectors.dtype.kind != "f":
        raise ContractError(who, f"vectors are float32 {expected}", f"{vectors.dtype} {vectors.shape}")
    length = np.linalg.norm(vectors.astype(np.float64, copy=False), axis=1, keepdims=True)
    if not np.isfinite(length).all():
        raise ContractError(who, "vectors are finite", "NaN or infinity")
    if not length.all():
        raise ContractError(who, "a vector has a direction", "all zeros")
    return np.asarray(vectors / length, np.float32)


def predict(
    model: ConceptModel, images: Sequence[Image], *, passes: Passes | None = None
) -> Sequence[Mapping[str, float]]:
    """Per picture: concept id to confidence.

    Parameters
    ----------
    model : ConceptModel
        A concept model.
    images : sequence of Image
        Upright RGB pictures.
    passes : Passes, optional
        What networks that it shares have found in them already.

    Raises
    ------
    ContractError
        Not one mapping a picture, a value outside [0, 1], or a concept the model did not declare.
    """
    who = f"concept model {full_name(model)!r}"
    features = None if passes is None else passes.features(model, images)
    predictions: object = (
        model.predict(images) if features is None else getattr(model, "predict_features")(features)  # noqa: B009
    )
    answers = _sequence(who, f"one mapping a picture, {len(images)}", predictions, len(images))
    known = {concept.id for concept in model.concepts}
    return [_values(who, answer, known) for answer in answers]


def detect(detector: Detector, images: Sequence[Image]) -> Sequence[Sequence[Detection]]:
    """Per picture: the regions found.

    Parameters
    ----------
    detector : Detector
        A detector.
    images : sequence of Image
        Upright RGB pictures.

    Raises
    ------
    ContractError
        Not one list of `Detection` a picture, a value outside [0, 1], or a concept the detector did not declare.
    """
    who = f"detector {full_name(detector)!r}"
    found: object = detector.detect(images)
    answers = _sequence(who, f"one list a picture, {len(images)}", found, len(images))
    known = {concept.id for concept in detector.concepts}
    return [
        [_detection(who, one, known) for one in _sequence(who, "what it finds is a list", answer)]
        for answer in answers
    ]


def _sequence(who: str, rule: str, found: object, length: int | None = None) -> Sequence[object]:
    if not isinstance(found, Sequence) or isinstance(found, str | bytes):
        raise ContractError(who, rule, f"a {type(found).__name__}")
    if length is not None and len(found) != length:
        raise ContractError(who, rule, str(len(found)))
    return found


def _detection(who: str, found: object, known: set[str]) -> Detection:
    if not isinstance(found, Detection):
        raise ContractError(who, "what it finds are instances of Detection", f"a {type(found).__name__}")
    _values(who, found.concepts, known)
    _check_value(who, "score", found.score)
    return found


def _values(who: str, predicted: object, known: set[str]) -> Mapping[str, float]:
    if not isinstance(predicted, Mapping):
        raise ContractError(who, "its output for a picture is a mapping", f"a {type(predicted).__name__}")
    if unknown := predicted.keys() - known:
        raise ContractError(who, "concepts are among those it declares", ", ".join(sorted(map(str, unknown))))
    for concept, value in predicted.items():
        _check_value(who, concept, value)
    return predicted


def _check_value(who: str, name: str, value: object) -> None:
    if not is_confidence(value):
        raise ContractError(who, "values are numbers in [0, 1]", f"{name}={value!r}")
