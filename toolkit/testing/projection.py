"""The contract of a projection."""

from __future__ import annotations

import numpy as np

from ..plugins.interfaces import Projection
from ..plugins.registry import Registry
from ..values.types import FloatArray

__all__ = ["ProjectionContract"]


class ProjectionContract:
    """Tests of what every projection promises; subclass it and set `projection`.

    Attributes
    ----------
    projection : Projection
        What is tested.
    """

    projection: Projection

    def vectors(self, count: int) -> FloatArray:
        """So many made-up unit vectors, float32 (count, 16), of two kinds in turn."""
        vectors = np.random.default_rng(0).normal(size=(count, 16)) * 0.3
        vectors[::2, 0] += 1
        vectors[1::2, 1] += 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def lay_out(self, count: int, *, seed: int = 0) -> FloatArray:
        """The places of so many.

        Parameters
        ----------
        count : int
            How many.
        seed : int
            Of what is drawn at random.
        """
        return self.projection.lay_out(self.vectors(count), seed=seed, progress=lambda _: None)

    def test_it_can_be_registered(self) -> None:
        registry = Registry()
        registry.add(self.projection, kind="projections")
        assert list(registry.projections) == [self.projection.name]
        assert self.projection.help.strip()
        assert self.projection.most >= 3

    def test_every_vector_has_a_place(self) -> None:
        for count in (3, 60):
            places = self.lay_out(count)
            assert places.shape == (count, 2)
            assert places.dtype == np.float32
            assert np.isfinite(places).all()

    def test_the_same_seed_gives_the_same_places(self) -> None:
        np.testing.assert_array_equal(self.lay_out(40, seed=3), self.lay_out(40, seed=3))

    def test_it_says_how_far_it_is_and_leaves_the_vectors_alone(self) -> None:
        vectors, shares = self.vectors(40), list[float]()
        before = vectors.copy()
        self.projection.lay_out(vectors, seed=0, progress=shares.append)
        np.testing.assert_array_equal(vectors, before)
        assert shares == sorted(shares)
        assert shares[-1] == 1.0
