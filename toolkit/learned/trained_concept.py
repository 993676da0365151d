"""A concept learned from labels, as a value: a linear model that a store can keep as JSON.

Never a pickle: what is read back is numbers, and each is checked.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from ..errors import QueryError, StoreError
from ..remedies import Remedy
from ..values.packed import packed, unpacked
from ..values.source import Source
from ..values.types import FloatArray, Json
from .validation import Estimate, Validation

__all__ = ["Estimate", "TrainedConcept", "Validation", "sigmoid"]

Array: TypeAlias = npt.NDArray[np.floating]

Number = TypeVar("Number", int, float)

_LARGEST = sys.float_info.max
_UNKNOWN = Estimate(0.5, 0.0, 1.0)
# The fields of a report written before 2026-11-26.
_EARLIER = {
    "positives", "negatives", "folds", "strength", "accuracy", "average_precision", "log_loss", "brier",
}  # fmt: skip


def sigmoid(logits: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """1 / (1 + exp(-logits)), without overflow at either end."""
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * logits))


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
    calibration : tuple of pairs of floats
        Decisions and the log-odds there, both rising; linear between two of them and beyond the last.
    report : Validation
        What it was learned from, and how well it does on rows that nobody labeled.
    """

    concept: str
    space: str
    version: int
    weights: FloatArray
    intercept: float
    calibration: tuple[tuple[float, float], ...]
    report: Validation

    @property
    def source(self) -> Source:
        """What its annotations name as their source."""
        return Source.trained(self.concept, self.version)

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
        decisions = vectors @ self.weights.astype(np.float64) + self.intercept
        return sigmoid(_piecewise(decisions, self.calibration)).astype(np.float32)

    def to_dict(self) -> dict[str, Json]:
        """A JSON object that `from_dict` reads back to the same bits."""
        return {
            "concept": self.concept,
            "space": self.space,
            "version": self.version,
            "weights": packed(self.weights),
            "intercept": self.intercept,
            "calibration": [list(pair) for pair in self.calibration],
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
            calibration=_calibration(found["calibration"]),
            report=_validation(found["report"]),
        )


def _piecewise(decisions: Array, calibration: tuple[tuple[float, float], ...]) -> Array:
    """Log-odds of decisions, linear between the pairs and beyond them."""
    x, y = np.array(calibration).T
    first, last = (y[1] - y[0]) / (x[1] - x[0]), (y[-1] - y[-2]) / (x[-1] - x[-2])
    below, above = np.minimum(decisions - x[0], 0), np.maximum(decisions - x[-1], 0)
    return np.asarray(np.interp(decisions, x, y) + first * below + last * above)


def _validation(value: Json) -> Validation:
    if isinstance(value, Mapping) and set(value) == _EARLIER:
        return _earlier(value)
    found = _object(value, Validation, "its report")
    return Validation(
        positives=_number(found, "positives", int),
        negatives=_number(found, "negatives", int),
        unlabeled=_number(found, "unlabeled", int),
        distinct=_number(found, "distinct", int),
        folds=_number(found, "folds", int),
        share=_number(found, "share", float),
        average_precision=_estimate(found, "average_precision"),
        recall=_estimate(found, "recall"),
        precision=_estimate(found, "precision"),
    )


def _earlier(found: Mapping[str, Json]) -> Validation:
    """The report of a version that judged by the labels alone, so that its figures have no interval."""
    positives = _number(found, "positives", int)
    figure = Estimate(_number(found, "average_precision", float), 0.0, 1.0)
    return Validation(
        positives=positives,
        negatives=_number(found, "negatives", int),
        unlabeled=0,
        distinct=positives,
        folds=_number(found, "folds", int),
        share=0.5,
        average_precision=figure,
        recall=_UNKNOWN,
        precision=_UNKNOWN,
    )


def _estimate(report: Mapping[str, Json], name: str) -> Estimate:
    found = _object(report[name], Estimate, f"its {name}")
    return Estimate(*(_number(found, each, float) for each in ("value", "low", "high")))


def _object(value: Json, kind: type[TrainedConcept | Validation | Estimate], name: str) -> Mapping[str, Json]:
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


def _calibration(value: Json) -> tuple[tuple[float, float], ...]:
    pairs = value if isinstance(value, list | tuple) else ()
    if len(pairs) == 2 and not any(isinstance(pair, list | tuple) for pair in pairs):
        slope, offset = _pair(pairs)  # of an earlier version: one line
        pairs = ((0.0, offset), (1.0, slope + offset))
    found = tuple(_pair(pair) for pair in pairs)
    rises = all(a < c and b < d for (a, b), (c, d) in itertools.pairwise(found))
    if len(found) < 2 or not rises:
        raise _damaged(f"calibration is pairs of numbers that rise, not {value!r:.60}")
    return found


def _pair(value: Json) -> tuple[float, float]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise _damaged(f"calibration is made of pairs of numbers, not {value!r:.60}")
    one, other = (_number({"calibration": each}, "calibration", float) for each in value)
    return one, other


def _damaged(rule: str) -> StoreError:
    again = Remedy("photos.train(...)", "toolkit train COLLECTION CONCEPT")
    return StoreError(f"the state of a trained concept is damaged: {rule}; run ", again, " again")
