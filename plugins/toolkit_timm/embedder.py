"""Pooled features of any timm model as vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL.Image import Image

from toolkit.plugins import FloatArray

from .lazy import Loaded, network

__all__ = ["TimmEmbedder"]


class TimmEmbedder:
    """An embedder made from a timm model; the vectors are its pooled features, before the classifier.

    The space is ``architecture.tag@digest``. The digest covers the weights and how pictures are prepared, so two
    spaces of one name hold vectors that can be compared.

    Parameters
    ----------
    argument : str
        ``NAME``, ``hf-hub:OWNER/NAME``, ``local-dir:FOLDER`` or ``NAME=FILE``, as `loading.load` takes it.

    Raises
    ------
    MissingExtraError
        timm is not installed.
    UnknownNameError
        timm has no model of that name.
    InputError
        The weights cannot be fetched, are damaged, or are another model's.

    References
    ----------
    R. Wightman, PyTorch Image Models, https://github.com/huggingface/pytorch-image-models
    """

    name = "timm"

    def __init__(self, argument: str = "", /) -> None:
        self._argument = argument
        found = self._network()
        self.name = found.name
        self.version = found.version
        self.backbone = found.backbone
        self.dimension = found.network.width()

    def embed(self, images: Sequence[Image]) -> FloatArray:
        """Vectors float32 (b, d) of whole pictures, cropped as the model says."""
        return self._run(images, squash=False)

    def features(self, images: Sequence[Image]) -> FloatArray:
        """Features float32 (b, d) of whole pictures, which are the vectors."""
        return self._run(images, squash=False)

    def embed_features(self, features: FloatArray) -> FloatArray:
        """Vectors float32 (b, d) of features: the same."""
        return features

    def embed_regions(self, images: Sequence[Image]) -> FloatArray:
        """Vectors float32 (b, d) of parts of pictures, squashed to the input size: a crop would lose their rims."""
        return self._run(images, squash=True)

    def _run(self, images: Sequence[Image], *, squash: bool) -> FloatArray:
        if not images:
            return np.empty((0, self.dimension), np.float32)
        return self._network().network.run(images, squash=squash)

    def _network(self) -> Loaded:
        return network(self._argument, classes=False, version=getattr(self, "version", None))
