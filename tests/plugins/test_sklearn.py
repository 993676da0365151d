"""The two indexes keep the contract; the exact one is scikit-learn's, the binary one nearly as good."""

from __future__ import annotations

import pickle
import subprocess
import sys

import numpy as np
import pytest
import toolkit_sklearn
from pages import examples_failed
from sklearn.base import clone
from sklearn.neighbors import NearestNeighbors
from toolkit_sklearn.binary import BinaryIndex
from toolkit_sklearn.exact import ExactIndex
from toolkit_sklearn.signs import BLOCK, Signs, shared

from toolkit.errors import NotIndexedError, QueryError
from toolkit.plugins.interfaces import Capabilities
from toolkit.similarity.nearest import nearest, recall
from toolkit.testing import SimilarityIndexContract

EXACT, BINARY = toolkit_sklearn.toolkit_similarity_indexes()


def unit(*shape: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def clustered(m: int, d: int, *, seed: int = 0) -> np.ndarray:
    """Vectors around 50 centers, all numbers positive as those of a network often are."""
    random = np.random.default_rng(seed)
    centers = np.random.default_rng(99).gamma(0.5, size=(50, d)).astype(np.float32)
    vectors = centers[random.integers(0, 50, m)] * random.gamma(4, size=(m, d)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class Approximate:
    """The binary index where even 500 vectors are worth their signs."""

    name = "approximate"

    def __call__(self):
        return BinaryIndex(rescored=40)


class TestExact(SimilarityIndexContract):
    factory = EXACT


class TestBinaryOfFew(SimilarityIndexContract):
    factory = BINARY


class TestBinary(SimilarityIndexContract):
    factory = Approximate()


def test_discovery_imports_neither_scikit_learn_nor_scipy():
    code = (
        "import sys, toolkit_sklearn; toolkit_sklearn.toolkit_similarity_indexes()[1]();"
        "print({'sklearn', 'scipy', 'joblib'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "set()\n"


def test_the_plugin_registers_both_by_name():
    assert [factory.name for factory in (EXACT, BINARY)] == ["sklearn", "binary"]


# exact


def test_the_exact_index_answers_as_scikit_learn_does():
    vectors, queries = unit(300, 16), unit(5, 16, seed=1)
    plain = NearestNeighbors(algorithm="brute", metric="euclidean").fit(vectors)
    ours = EXACT().fit(vectors)
    (distances, indices), (plainly, expected) = ours.kneighbors(queries, 10), plain.kneighbors(queries, 10)
    np.testing.assert_array_equal(indices, expected)
    np.testing.assert_allclose(distances, plainly, rtol=3e-7)  # scikit-learn rounds on its way to float32


def test_the_exact_index_can_be_cloned_and_pickled():
    index = EXACT()
    assert isinstance(index, ExactIndex)
    assert clone(index).get_params() == index.get_params()
    again = pickle.loads(pickle.dumps(index.fit(unit(30, 4))))
    np.testing.assert_array_equal(again.similarities(unit(2, 4)), index.similarities(unit(2, 4)))


def test_no_index_copies_the_vectors(tmp_path):
    np.save(tmp_path / "vectors.npy", unit(200, 16))
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    exact, binary = EXACT().fit(mapped), BINARY().fit(mapped)
    assert np.shares_memory(exact.vectors_, mapped)
    assert np.shares_memory(exact._fit_X, mapped)
    assert np.shares_memory(binary._fitted.parts[0], mapped)


def test_the_exact_index_refuses_a_query_that_is_not_finite():
    index = EXACT().fit(unit(30, 4))
    with pytest.raises(ValueError, match="NaN"):
        index.kneighbors(np.full((1, 4), np.nan, np.float32), 1)
    with pytest.raises(QueryError, match="NaN"):
        index.similarities(np.full((1, 4), np.nan, np.float32))


# binary


def test_the_binary_index_declares_itself_approximate():
    assert BINARY().capabilities == Capabilities(exact=False, dense=False, incremental=True)


@pytest.mark.parametrize("d", [16, 64, 100, 512])
def test_the_binary_index_finds_nearly_all_neighbors(d):
    vectors, queries = clustered(20_000, d), clustered(50, d, seed=1)
    index = BinaryIndex(rescored=2000).fit(vectors)
    assert recall(index, vectors, queries, 10) >= 0.99


def test_the_binary_index_of_few_vectors_is_exact():
    vectors, queries = clustered(3000, 32), clustered(20, 32, seed=1)
    _, indices = BINARY().fit(vectors).kneighbors(queries, 10)
    np.testing.assert_array_equal(indices, nearest(vectors, queries, 10)[1])


def test_a_vector_grown_row_by_row_answers_as_one_fitted_at_once():
    vectors, queries = clustered(3000, 70), clustered(20, 70, seed=1)
    whole = BinaryIndex(rescored=3000 // 9).fit(vectors)
    grown = BinaryIndex(rescored=3000 // 9).partial_fit(vectors[:0])
    for first, last in [(0, 1), (1, 900), (900, 901), (901, 902), (902, 1500), (1500, 1503), (1503, 3000)]:
        grown.partial_fit(vectors[first:last])
    assert recall(grown, vectors, queries, 10) >= 0.99
    assert recall(whole, vectors, queries, 10) >= 0.99
    np.testing.assert_array_equal(np.concatenate(grown._fitted.parts), vectors)


def test_many_small_additions_leave_few_parts_and_never_copy_the_first():
    vectors = unit(1500, 8)
    index = BINARY().fit(vectors[:1000])
    for row in range(1000, 1500):
        index.partial_fit(vectors[row : row + 1])
    assert len(index._fitted.parts) <= 10
    assert np.shares_memory(index._fitted.parts[0], vectors)
    assert index.kneighbors(vectors[[3, 1400]], 1)[1].tolist() == [[3], [1400]]


def test_equal_vectors_keep_their_order_and_their_distance_is_zero():
    vectors = np.tile(clustered(40, 128), (100, 1))
    distances, indices = BinaryIndex(rescored=200).fit(vectors).kneighbors(vectors[7:8], 100)
    assert distances.tolist() == [[0.0] * 100]
    assert indices.tolist() == [list(range(7, 4000, 40))]


def test_a_vector_that_holds_nan_comes_last():
    vectors = unit(5, 8)
    vectors[2] = np.nan
    distances, indices = BINARY().fit(vectors).kneighbors(vectors[:1], 5)
    assert (indices[0, 0], indices[0, -1]) == (0, 2)
    assert np.isnan(distances[0]).tolist() == [False] * 4 + [True]


@pytest.mark.parametrize("k", [0, -1, 31])
def test_more_neighbors_than_vectors_are_refused_as_scikit_learn_does(k):
    with pytest.raises(QueryError, match=f"asked for {k} neighbors of 30; give 1 to that many"):
        BINARY().fit(unit(30, 4)).kneighbors(unit(1, 4), k)
    with pytest.raises(ValueError, match="n_neighbors"):
        EXACT().fit(unit(30, 4)).kneighbors(unit(1, 4), k)


def test_an_index_that_was_never_fitted_says_what_to_call():
    with pytest.raises(NotIndexedError, match=r"call fit\(X\) first"):
        BINARY().kneighbors(unit(1, 4), 1)


@pytest.mark.parametrize("X", [np.ones(3, np.float32), np.ones((3, 0), np.float32), np.ones((3, 4), int)])
def test_what_is_no_matrix_of_floats_is_refused(X):
    with pytest.raises(QueryError, match=r"vectors are floats of shape \(m, d\)"):
        BINARY().fit(X)


def test_vectors_of_another_dimension_are_refused_telling_both():
    index = BINARY().fit(unit(30, 4))
    with pytest.raises(QueryError, match="vectors of 5 numbers cannot join vectors of 4"):
        index.partial_fit(unit(1, 5))
    with pytest.raises(QueryError, match="vectors of 4 numbers"):
        index.kneighbors(unit(1, 5), 1)
    with pytest.raises(QueryError, match="NaN"):
        index.kneighbors(np.full((1, 4), np.nan), 1)


def test_the_binary_index_can_be_cloned_and_pickled():
    index = clone(BinaryIndex(rescored=50)).fit(clustered(1000, 70))
    again = pickle.loads(pickle.dumps(index))
    assert again.get_params() == {"rescored": 50}
    assert again.set_params(rescored=60).rescored == 60
    queries = clustered(5, 70, seed=1)
    np.testing.assert_array_equal(again.kneighbors(queries, 3)[1], index.kneighbors(queries, 3)[1])


def test_shared_signs_are_counted_over_blocks_and_beyond_a_byte():
    vectors = clustered(BLOCK + 9, 300)
    signs = Signs.of([vectors])
    blocks = signs.codes(vectors)
    assert [block.shape for block in blocks] == [(5, BLOCK), (5, 9)]
    bits = np.unpackbits(np.ascontiguousarray(np.concatenate(blocks, axis=1).T).view(np.uint8), axis=1)
    counted = shared(blocks, signs.codes(vectors[3:4])[0])
    assert counted.max() == counted[3] == 320
    np.testing.assert_array_equal(counted, (bits == bits[3]).sum(axis=1))


def test_the_examples_of_its_page_run():
    assert examples_failed("docs/plugins/sklearn.md") == ""
