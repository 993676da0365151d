"""An ONNX classifier as a concept model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL.Image import Image

from toolkit.plugins import Concept, ContractError, FloatArray

from .component import OnnxOfWholePictures
from .labels import concepts_of

__all__ = ["OnnxConcepts"]

# Kept of a picture: a broad concept is the sum of many small shares (docs/plugins/timm.md has the figures).
TOP = 50
LEAST = 0.001

Values: TypeAlias = npt.NDArray[np.float64]


class OnnxConcepts(OnnxOfWholePictures):
    """A concept model from a folder with an ONNX classifier and its JSON: its likeliest classes.

    Parameters
    ----------
    argument : str
        The folder, and after a ``?`` how much is worth storing: ``onnx:FOLDER?top=3&least=0.1``. By default 50
        classes a picture, of 0.001 or more. ``temperature=1.3`` divides the logits, which makes a network less sure.

    Attributes
    ----------
    exclusive : bool
        Whether its values are shares of one whole: true unless the JSON says ``"activation": "sigmoid"``.

    Raises
    ------
    MissingExtraError
        onnxruntime is not installed.
    InputError
        The folder cannot be used, or has no labels.
    """

    def __init__(self, argument: str = "", /) -> None:
        super().__init__(argument, kind="concept model", top=TOP, least=LEAST, temperature=1.0)
        self._output = self._model.output("logits")
        self._labels = self._model.labels()
        self.exclusive = self._model.description.activation == "softmax"
        self.concepts: Sequence[Concept] = concepts_of(self._labels)

    def predict(self, images: Sequence[Image]) -> Sequence[Mapping[str, float]]:
        """Per picture: concept id to probability, of the likeliest classes.

        Raises
        ------
        ContractError
            The model has not as many classes as labels.
        """
        if not images:
            return []
        return self._said(self._model.rows(images, self._whole, self._output))

    def predict_features(self, features: FloatArray) -> Sequence[Mapping[str, float]]:
        """Per picture: concept id to probability, of the likeliest classes.

        Parameters
        ----------
        features : float32 (b, d + c)
            As `features` returns them.

        Raises
        ------
        ContractError
            The model has not as many classes as labels.
        """
        return self._said(features[:, self._model.width(self._model.output("embedding")) :])

    def _said(self, logits: FloatArray) -> list[dict[str, float]]:
        if logits.shape[1] != len(self._labels):
            rule = f"it has as many classes as labels, {len(self._labels)}"
            raise ContractError(self._model.who, rule, str(logits.shape[1]))
        activation = _softmax if self.exclusive else _sigmoid
        return [
            self._likeliest(row)
            for row in activation(logits.astype(np.float64) / self._options["temperature"])
        ]

    def _likeliest(self, values: Values) -> dict[str, float]:
        order = np.argsort(-values, kind="stable")[: int(self._options["top"])]
        return {
            label.id: min(float(values[at]), 1.0)
            for at in order
            if values[at] >= self._options["least"] and (label := self._labels[at]) is not None
        }


def _softmax(logits: Values) -> Values:
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _sigmoid(logits: Values) -> Values:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * logits))  # without overflow at either end
