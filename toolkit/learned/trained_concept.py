"""A concept learned from labels, as a value: a linear model that a store can keep as JSON.

Never a pickle: what is read back is numbers, and each is checked.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ..errors import QueryError, StoreError
from ..values.packed import packed, unpacked
from ..values.source import Source
from ..values.types import FloatArray, Json

__all__ = ["TrainedConcept", "Validation", "sigmoid"]

Number = TypeVar("Number", int, float)

_LARGEST = sys.float_info.max


def sigmoid(logits: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """1 / (1 + exp(-logits)), without overflow at either end."""
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * logits))


@dataclass(frozen=True, slots=True)
class Validation:
    """Quality of a trained concept on labels it was not trained on.

    Parameters
    ----------
    positives, negatives : int
        Labels of each kind.
    folds : int
        Of the cross-validation.
    strength : float
        The inverse regularization that was chosen, scikit-learn's ``C``.
    accuracy, average_precision, log_loss, brier : float
        Cross-validated; calibration included. `log_loss` is in nats, `brier` is the mean squared error.
    """

    positives: int
    negatives: int
    folds: int
    strength: float
    accuracy: float
    average_precision: float
    log_loss: float
    brier: float

    def __str__(self) -> str:
        return (
            f"{self.positives} positives, {self.negatives} negatives; {self.folds}-fold cross-validation: "
            f"average precision {self.average_precision:.3f}, accuracy {self.accuracy:.3f}, "
            f"log loss {self.log_loss:.3f}, Brier {self.brier:.3f}"
        )


@dataclass(frozen=True, slots=True, eq=False)
class TrainedConcept:
    """A linear model of one concept in one space.

    Parameters
    ----------
    concept : str
        Concept id.
    space : str
        ``embedder@version`` of the vectors it reads.
    version : int
        From 1; every training of the concept makes the next.
    weights : float32 (d,)
        Read-only.
    intercept : float
        ``decision = vector @ weights + intercept``.
    calibration : tuple of two floats
        ``(a, b)`` with ``confidence = 1 / (1 + exp(-(a * decision + b)))``; a is above 0.
    report : Validation
        How well it did on labels it had not seen.
    """

    concept: str
    space: str
    version: int
    weights: FloatArray
    intercept: float
    calibration: tuple[float, float]
    report: Validation

    @property
    def source(self) -> Source:
        """What its annotations name as their source."""
        return Source.model(f"trained-{self.concept}", self.version)

    def __str__(self) -> str:
        return f"{self.concept}: {self.report}"

    def predict(self, vectors: FloatArray) -> FloatArray:
        """Confidences float32 (m,) in [0, 1] of unit vectors float32 (m, d).

        Raises
        ------
        QueryError
            If the vectors are of another size: they come from another space.
        """
        if vectors.ndim != 2 or vectors.shape[1] != len(self.weights):
            raise QueryError(
                f"the model of {self.concept!r} reads vectors (m, {len(self.weights)}) of space "
                f"{self.space!r}, not {vectors.shape}"
            )
        slope, offset = self.calibration
        return sigmoid(slope * (vectors @ self.weights + self.intercept) + offset).astype(np.float32)

    def to_dict(self) -> dict[str, Json]:
        """A JSON object that `from_dict` reads back to the same bits."""
        return {
            "concept": self.concept,
            "space": self.space,
            "version": self.version,
            "weights": packed(self.weights),
            "intercept": self.intercept,
            "calibration": list(self.calibration),
            "report": asdict(self.report),
        }

    @classmethod
    def from_dict(cls, state: Json) -> TrainedConcept:
        """The model a JSON object describes.

        Raises
        ------
        StoreError
            If anything is missing, unknown, of the wrong type, or not finite.
        """
        found = _object(state, cls, "a trained concept")
        return cls(
            concept=_text(found, "concept"),
            space=_text(found, "space"),
            version=_version(found),
            weights=unpacked(found["weights"], "weights", damaged=_damaged),
            intercept=_number(found, "intercept", float),
            calibration=_pair(found["calibration"]),
            report=_validation(found["report"]),
        )


def _validation(value: Json) -> Validation:
    found = _object(value, Validation, "its report")
    return Validation(
        positives=_number(found, "positives", int),
        negatives=_number(found, "negatives", int),
        folds=_number(found, "folds", int),
        strength=_number(found, "strength", float),
        accuracy=_number(found, "accuracy", float),
        average_precision=_number(found, "average_precision", float),
        log_loss=_number(found, "log_loss", float),
        brier=_number(found, "brier", float),
    )


def _object(value: Json, kind: type[TrainedConcept | Validation], name: str) -> Mapping[str, Json]:
    expected = {field.name for field in fields(kind)}
    if not isinstance(value, Mapping) or set(value) != expected:
        raise _damaged(f"{name} is an object with {', '.join(sorted(expected))}")
    return value


def _text(state: Mapping[str, Json], name: str) -> str:
    value = state[name]
    if not isinstance(value, str):
        raise _damaged(f"{name} is text, not {value!r}")
    return value


def _number(state: Mapping[str, Json], name: str, kind: type[Number]) -> Number:
    value = state[name]
    wanted = int if kind is int else (int, float)
    # The bounds refuse NaN and infinity, and whole numbers too long for a float.
    if isinstance(value, bool) or not isinstance(value, wanted) or not -_LARGEST <= value <= _LARGEST:
        raise _damaged(f"{name} is a finite {kind.__name__}, not {value!r:.40}")
    return kind(value)


def _version(state: Mapping[str, Json]) -> int:
    version = _number(state, "version", int)
    if version < 1:
        raise _damaged(f"version counts from 1, not {version}")
    return version


def _pair(value: Json) -> tuple[float, float]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise _damaged(f"calibration is two numbers, not {value!r}")
    slope, offset = (_number({"calibration": each}, "calibration", float) for each in value)
    if slope <= 0:
        raise _damaged(f"calibration rises, so its slope is above 0, not {slope}")
    return slope, offset


def _damaged(rule: str) -> StoreError:
    return StoreError(f"the state of a trained concept is damaged: {rule}; run photos.train(...) again")
