"""Measures that ir-measures knows and the toolkit does not: asked of it, if it is installed."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..errors import MissingExtraError, QueryError
from .judgments import Judgments
from .runs import Run

if TYPE_CHECKING:
    import ir_measures

__all__ = ["Other", "other"]


@dataclass(frozen=True, slots=True)
class Other:
    """A measure of ir-measures.

    Parameters
    ----------
    name : str
        As ir-measures writes it, such as ``"Bpref"``.
    """

    name: str

    @property
    def higher_is_better(self) -> bool:
        """Yes: ir-measures has none of which less is better."""
        return True

    def of(self, run: Run, judgments: Judgments, topics: Sequence[str]) -> npt.NDArray[np.float64]:
        """What a run measures, float64 (topics,); a topic without hits counts 0.

        Parameters
        ----------
        run : Run
            What was ranked; its order counts, for its scores are made to fall strictly.
        judgments : Judgments
            What is relevant.
        topics : sequence of str
            Their ids.

        Raises
        ------
        QueryError
            None of the providers that are installed computes it.
        MissingExtraError
            ir-measures is not installed here; the measure was named where it is.
        """
        try:
            import ir_measures
        except ImportError as error:
            raise MissingExtraError(f"measure {self.name!r}", "ir-measures", "evaluation") from error

        measure = _parsed(self.name)
        # A topic whose grades are all below 0 has nothing to find, and trec_eval never comes back from it.
        grades = {
            topic: dict(judgments[topic])
            for topic in topics
            if max(judgments.get(topic, {}).values(), default=-1) >= 0
        }
        if not grades:
            return np.zeros(len(topics))
        scores = {
            topic: dict(zip(run[topic].ids, range(len(run[topic]), 0, -1), strict=True))
            for topic in topics
            if topic in run and topic in grades and len(run[topic])
        }
        try:
            found = {one.query_id: one.value for one in ir_measures.iter_calc([measure], grades, scores)}
        except (RuntimeError, ValueError) as error:
            raise QueryError(f"ir-measures cannot compute {self.name}: {error}") from error
        return np.array([float(found.get(topic, 0.0)) for topic in topics])


def other(name: str) -> Other | None:
    """The measure of ir-measures that goes by a name; None if there is none, or it is not installed.

    Examples
    --------
    >>> other("no such measure") is None
    True
    """
    if find_spec("ir_measures") is None:
        return None
    try:
        return Other(str(_parsed(name)))
    except (NameError, ValueError, SyntaxError):
        return None


def _parsed(name: str) -> ir_measures.Measure:
    import ir_measures

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a name of Python's own that it uses
        return ir_measures.parse_measure(name)
