"""An ONNX classifier as a concept model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PIL.Image import Image

from toolkit.errors import ContractError, InputError
from toolkit.types import Concept

from .labels import concepts_of
from .session import OnnxModel

__all__ = ["OnnxConcepts"]

TOP = 5
LEAST = 0.05  # a softmax probability below is not worth storing


class OnnxConcepts:
    """A concept model from a folder with an ONNX classifier and its JSON: its likeliest classes, by softmax.

    Parameters
    ----------
    argument : str
        The folder.

    Raises
    ------
    MissingExtraError
        onnxruntime is not installed.
    InputError
        The folder cannot be used, or has no labels.
    """

    name = "onnx"

    def __init__(self, argument: str = "", /) -> None:
        self._model = OnnxModel(argument, kind="concept model")
        self._how = self._model.preparation()
        self._output = self._model.output("logits")
        self._labels = self._model.description.labels
        if not self._labels:
            raise InputError(argument, "no labels: put them into the JSON, or in classes.txt, one a line")
        self.name = self._model.name
        self.version = self._model.version
        self.concepts: Sequence[Concept] = concepts_of(self._labels)

    def predict(self, images: Sequence[Image]) -> Sequence[Mapping[str, float]]:
        """Per picture: concept id to softmax probability, of the likeliest classes."""
        if not images:
            return []
        logits = self._model.rows(images, self._how, self._output)
        if logits.shape[1] != len(self._labels):
            rule = f"it has as many classes as labels, {len(self._labels)}"
            raise ContractError(self._model.who, rule, str(logits.shape[1]))
        odds = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
        return [self._likeliest(row) for row in odds / odds.sum(axis=1, keepdims=True)]

    def _likeliest(self, shares: np.ndarray[tuple[int], np.dtype[np.float64]]) -> dict[str, float]:
        order = np.argsort(-shares, kind="stable")[:TOP]
        return {
            label.id: min(float(shares[at]), 1.0)
            for at in order
            if shares[at] >= LEAST and (label := self._labels[at]) is not None
        }
