"""The classes of any timm classifier as concepts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PIL.Image import Image

from toolkit.plugins import Concept, FloatArray, read_options

from .lazy import Loaded, network

__all__ = ["TimmConcepts"]

# Kept of a picture. A broad concept is the sum of many small shares: on photos-dev five classes of 0.05 or more find
# animals at an average precision of .903 and containers at .608; fifty of 0.001 or more at .973 and .663.
TOP = 50
LEAST = 0.001


class TimmConcepts:
    """A concept model made from a timm classifier: its likeliest classes, by softmax.

    Parameters
    ----------
    argument : str
        As `TimmEmbedder` takes it, and after a ``?`` how much is worth storing:
        ``resnet50.a1_in1k?top=3&least=0.1`` keeps at most three classes a picture, of 0.1 or more. By default 50,
        of 0.001 or more. ``temperature=1.3`` divides the logits, which makes a network less sure of itself.

    Raises
    ------
    MissingExtraError, UnknownNameError, InputError
        As for `TimmEmbedder`; and if the model has no classes, or another number of them than labels.
    """

    name = "timm"
    exclusive = True

    def __init__(self, argument: str = "", /) -> None:
        self._argument, options = read_options(argument, top=TOP, least=LEAST, temperature=1.0)
        self._top, self._least = int(options["top"]), options["least"]
        self._temperature = options["temperature"]
        found = self._network()
        self.name = found.name
        self._weights = found.version
        self.backbone = found.backbone
        self.version = options.version(found.version)
        self.concepts: Sequence[Concept] = found.classes

    def predict(self, images: Sequence[Image]) -> Sequence[Mapping[str, float]]:
        """Per picture: concept id to softmax probability, of the likeliest classes."""
        return self.predict_features(self.features(images)) if images else []

    def features(self, images: Sequence[Image]) -> FloatArray:
        """What the network makes of whole pictures, float32 (b, d): the features that its classifier reads."""
        return self._network().network.run(images)

    def predict_features(self, features: FloatArray) -> Sequence[Mapping[str, float]]:
        """Per picture: concept id to softmax probability, of the likeliest classes.

        Parameters
        ----------
        features : float32 (b, d)
            As `features` returns them.
        """
        logits = self._network().logits(features) / self._temperature
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = odds / odds.sum(axis=1, keepdims=True)
        return [self._likeliest(row) for row in shares.astype(np.float64)]

    def _likeliest(self, shares: np.ndarray[tuple[int], np.dtype[np.float64]]) -> dict[str, float]:
        order = np.argsort(-shares, kind="stable")[: self._top]
        return {
            self.concepts[at].id: min(float(shares[at]), 1.0) for at in order if shares[at] >= self._least
        }

    def _network(self) -> Loaded:
        return network(self._argument, classes=True, version=getattr(self, "_weights", None))
