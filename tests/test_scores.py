from __future__ import annotations

from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from toolkit.errors import ContractError
from toolkit.fusion.scores import checked_scores, collapse, inherit


def test_scores_that_keep_the_convention_come_back_as_they_are():
    scores = np.float32([0, 0.5, 1, nan])
    assert checked_scores(scores, ranker="concept", rows=4) is scores


def test_scores_may_all_be_missing_or_none():
    for scores in (np.float32([nan, nan]), np.float32([])):
        assert checked_scores(scores, ranker="concept", rows=len(scores)) is scores


def test_a_rounding_error_outside_is_clipped_in_a_copy():
    scores = np.float32([1.0000002, -1e-7, nan, 0.5])
    assert_array_equal(checked_scores(scores, ranker="image", rows=4), np.float32([1, 0, nan, 0.5]))
    assert scores[0] > 1


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([0.5], "ranker 'mine': scores are a NumPy array; got list"),
        (None, "ranker 'mine': scores are a NumPy array; got NoneType"),
        (
            np.float64([0.5]),
            "ranker 'mine': scores are float32; got float64; return scores.astype(numpy.float32)",
        ),
        (np.int8([1]), "ranker 'mine': scores are float32; got int8; return scores.astype(numpy.float32)"),
        (np.float32([0.5, 1]), "ranker 'mine': scores are one per row, of shape (1,); got shape (2,)"),
        (np.float32([[0.5]]), "ranker 'mine': scores are one per row, of shape (1,); got shape (1, 1)"),
        (
            np.float32([1.5]),
            "ranker 'mine': scores are in [0, 1], or NaN where a row is not a hit; got values from 1.5 to 1.5",
        ),
        (
            np.float32([-np.inf]),
            "ranker 'mine': scores are in [0, 1], or NaN where a row is not a hit; got values from -inf to -inf",
        ),
    ],
)
def test_a_broken_ranker_is_named_with_the_rule(scores, message):
    with pytest.raises(ContractError) as caught:
        checked_scores(scores, ranker="mine", rows=1)
    assert str(caught.value) == message


def test_a_filter_is_one_or_missing():
    scores = np.float32([1, nan])
    assert checked_scores(scores, ranker="where", rows=2, is_filter=True) is scores
    with pytest.raises(
        ContractError, match=r"a filter's scores are 1, or NaN where it does not hold; got 0\.5"
    ):
        checked_scores(np.float32([1, 0.5]), ranker="where", rows=2, is_filter=True)


# Levels


def test_an_input_has_the_score_of_its_best_row():
    best, row = collapse(np.float32([0.2, nan, 0.9, 0.4, nan, 0.4, nan]), np.int32([0, 1, 2, 0, 1, 0, 3]), 4)
    assert_array_equal(best, np.float32([0.4, nan, 0.9, nan]))
    assert_array_equal(row, np.int32([3, 1, 2, 6]))
    assert best.dtype == np.float32
    assert row.dtype == np.int32


def test_one_row_per_input_is_no_work():
    scores = np.float32([0.2, nan, 0.9])
    best, row = collapse(scores, np.int32([0, 1, 2]), 3)
    assert best is scores
    assert_array_equal(row, np.int32([0, 1, 2]))


def test_an_input_without_rows_has_no_row():
    best, row = collapse(np.float32([0.5]), np.int32([1]), 2)
    assert_array_equal(best, np.float32([nan, 0.5]))
    assert_array_equal(row, np.int32([-1, 0]))


def test_nothing_collapses_to_nothing():
    best, row = collapse(np.float32([]), np.int32([]), 0)
    assert best.shape == row.shape == (0,)


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from([nan, 0.0, 0.25, 0.5, 1.0])), min_size=1, max_size=12
    )
)
def test_collapsing_is_what_a_loop_would_do(rows):
    row_input = np.int32([input for input, _ in rows])
    scores = np.float32([score for _, score in rows])
    best, row = collapse(scores, row_input, 5)
    for input in range(5):
        own = np.flatnonzero(row_input == input)
        ranked = sorted(own, key=lambda index: (-np.nan_to_num(scores[index], nan=-1), index))
        assert row[input] == (ranked[0] if ranked else -1)
        assert_array_equal(best[input], scores[ranked[0]] if ranked else np.float32(nan))


def test_a_region_without_a_score_has_its_inputs():
    #        whole 0, region of 0, whole 1, scored region of 1, region of 1
    scores = np.float32([0.3, nan, nan, 0.7, nan])
    inherited, direct = inherit(scores, np.int32([0, 0, 1, 1, 1]), np.int32([0, 2]))
    assert_array_equal(inherited, np.float32([0.3, 0.3, nan, 0.7, nan]))
    assert_array_equal(direct, [True, False, False, True, False])
    assert np.isnan(scores[1])


def test_scores_of_every_row_are_inherited_by_none():
    scores = np.float32([0.3, 0.4])
    inherited, direct = inherit(scores, np.int32([0, 0]), np.int32([0]))
    assert inherited is scores
    assert direct.all()
