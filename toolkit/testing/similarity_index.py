"""The contract of a similarity index."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, cast

import numpy as np

from ..plugins.interfaces import Capabilities, SimilarityIndex, SimilarityIndexFactory
from ..plugins.registry import Registry
from ..plugins.registry.kinds import checked_component
from ..values.types import FloatArray

__all__ = ["SimilarityIndexContract"]

VECTORS, QUERIES, DIMENSION, NEIGHBORS = 500, 7, 32, 10
FEWEST_FOUND = 0.8  # of the true neighbors: less is no index but a sample
CLOSE = 2e-3  # of distances: the square root of a float32's rounding, for vectors that are all but equal


class _Dense(Protocol):
    def similarities(self, queries: FloatArray) -> FloatArray: ...


class _Incremental(Protocol):
    def partial_fit(self, X: FloatArray) -> object: ...  # noqa: N803  # scikit-learn's name


class SimilarityIndexContract:
    """Tests of what every similarity index promises; subclass it and set `factory`.

    Attributes
    ----------
    factory : SimilarityIndexFactory
        What makes an index; a class will do.
    """

    factory: SimilarityIndexFactory

    def index(self) -> SimilarityIndex:
        """A new index, as the registry makes it."""
        registry = Registry()
        registry.add(type(self).factory, kind="similarity_indexes")
        return registry.similarity_index(type(self).factory.name)

    def capabilities(self) -> Capabilities:
        """The capabilities it declares."""
        return getattr(self.index(), "capabilities", Capabilities(exact=True))

    def test_it_keeps_the_rules_of_its_kind(self) -> None:
        index = checked_component("similarity_indexes", "under test", self.index())
        assert cast("SimilarityIndex", index).metric in {"euclidean", "cosine"}

    def test_neighbors_are_ordered_within_the_vectors_and_as_far_as_it_says(self) -> None:
        vectors, queries = _vectors(), _queries()
        index = self.index()
        distances, neighbors = index.fit(vectors).kneighbors(queries, NEIGHBORS)
        assert distances.shape == neighbors.shape == (QUERIES, NEIGHBORS)
        assert np.issubdtype(neighbors.dtype, np.integer)
        assert (np.diff(distances, axis=1) >= -CLOSE).all(), "the nearest come first"
        assert all(len(set(row)) == NEIGHBORS for row in neighbors.tolist()), "a neighbor is there once"
        cosines = np.einsum("bd,bkd->bk", queries, vectors[neighbors])
        np.testing.assert_allclose(distances, _distances(cosines, index.metric), atol=CLOSE)

    def test_an_exact_one_finds_the_true_neighbors(self) -> None:
        index = self.index()
        distances, _ = index.fit(_vectors()).kneighbors(_queries(), NEIGHBORS)
        best = np.sort(_queries() @ _vectors().T, axis=1)[:, : -NEIGHBORS - 1 : -1]
        if self.capabilities().exact:
            np.testing.assert_allclose(distances, _distances(best, index.metric), atol=CLOSE)

    def test_an_inexact_one_finds_most_of_the_true_neighbors(self) -> None:
        _, found = self.index().fit(_vectors()).kneighbors(_queries(), NEIGHBORS)
        true = np.argsort(-(_queries() @ _vectors().T), axis=1)[:, :NEIGHBORS]
        hits = [len(set(row) & set(best)) for row, best in zip(found.tolist(), true.tolist(), strict=True)]
        assert sum(hits) >= FEWEST_FOUND * true.size, f"recall at {NEIGHBORS}: {sum(hits) / true.size:.2f}"

    def test_a_vector_finds_itself(self) -> None:
        _, neighbors = self.index().fit(_vectors()).kneighbors(_vectors()[:50], 1)
        found = (neighbors[:, 0] == np.arange(50)).mean()
        assert found == 1 if self.capabilities().exact else found >= 0.9

    def test_a_dense_one_scores_every_vector(self) -> None:
        index = self.index()
        index.fit(_vectors())
        if self.capabilities().dense:
            scores = cast("_Dense", index).similarities(_queries())
            assert (str(scores.dtype), scores.shape) == ("float32", (QUERIES, VECTORS))
            np.testing.assert_allclose(scores, _queries() @ _vectors().T, atol=CLOSE)

    def test_an_incremental_one_takes_more_vectors_at_the_end(self) -> None:
        index, vectors = self.index(), _vectors()
        if self.capabilities().incremental:
            index.fit(vectors[:300])
            cast("_Incremental", index).partial_fit(vectors[300:])
            _, neighbors = index.kneighbors(vectors[480:490], 1)
            assert (neighbors[:, 0] == np.arange(480, 490)).mean() >= 0.9

    def test_all_vectors_may_be_asked_for(self) -> None:
        _, neighbors = self.index().fit(_vectors()[:20]).kneighbors(_queries(), 20)
        assert all(sorted(row) == list(range(20)) for row in neighbors.tolist())

    def test_two_indexes_have_nothing_in_common(self) -> None:
        one, other = self.index(), self.index()
        one.fit(_vectors()[:100])
        other.fit(_vectors()[100:200])
        assert one.kneighbors(_vectors()[:1], 1)[1].tolist() == [[0]]

    def test_it_answers_on_many_threads_at_once(self) -> None:
        index = self.index().fit(_vectors())
        _, expected = index.kneighbors(_queries(), NEIGHBORS)
        with ThreadPoolExecutor(4) as pool:
            for _, neighbors in pool.map(lambda _: index.kneighbors(_queries(), NEIGHBORS), range(8)):
                np.testing.assert_array_equal(neighbors, expected)


def _distances(cosines: FloatArray, metric: str) -> FloatArray:
    apart = np.maximum(1 - cosines, 0)
    return apart if metric == "cosine" else np.sqrt(2 * apart)


def _vectors() -> FloatArray:
    """Unit vectors float32 (m, d), read-only as those of a collection are."""
    return _unit(np.random.default_rng(0), VECTORS)


def _queries() -> FloatArray:
    return _unit(np.random.default_rng(1), QUERIES)


def _unit(random: np.random.Generator, count: int) -> FloatArray:
    vectors = random.normal(size=(count, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors.flags.writeable = False
    return vectors
