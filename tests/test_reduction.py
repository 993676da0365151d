"""A reduction keeps what tells vectors apart, and comes back from the store to the same bits."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import QueryError, StoreError
from toolkit.evaluation.measures import leave_one_out
from toolkit.learned.reduction import Reduction, fit_reduction


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def classes(*, shared, seed=0):
    """Twenty classes of ten, apart in faint directions, under a mean and two loud directions that all share."""
    random = np.random.default_rng(seed)
    labels = np.repeat(np.arange(20), 10)
    centers = random.normal(size=(20, 40))
    vectors = centers[labels] + 0.7 * random.normal(size=(200, 40))
    loud = shared * random.normal(size=(200, 2)) @ random.normal(size=(2, 40))
    return unit(vectors + loud + shared), labels


VECTORS, LABELS = classes(shared=4)
REDUCTION = fit_reduction(VECTORS, space="pixels@1", dimension=16, fitted_at=12.5)


def test_what_it_returns_are_unit_vectors_of_the_size_asked_for():
    reduced = REDUCTION.transform(VECTORS)
    assert (reduced.shape, reduced.dtype) == ((200, 16), np.dtype(np.float32))
    np.testing.assert_allclose(np.linalg.norm(reduced, axis=1), 1, atol=1e-5)


def test_fewer_numbers_rank_better_where_loud_directions_are_shared():
    before, after = leave_one_out(VECTORS, LABELS), leave_one_out(REDUCTION.transform(VECTORS), LABELS)
    assert after.precision_at_k > before.precision_at_k + 0.1


def test_directions_have_the_square_root_of_their_variance_and_no_mean():
    random = np.random.default_rng(1)
    vectors = (random.normal(size=(5000, 3)) * [8, 2, 1] + 10).astype(np.float32)
    found = fit_reduction(vectors, space="s", dimension=3, fitted_at=0)
    moved = (vectors - found.mean) @ found.directions.T
    np.testing.assert_allclose(moved.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(np.cov(moved.T), np.diag(np.sqrt([64, 4, 1])), atol=0.25)


def test_a_new_vector_goes_where_it_would_have_gone_with_the_others():
    np.testing.assert_allclose(
        REDUCTION.transform(VECTORS[7:8])[0], REDUCTION.transform(VECTORS)[7], atol=1e-5
    )


def test_the_mean_itself_still_gets_a_unit_vector():
    found = Reduction("s", np.zeros(2, np.float32), np.ones((2, 2), np.float32), 2, 0.0)
    assert found.transform(np.zeros((1, 2), np.float32)).tolist() == [[1, 0]]


def test_the_same_vectors_give_the_same_name_and_others_another():
    again = fit_reduction(VECTORS, space="pixels@1", dimension=16, fitted_at=99)
    other = fit_reduction(VECTORS[:100], space="pixels@1", dimension=16, fitted_at=99)
    assert again.name == REDUCTION.name != other.name
    assert REDUCTION.name.startswith("pixels@1~16-")


def test_it_comes_back_from_json_to_the_same_bits():
    back = Reduction.from_dict(json.loads(json.dumps(REDUCTION.to_dict())))
    assert (back.space, back.rows, back.fitted_at) == ("pixels@1", 200, 12.5)
    assert back.mean.tobytes() == REDUCTION.mean.tobytes()
    assert back.directions.tobytes() == REDUCTION.directions.tobytes()
    assert back.name == REDUCTION.name


@pytest.mark.parametrize("dimension", [0, -1, 41, 200])
def test_a_size_that_cannot_be_is_refused(dimension):
    with pytest.raises(QueryError, match="200 vectors of 40 numbers can be reduced to 1 to 40"):
        fit_reduction(VECTORS, space="s", dimension=dimension, fitted_at=0)


def test_vectors_that_do_not_vary_so_much_are_refused_with_how_much_they_do():
    flat = np.concatenate([VECTORS[:, :3], np.zeros((200, 5), np.float32)], axis=1)
    with pytest.raises(QueryError, match="vary in 3 directions only"):
        fit_reduction(flat, space="s", dimension=4, fitted_at=0)


def test_vectors_of_another_space_are_refused():
    with pytest.raises(QueryError, match=r"reads vectors \(m, 40\), not \(200, 39\)"):
        REDUCTION.transform(VECTORS[:, 1:])


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"space": 3}, "space is text"),
        ({"rows": 1}, "rows is a count"),
        ({"fitted_at": float("inf")}, "fitted_at is a time"),
        ({"mean": "%"}, "mean: float32 in base64"),
        ({"mean": ""}, "mean: finite numbers"),
        ({"directions": REDUCTION.to_dict()["mean"][:8]}, "directions"),
        ({"more": 1}, "an object with"),
    ],
)
def test_a_damaged_state_is_refused_with_the_rule(change, rule):
    with pytest.raises(StoreError, match=rule):
        Reduction.from_dict({**REDUCTION.to_dict(), **change})


@given(st.integers(2, 30), st.integers(1, 8), st.integers(0, 5))
def test_any_reduction_that_can_be_fitted_gives_finite_unit_vectors(m, d, seed):
    vectors = unit(np.random.default_rng(seed).normal(size=(m, d + 1)))
    found = fit_reduction(vectors, space="s", dimension=min(m - 1, d), fitted_at=0).transform(vectors)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-4)
