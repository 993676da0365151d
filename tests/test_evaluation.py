import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, ndcg_score

from toolkit.errors import QueryError
from toolkit.evaluation import measures as evaluation
from toolkit.evaluation.measures import (
    Retrieval,
    average_precision,
    leave_one_out,
    ndcg,
    precision_at,
    reciprocal_rank,
)

relevances = st.lists(st.booleans(), min_size=1, max_size=40)
gains = st.lists(st.integers(0, 5), min_size=2, max_size=40)


def descending(items):
    return np.arange(len(items), 0, -1)


@given(relevances.filter(any))
def test_average_precision_is_that_of_scikit_learn(relevance):
    assert average_precision(relevance) == pytest.approx(
        average_precision_score(relevance, descending(relevance))
    )


@given(gains.filter(any), st.integers(1, 45))
def test_ndcg_is_that_of_scikit_learn(values, k):
    assert ndcg(values, k=k) == pytest.approx(ndcg_score([values], [descending(values)], k=k))


@given(relevances, st.integers(1, 50))
def test_every_measure_is_a_share(relevance, k):
    measures = (
        precision_at(relevance, k),
        average_precision(relevance),
        reciprocal_rank(relevance),
        ndcg(relevance),
    )
    assert all(0 <= measure <= 1 for measure in measures)


@given(relevances.filter(any))
def test_the_best_order_scores_one(relevance):
    best = sorted(relevance, reverse=True)
    assert (
        average_precision(best) == reciprocal_rank(best) == ndcg(best) == precision_at(best, sum(best)) == 1
    )


@given(relevances, st.data())
def test_moving_a_relevant_item_up_never_lowers_a_measure(relevance, data):
    at = data.draw(st.integers(0, len(relevance) - 1))
    if at == 0 or not relevance[at]:
        return
    better = [*relevance[: at - 1], relevance[at], relevance[at - 1], *relevance[at + 1 :]]
    for measure in (average_precision, reciprocal_rank, ndcg, lambda each: precision_at(each, at)):
        assert measure(better) >= measure(relevance) - 1e-12


def test_ranks_that_a_short_list_lacks_count_as_misses():
    assert precision_at([True, True], 4) == 0.5


def test_relevant_items_that_were_not_ranked_count_as_zero():
    assert average_precision([True, False, True], total=4) == pytest.approx((1 + 2 / 3) / 4)
    assert ndcg([1, 0], ideal=[1, 1, 0]) == pytest.approx(1 / (1 + 1 / np.log2(3)))


def test_nothing_relevant_scores_zero():
    assert average_precision([False]) == reciprocal_rank([]) == ndcg([0, 0]) == average_precision([]) == 0


def test_the_first_relevant_rank_is_what_counts():
    assert reciprocal_rank([False, False, True, True]) == 1 / 3


@pytest.mark.parametrize(
    "call",
    [
        lambda: precision_at([True], 0),
        lambda: ndcg([1], k=0),
        lambda: ndcg([-1.0]),
        lambda: ndcg([np.nan]),
        lambda: average_precision([True, True], total=1),
        lambda: average_precision([[True]]),
    ],
)
def test_what_has_no_meaning_is_refused(call):
    with pytest.raises(QueryError):
        call()


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def one_by_one(vectors, labels, k):
    """The same with one sort for each query, and scikit-learn's average precision."""
    rows = []
    for query, label in enumerate(labels):
        others = np.delete(np.arange(len(labels)), query)
        relevance = labels[others] == label
        if not relevance.any():
            continue
        similarity = (vectors @ vectors[query])[others]
        first = relevance[np.argsort(-similarity, kind="stable")][:k]
        rows.append((first[0], first.sum() / k, average_precision_score(relevance, similarity)))
    return np.mean(rows, axis=0)


@pytest.mark.parametrize("block", [1, 200, 10**6])
def test_leave_one_out_agrees_with_one_sort_for_each_query(block, monkeypatch):
    monkeypatch.setattr(evaluation, "BLOCK", block)
    rng = np.random.default_rng(0)
    labels = np.append(rng.integers(0, 5, 60), 99)
    vectors = unit(rng.standard_normal((61, 8)) + 2 * np.eye(8)[labels % 8])
    found = leave_one_out(vectors, labels, k=7)
    expected = one_by_one(vectors, labels, 7)
    means = found.precision_at_1, found.precision_at_k, found.mean_average_precision
    assert means == pytest.approx(tuple(expected))
    assert (found.k, found.queries) == (7, 60)


def test_a_vector_never_finds_itself():
    vectors = np.tile(np.array([[1, 0]], np.float32), (4, 1))
    assert leave_one_out(vectors, ["a", "b", "b", "a"], k=1) == Retrieval(
        0.25, 0.25, pytest.approx((1 / 3 + 1 / 2 + 1 / 2 + 1) / 4), 1, 4
    )


def test_vectors_that_part_the_labels_score_one():
    vectors = np.repeat(np.eye(2, dtype=np.float32), 3, axis=0)
    assert leave_one_out(vectors, list("aaabbb"), k=2) == Retrieval(1.0, 1.0, 1.0, 2, 6)


@pytest.mark.parametrize(("labels", "k"), [("ab", 1), ("a", 1), ("aa", 0), ("", 1)])
def test_leave_one_out_refuses_what_it_cannot_measure(labels, k):
    with pytest.raises(QueryError):
        leave_one_out(np.eye(2, dtype=np.float32)[: max(len(labels), 0)], list(labels), k=k)
