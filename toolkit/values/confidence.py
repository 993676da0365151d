"""How sure a person or a model is that a picture shows a concept: a number from 0 (no) to 1 (yes)."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import cast

from ..errors import QueryError

__all__ = ["confidences", "is_confidence"]


def is_confidence(value: object) -> bool:
    """Whether a value is a real number in [0, 1], NumPy's among them; NaN is none.

    Examples
    --------
    >>> is_confidence(0), is_confidence(True), is_confidence(1.01), is_confidence(float("nan")), is_confidence("1")
    (True, True, False, False, False)
    """
    return isinstance(value, Real) and 0 <= cast("float", value) <= 1  # comparing with NaN is false


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
    for concept, value in concepts.items():
        if not is_confidence(value):
            raise QueryError(
                f"concept {concept!r} has the value {value!r}; a value is from 0 (no) to 1 (yes)"
            )
    return {concept: float(cast("float", value)) for concept, value in concepts.items()}
