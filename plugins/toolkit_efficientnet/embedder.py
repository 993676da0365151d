"""The features of an EfficientNet-lite as vectors."""

from __future__ import annotations

from collections.abc import Sequence

from PIL.Image import Image

from toolkit.plugins import FloatArray, UsualCosines

from .loaded import Loaded, loaded
from .variants import variant_of, weights_of

__all__ = ["EfficientNetEmbedder"]


class EfficientNetEmbedder:
    """An embedder that needs no download: 1,280 numbers a picture, before the classifier.

    Parameters
    ----------
    argument : str
        ``NAME@SIDE``: ``lite2@192`` if nothing is named; ``lite0@192`` multiplies .63 times as often.

    Raises
    ------
    MissingExtraError
        The package of the weights is not installed.
    UnknownNameError, QueryError
        There is no such network, or it takes no pictures of that size.

    Examples
    --------
    >>> from PIL import Image
    >>> EfficientNetEmbedder().embed([Image.new("RGB", (40, 30), "teal")]).shape
    (1, 1280)

    References
    ----------
    M. Tan, Q. Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, ICML 2019.
    """

    name = "efficientnet"
    runs_in_processes = True
    dimension = 1280
    usual_cosines = UsualCosines(median=0.25, width=0.05, location=6.0)  # measured in docs/scores.md

    def __init__(self, argument: str = "", /) -> None:
        self._variant = variant_of(argument)
        weights_of(self._variant, _FEATURE)
        self.name = self._variant.full_name
        self.version = self._variant.version

    def embed(self, images: Sequence[Image]) -> FloatArray:
        """Vectors float32 (b, 1280) of the middle of pictures, as the network was trained."""
        return self.features(images)

    @property
    def backbone(self) -> str:
        """What it shares with the concept model of the same network."""
        return self._variant.backbone

    def features(self, images: Sequence[Image]) -> FloatArray:
        """Features float32 (b, 1280) of whole pictures."""
        return self._network().features(images)

    def embed_features(self, features: FloatArray) -> FloatArray:
        """Vectors float32 (b, 1280) of features: the same."""
        return features

    def embed_regions(self, images: Sequence[Image]) -> FloatArray:
        """Vectors float32 (b, 1280) of parts of pictures, squashed to a square: a crop would lose their rims."""
        return self._network().features(images, squash=True)

    def _network(self) -> Loaded:
        return loaded(self._variant, _FEATURE)


_FEATURE = "embedder 'efficientnet'"
