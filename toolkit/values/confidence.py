"""How sure a person or a model is that a picture shows a concept: a number from 0 (no) to 1 (yes)."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import TypeGuard

from ..errors import QueryError

__all__ = ["LEAST_COUNTED", "LEAST_STORED", "confidences", "is_confidence"]

# Of a detection. What lies between is stored, for it is worth .05 of average precision, and counts where one asks for
# it: in searches, filters, counts, drawings and exports.
LEAST_STORED = 0.05
LEAST_COUNTED = 0.3


def is_confidence(value: object) -> TypeGuard[float]:
    """Whether a value is a real number in [0, 1], NumPy's among them; NaN is none.

    Examples
    --------
    >>> is_confidence(0), is_confidence(True), is_confidence(1.01), is_confidence(float("nan")), is_confidence("1")
    (True, True, False, False, False)
    """
    # A float is asked first: Real is an abstract class, and models say a thousand values of every picture.
    return isinstance(value, float | Real) and 0 <= value <= 1  # type: ignore[operator]  # NaN compares false


def confidences(concepts: Mapping[str, object]) -> dict[str, float]:
    """The values of some concepts as plain floats.

    Raises
    ------
    QueryError
        One is no number in [0, 1]; with its concept.

    Examples
    --------
    >>> confidences({"dog": 1, "cat": 0.25})
    {'dog': 1.0, 'cat': 0.25}
    """
    plain = {}
    for concept, value in concepts.items():
        if not is_confidence(value):
            raise QueryError(
                f"concept {concept!r} has the value {value!r}; a value is from 0 (no) to 1 (yes)"
            )
        plain[concept] = float(value)
    return plain
