"""The contract of an embedder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol, cast, runtime_checkable

import numpy as np
from PIL.Image import Image

from ..plugins.backbones import Passes
from ..plugins.components import embed
from ..plugins.interfaces import Embedder
from ..values.types import FloatArray
from .component import CLOSE, Answer, ComponentContract
from .pictures import pictures

__all__ = ["EmbedderContract"]


@runtime_checkable
class _TextEmbedder(Protocol):
    dimension: int

    def embed_text(self, texts: Sequence[str]) -> FloatArray: ...


class EmbedderContract(ComponentContract):
    """Tests of what every embedder promises; subclass it and set `embedder`.

    Attributes
    ----------
    embedder : Embedder
        What is tested.
    """

    kind: ClassVar[str] = "embedders"
    embedder: Embedder

    @property
    def component(self) -> Embedder:
        """What is tested."""
        return self.embedder

    def answers(self, component: object, images: Sequence[Image]) -> list[Answer]:
        """Every vector made unit length, as the toolkit does.

        Parameters
        ----------
        component : Embedder
            The embedder.
        images : sequence of PIL.Image.Image
            Upright RGB.
        """
        vectors = np.asarray(cast("Embedder", component).embed(images), np.float64)
        assert vectors.shape == (len(images), self.embedder.dimension)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return [
            {str(place): value for place, value in enumerate(one)} for one in (vectors / lengths).tolist()
        ]

    def test_vectors_are_finite_float32_with_a_direction(self) -> None:
        vectors = self.embedder.embed(pictures(5))
        assert (str(vectors.dtype), vectors.shape) == ("float32", (5, self.embedder.dimension))
        assert np.isfinite(vectors).all()
        assert vectors.any(axis=1).all(), "a vector of zeros cannot be compared"

    def test_different_pictures_have_different_vectors(self) -> None:
        vectors = self.embedder.embed(pictures(5))
        assert len(np.unique(vectors, axis=0)) == 5

    def test_its_features_have_the_vectors_of_their_pictures(self) -> None:
        if backbone := getattr(self.embedder, "backbone", ""):
            shared = embed(self.embedder, pictures(5), passes=Passes([backbone]))
            np.testing.assert_allclose(shared, embed(self.embedder, pictures(5)), atol=CLOSE)

    def test_a_text_side_gives_vectors_of_the_same_space(self) -> None:
        if not isinstance(self.embedder, _TextEmbedder):
            return
        texts = ["a red car", "un chien", "犬", "a" * 10_000]
        vectors = self.embedder.embed_text(texts)
        assert (str(vectors.dtype), vectors.shape) == ("float32", (4, self.embedder.dimension))
        assert np.isfinite(vectors).all()
        assert vectors.any(axis=1).all(), "a vector of zeros cannot be compared"
        assert len(np.unique(vectors, axis=0)) > 1, "the words make no difference"
        np.testing.assert_allclose(self.embedder.embed_text(texts[:1])[0], vectors[0], atol=CLOSE)
        assert self.embedder.embed_text([]).shape == (0, self.embedder.dimension)

    def test_parts_of_pictures_have_vectors_of_the_same_space(self) -> None:
        embed_regions = getattr(self.embedder, "embed_regions", self.embedder.embed)
        vectors = embed_regions(pictures(5))
        assert (str(vectors.dtype), vectors.shape) == ("float32", (5, self.embedder.dimension))
        assert np.isfinite(vectors).all()
        assert vectors.any(axis=1).all(), "a vector of zeros cannot be compared"
