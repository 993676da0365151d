"""An ONNX model as an embedder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PIL.Image import Image

from toolkit.plugins import FloatArray

from .component import OnnxOfWholePictures
from .description import Preparation

__all__ = ["OnnxEmbedder"]


class OnnxEmbedder(OnnxOfWholePictures):
    """An embedder from a folder with an ONNX file and its JSON; needs onnxruntime and no torch.

    A folder that ``toolkit export-onnx`` wrote has the space of the model it was made from: the two were compared
    when it was written, and the file's hash says that it is still that one.

    Parameters
    ----------
    argument : str
        The folder.

    Raises
    ------
    MissingExtraError
        onnxruntime is not installed.
    InputError
        The folder cannot be used; says why.
    """

    def __init__(self, argument: str = "", /) -> None:
        super().__init__(argument, kind="embedder")
        self._squashed = replace(self._whole, resize="squash")
        self._output = self._model.output("embedding")
        self.dimension = self._model.width(self._output)

    def embed(self, images: Sequence[Image]) -> FloatArray:
        """Vectors float32 (b, d) of whole pictures, prepared as the JSON says."""
        return self._run(images, self._whole)

    def embed_features(self, features: FloatArray) -> FloatArray:
        """Vectors float32 (b, d) of features : float32 (b, d + c)."""
        return features[:, : self.dimension]

    def embed_regions(self, images: Sequence[Image]) -> FloatArray:
        """Vectors float32 (b, d) of parts of pictures, squashed to the input size."""
        return self._run(images, self._squashed)

    def _run(self, images: Sequence[Image], how: Preparation) -> FloatArray:
        if not images:
            return np.empty((0, self.dimension), np.float32)
        return self._model.rows(images, how, self._output)
