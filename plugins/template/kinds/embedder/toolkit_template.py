"""The `template` embedder: pictures by their mean color, and words by the colors they name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL.Image import Image

from toolkit.plugins import EmbedderFactory, FloatArray, hookimpl

__all__ = ["TemplateEmbedder"]

COLORS = {"red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255), "black": (0, 0, 0)}
WHITE = (255, 255, 255)


class TemplateEmbedder:
    """Puts pictures, and words, into a space of three numbers."""

    name = "template"
    version = "1"  # another version is another space: its vectors are not compared with those of this one
    dimension = 3

    def __init__(self, argument: str = "") -> None:
        self.argument = argument  # what follows the colon, as in "template:argument"

    def embed(self, images: Sequence[Image]) -> FloatArray:
        """Vectors float32 (b, 3) of upright RGB pictures of any size."""
        means = [np.asarray(image, np.float64).mean((0, 1)) for image in images]
        return np.asarray(means, np.float32).reshape(len(images), 3) + np.float32(1)

    def embed_text(self, texts: Sequence[str]) -> FloatArray:
        """Vectors float32 (b, 3) of texts; leave the method out if yours has no text side."""
        named = [next((COLORS[word] for word in text.split() if word in COLORS), WHITE) for text in texts]
        return np.asarray(named, np.float32).reshape(len(texts), 3) + np.float32(1)


@hookimpl
def toolkit_embedders() -> Sequence[EmbedderFactory]:
    """Give the toolkit its embedders."""
    return [TemplateEmbedder]
