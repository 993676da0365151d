"""The 1,000 classes of an EfficientNet-lite as concepts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from PIL.Image import Image

from toolkit.plugins import Concept, FloatArray, read_options

from .facts import classes
from .loaded import loaded
from .temperatures import reliability_of, temperature_of
from .variants import variant_of, weights_of

__all__ = ["EfficientNetConcepts"]

TOP = 50  # kept of a picture: a broad concept is the sum of many small shares, and ten lose it
LEAST = 0.0001  # smaller ones change nothing, and are a third of the fifty


class EfficientNetConcepts:
    """A concept model that needs no download: the likeliest of 1,000 classes, by softmax at its temperature.

    The classes have WordNet ids and English names; `ImageNetGraph` knows what lies above them.

    Parameters
    ----------
    argument : str
        As `EfficientNetEmbedder` takes it, and after a ``?`` how much is worth storing: ``lite2@192?top=3&least=0.1``
        keeps at most three classes a picture, of 0.1 or more. By default 50, of 0.0001 or more.

    Raises
    ------
    MissingExtraError
        The package of the weights is not installed.
    UnknownNameError, QueryError
        There is no such network or option, or it takes no pictures of that size.

    References
    ----------
    C. Guo et al., On Calibration of Modern Neural Networks, ICML 2017 (the temperature).
    """

    name = "efficientnet"
    exclusive = True
    runs_in_processes = True

    def __init__(self, argument: str = "", /) -> None:
        argument, options = read_options(argument, top=TOP, least=LEAST)
        self._top, self._least = int(options["top"]), options["least"]
        self._variant = variant_of(argument)
        weights_of(self._variant, _FEATURE)
        self.name = self._variant.full_name
        self._temperature = temperature_of(self._variant)
        self.version = options.version(f"{self._variant.version}-{self._temperature:g}")
        self.reliability = reliability_of(self._variant)
        self.concepts: Sequence[Concept] = classes()

    def predict(self, images: Sequence[Image]) -> Sequence[Mapping[str, float]]:
        """Per picture: concept id to probability, of the likeliest classes."""
        return self.predict_features(self.features(images)) if images else []

    @property
    def backbone(self) -> str:
        """What it shares with the embedder of the same network."""
        return self._variant.backbone

    def features(self, images: Sequence[Image]) -> FloatArray:
        """Features float32 (b, 1280) of whole pictures."""
        return loaded(self._variant, _FEATURE).features(images)

    def predict_features(self, features: FloatArray) -> Sequence[Mapping[str, float]]:
        """Per picture: concept id to probability, of the likeliest classes.

        Parameters
        ----------
        features : float32 (b, 1280)
            As `features` returns them.
        """
        logits = loaded(self._variant, _FEATURE).logits(features).astype(np.float64) / self._temperature
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return [self._likeliest(row) for row in odds / odds.sum(axis=1, keepdims=True)]

    def _likeliest(self, shares: npt.NDArray[np.float64]) -> dict[str, float]:
        order = np.argsort(-shares, kind="stable")[: self._top]
        return {
            self.concepts[at].id: min(float(shares[at]), 1.0) for at in order if shares[at] >= self._least
        }


_FEATURE = "concept model 'efficientnet'"
