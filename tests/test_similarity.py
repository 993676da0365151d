"""Cosines, the best k and recall: the same answers as the plain arithmetic, on every kind of matrix."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from toolkit.errors import QueryError
from toolkit.similarity.cosines import cosines, unit_queries
from toolkit.similarity.nearest import BLOCK, GROUPS, nearest, recall, top_k


def unit(*shape: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def best_by_sorting(scores: np.ndarray, k: int) -> list[int]:
    numbers = [index for index, score in enumerate(scores.tolist()) if score == score]
    return sorted(numbers, key=lambda index: (-scores[index], index))[:k]


# top_k

few_values = st.sampled_from([0.0, -0.0, 0.25, 0.5, 1.0, np.inf, -np.inf, np.nan])
small = hnp.arrays(np.float32, st.integers(0, 40), elements=few_values)


@given(scores=small, k=st.integers(0, 50))
def test_top_is_the_sorted_beginning_whatever_ties_and_gaps_there_are(scores, k):
    assert top_k(scores, k).tolist() == best_by_sorting(scores, k)


@given(seed=st.integers(0, 2**32 - 1), values=st.integers(1, 2000), k=st.sampled_from([1, 10, 1000, 5000]))
def test_top_of_many_scores_is_the_sorted_beginning_too(seed, values, k):
    random = np.random.default_rng(seed)
    scores = random.integers(0, values, 5 * GROUPS + 7).astype(np.float32)
    scores[random.random(len(scores)) < random.random()] = np.nan
    assert top_k(scores, k).tolist() == best_by_sorting(scores, k)


def test_top_of_equal_scores_is_the_order_of_creation():
    assert top_k(np.ones(20 * GROUPS, np.float32), 5).tolist() == [0, 1, 2, 3, 4]


def test_top_takes_unsigned_integers():
    scores = np.array([3, 0, 65535, 3], np.uint16)
    assert top_k(scores, 4).tolist() == [2, 0, 3, 1]


def test_top_takes_every_other_score():
    scores = np.arange(10 * GROUPS, dtype=np.float32)[::-2]
    assert top_k(scores, 3).tolist() == [0, 1, 2]


def test_top_of_nothing_and_of_gaps_alone_is_empty():
    assert top_k(np.empty(0, np.float32), 3).tolist() == []
    assert top_k(np.full(9 * GROUPS, np.nan, np.float32), 3).tolist() == []
    assert top_k(np.ones(3, np.float32), 0).tolist() == []


def test_a_negative_number_of_hits_is_refused():
    with pytest.raises(QueryError, match="asked for the -1 best; give 0 or more"):
        top_k(np.ones(3, np.float32), -1)
    with pytest.raises(QueryError, match="asked for the -1 best; give 0 or more"):
        nearest(unit(3, 4), unit(1, 4), -1)


# cosines


def read_only(vectors, _path):
    vectors = vectors.copy()
    vectors.flags.writeable = False
    return vectors


def memory_mapped(vectors, path):
    np.save(path / "vectors.npy", vectors)
    return np.load(path / "vectors.npy", mmap_mode="r")


def unaligned(vectors, _path):
    return np.frombuffer(b"!" + vectors.tobytes(), np.float32, offset=1).reshape(vectors.shape)


FORMS = {
    "plain": lambda vectors, _path: vectors,
    "read-only": read_only,
    "memory-mapped": memory_mapped,
    "unaligned": unaligned,
    "column by column": lambda vectors, _path: np.asfortranarray(vectors),
    "every other row": lambda vectors, _path: np.repeat(vectors, 2, axis=0)[::2],
    "every other column": lambda vectors, _path: np.repeat(vectors, 2, axis=1)[:, ::2],
    "float64": lambda vectors, _path: vectors.astype(np.float64),
    "big-endian": lambda vectors, _path: vectors.astype(">f4"),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_vectors_gives_the_same_cosines(form: str, tmp_path: Path):
    plain = unit(BLOCK + 5, 24)
    vectors, query = FORMS[form](plain, tmp_path), plain[BLOCK + 1]
    expected = plain.astype(np.float64) @ query.astype(np.float64)
    scores = cosines(vectors, query)
    assert (type(scores), scores.dtype, scores.shape) == (np.ndarray, np.float32, (BLOCK + 5,))
    np.testing.assert_allclose(scores, expected, atol=1e-6)
    np.testing.assert_allclose(cosines(vectors, query[None]), expected[None], atol=1e-6)
    assert nearest(vectors, query, 1)[1].tolist() == [[BLOCK + 1]]


def test_a_query_of_doubles_gives_single_precision():
    scores = cosines(np.eye(2, dtype=np.float32), np.array([0.6, 0.8]))
    assert scores.dtype == np.float32
    assert scores.tolist() == np.float32([0.6, 0.8]).tolist()


def test_no_vectors_have_no_cosines_and_no_neighbors():
    assert cosines(np.empty((0, 4), np.float32), unit(4)).shape == (0,)
    scores, indices = nearest(np.empty((0, 4), np.float32), unit(2, 4), 3)
    assert (scores.shape, indices.shape) == ((2, 0), (2, 0))


@pytest.mark.parametrize("shape", [(5,), (2, 5), (), (1, 1, 4)])
def test_a_query_of_another_dimension_is_refused_telling_both(shape):
    refusal = (
        rf"a query of shape \({', ?'.join(map(str, shape))},?\) cannot be compared with vectors of 4 numbers"
    )
    with pytest.raises(QueryError, match=refusal):
        cosines(unit(3, 4), np.ones(shape, np.float32))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_a_query_that_is_not_finite_is_refused(value):
    query = np.array([1.0, value, 0.0])
    for ask in (lambda: cosines(unit(3, 3), query), lambda: nearest(unit(3, 3), query, 1)):
        with pytest.raises(QueryError, match="holds NaN or infinity"):
            ask()


def test_a_query_that_is_fit_is_not_copied():
    query = unit(4)
    assert unit_queries(query, 4) is query


def test_a_vector_that_holds_nan_has_no_cosine_and_is_never_near():
    vectors = np.eye(3, dtype=np.float32)
    vectors[1] = np.nan
    assert np.isnan(cosines(vectors, vectors[0])).tolist() == [False, True, False]
    scores, indices = nearest(vectors, vectors[:1], 3)
    np.testing.assert_array_equal(scores, np.float32([[1, 0, np.nan]]))
    assert indices.tolist() == [[0, 2, -1]]


def test_cosines_are_the_same_on_many_threads_at_once():
    vectors, queries = unit(2000, 64), unit(16, 64, seed=1)
    expected = [cosines(vectors, query) for query in queries]
    with ThreadPoolExecutor(8) as pool:
        np.testing.assert_array_equal(
            list(pool.map(lambda query: cosines(vectors, query), queries)), expected
        )


# nearest


@pytest.mark.parametrize("k", [1, 10, 300])
@pytest.mark.parametrize("m", [1, 250, BLOCK, 3 * BLOCK + 11])
def test_nearest_is_the_best_of_every_cosine(m: int, k: int):
    vectors, queries = unit(m, 8), unit(7, 8, seed=1)
    scores, indices = nearest(vectors, queries, k)
    every = queries.astype(np.float64) @ vectors.astype(np.float64).T
    expected = -np.sort(-every, axis=1)[:, :k]
    assert (scores.dtype, indices.shape) == (np.float32, (7, min(k, m)))
    np.testing.assert_allclose(scores, expected, atol=1e-6)
    np.testing.assert_allclose(np.take_along_axis(every, indices, 1), expected, atol=1e-6)


def test_equal_vectors_are_near_in_the_order_of_creation_across_blocks():
    axes = np.eye(4, dtype=np.float32)  # products of zeros and ones are exact, so equal vectors do tie
    vectors = axes[np.arange(2 * BLOCK + 100) % 4]
    _, indices = nearest(vectors, axes[[2, 0]], BLOCK)
    np.testing.assert_array_equal(indices[:, :3], [[2, 6, 10], [0, 4, 8]])
    in_order = np.flatnonzero(np.arange(len(vectors)) % 4 == 2)
    np.testing.assert_array_equal(indices[0, : len(in_order)], in_order)


def test_neighbors_that_come_ever_nearer_are_all_found():
    angle = np.linspace(1.5, 0.0, 4 * BLOCK)
    vectors = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    scores, indices = nearest(vectors, np.array([[0.0, 1.0], [1.0, 0.0]]), 2)
    assert indices[0].tolist() == [0, 1]
    assert (scores[1] == 1).all()  # so near that single precision cannot tell them apart


def test_none_asked_for_is_none_given():
    scores, indices = nearest(unit(5, 3), unit(2, 3), 0)
    assert (scores.shape, indices.shape) == ((2, 0), (2, 0))


# recall


class Fixed:
    """An index that always answers the same."""

    def __init__(self, indices):
        self.indices = np.array(indices)

    def kneighbors(self, X, n_neighbors):
        return np.zeros(self.indices.shape), self.indices


@pytest.mark.parametrize(
    ("answer", "share"),
    [
        ([[0, 1]], 1.0),
        ([[2, 0]], 1.0),  # 1 and 2 are equally near
        ([[0, 3]], 0.5),
        ([[0, 0]], 0.5),  # the same one twice is one
        ([[0, -1]], 0.5),  # nothing found
    ],
)
def test_recall_counts_what_is_as_near_as_the_last_of_the_true_ones(answer, share):
    vectors = np.float32([[1, 0], [0.6, 0.8], [0.6, 0.8], [0, 1]])
    assert recall(Fixed(answer), vectors, vectors[:1], 2) == share


def test_recall_of_nothing_asked_is_whole():
    assert recall(Fixed(np.empty((0, 2), int)), unit(4, 3), np.empty((0, 3), np.float32), 2) == 1.0
