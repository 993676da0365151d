"""A concept from a few labels and all that nobody labeled."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from sklearn.metrics import average_precision_score, brier_score_loss

from toolkit.errors import QueryError
from toolkit.learned import training
from toolkit.learned.copies import group_copies
from toolkit.learned.mixture import Background, Mixture
from toolkit.learned.training import Examples, calibration, fit_concept
from toolkit.learned.weak_negatives import STRENGTHS

FIVE = (0, 2, 4, 6, 8)


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def examples(vectors, shows, marked, *, inputs=None):
    """Some rows labeled with the truth, the others not."""
    rest = np.setdiff1d(np.arange(len(vectors)), marked)
    groups = np.asarray(marked) if inputs is None else inputs
    return Examples(vectors[marked], shows[marked], groups, vectors[rest]), rest


@pytest.fixture(scope="module")
def digits():
    vectors, labels = load_digits(return_X_y=True)
    mixed = np.random.default_rng(0).permutation(len(labels))  # one after another they are of one writer
    return unit(vectors[mixed]), labels[mixed]


def first(shows, count):
    return np.flatnonzero(shows)[:count]


def cloud(rows=200, showing=20, *, apart=4.0, seed=0):
    random = np.random.default_rng(seed)
    shows = np.arange(rows) < showing
    return unit(random.standard_normal((rows, 12)) + apart * shows[:, None] * (np.arange(12) == 0)), shows


def test_of_ten_positives_alone_the_rest_is_ranked_and_better_than_the_base_rate(digits):
    vectors, labels = digits
    precision, brier, base = [], [], []
    for digit in FIVE:
        shows = labels == digit
        marked, rest = examples(vectors, shows, first(shows, 10))
        confidences = fit_concept(marked, concept="x").predict(vectors[rest])
        precision.append(average_precision_score(shows[rest], confidences))
        brier.append(brier_score_loss(shows[rest], confidences))
        base.append(shows[rest].mean() * (1 - shows[rest].mean()))
    assert np.mean(precision) > 0.8
    assert np.mean(brier) < 0.7 * np.mean(base)


def test_the_true_average_precision_is_in_the_reported_interval(digits):
    vectors, labels = digits
    inside = []
    for digit in FIVE:
        shows = labels == digit
        marked, rest = examples(vectors, shows, first(shows, 10))
        model = fit_concept(marked, concept="x")
        true = average_precision_score(shows[rest], model.predict(vectors[rest]))
        reported = model.report.average_precision
        inside.append(reported.low <= true <= reported.high)
        assert reported.low <= reported.value <= reported.high
    assert sum(inside) >= 4


def test_the_interval_holds_the_truth_where_the_positives_are_those_most_like_one(digits):
    vectors, labels = digits
    inside = []
    for digit in FIVE:
        shows = labels == digit
        order = np.argsort(-(vectors @ vectors[first(shows, 1)[0]]), kind="stable")
        marked, rest = examples(vectors, shows, order[shows[order]][:10])
        model = fit_concept(marked, concept="x")
        true = average_precision_score(shows[rest], model.predict(vectors[rest]))
        reported = model.report.average_precision
        inside.append(reported.low <= true <= reported.high)
    assert sum(inside) >= 4


def test_the_strength_of_the_fit_is_the_one_that_ranks_held_out_positives_higher(digits, monkeypatch):
    vectors, labels = digits
    found = {}
    for strengths in (STRENGTHS, *[(one,) for one in STRENGTHS]):
        monkeypatch.setattr(training, "STRENGTHS", strengths)
        precision = []
        for digit in FIVE:
            shows = labels == digit
            marked, rest = examples(vectors, shows, first(shows, 5))
            confidences = fit_concept(marked, concept="x").predict(vectors[rest])
            precision.append(average_precision_score(shows[rest], confidences))
        found[strengths] = np.mean(precision)
    assert found[STRENGTHS] > min(found.values())


def test_negatives_help(digits):
    vectors, labels = digits
    alone, helped = [], []
    for digit in FIVE:
        shows = labels == digit
        yes, no = first(shows, 10), first(~shows, 20)
        rest = np.setdiff1d(np.arange(len(vectors)), [*yes, *no])
        for marked, found in (([*yes], alone), ([*yes, *no], helped)):
            model = fit_concept(examples(vectors, shows, marked)[0], concept="x")
            found.append(average_precision_score(shows[rest], model.predict(vectors[rest])))
    assert np.mean(helped) > np.mean(alone)


def test_every_row_gets_a_float32_confidence_in_the_order_of_its_decision():
    vectors, shows = cloud()
    model = fit_concept(examples(vectors, shows, first(shows, 3))[0], concept="x")
    confidences = model.predict(vectors)
    assert (confidences.dtype, confidences.shape) == (np.float32, (200,))
    assert ((confidences > 0) & (confidences < 1)).all()
    order = np.argsort(vectors @ model.weights)
    assert (np.diff(confidences[order]) >= 0).all()


def test_the_same_labels_make_the_same_model():
    marked, _ = examples(*cloud(), np.arange(5))
    assert fit_concept(marked, concept="x").to_dict() == fit_concept(marked, concept="x").to_dict()


def test_copies_weigh_and_count_as_one_picture():
    vectors, shows = cloud()
    marked, _ = examples(vectors, shows, np.arange(5))
    copied = Examples(
        np.concatenate([marked.vectors, np.repeat(marked.vectors[:1], 9, axis=0)]),
        np.ones(14, bool),
        np.arange(14),
        marked.unlabeled,
    )
    one, other = (fit_concept(each, concept="x").report for each in (marked, copied))
    assert (other.positives, other.distinct, other.folds) == (14, 5, 5)
    assert other.average_precision.high - other.average_precision.low >= 0.5 * (
        one.average_precision.high - one.average_precision.low
    )


def test_parts_of_one_picture_are_never_held_out_apart():
    vectors, shows = cloud()
    parts, _ = examples(vectors, shows, np.arange(6), inputs=np.zeros(6, int))
    report = fit_concept(parts, concept="x").report
    assert (report.positives, report.distinct, report.folds) == (6, 1, 0)
    assert (report.average_precision.low, report.average_precision.high) == (0, 1)


@pytest.mark.parametrize("positives", [0, 1])
def test_too_few_positives_are_refused_with_what_to_type(positives):
    marked, _ = examples(*cloud(), first(np.arange(200) < 20, positives).astype(int))
    with pytest.raises(QueryError) as caught:
        fit_concept(marked, concept="porch")
    assert str(caught.value) == (
        f"training 'porch' needs at least 2 positive labels; there are {positives}: "
        "photos.annotate(input, concept='porch') adds one"
    )


def test_where_all_is_labeled_negatives_stand_for_the_rest_and_some_there_must_be():
    vectors, shows = cloud()
    everything, _ = examples(vectors, shows, np.arange(200))
    confidences = fit_concept(everything, concept="x").predict(vectors)
    assert confidences[shows].min() > np.median(confidences[~shows])
    with pytest.raises(QueryError, match="nothing to tell it from"):
        fit_concept(examples(vectors[:5], shows[:5], np.arange(5))[0], concept="x")


def test_vectors_all_alike_are_told_nothing_of():
    vectors = np.tile(np.array([[1, 0]], np.float32), (12, 1))
    marked, _ = examples(vectors, np.arange(12) < 6, np.arange(3))
    confidences = fit_concept(marked, concept="x").predict(vectors)
    assert len(set(confidences.tolist())) == 1


def test_what_is_not_a_matrix_with_labels_is_refused():
    marked, _ = examples(*cloud(), np.arange(5))
    nan = np.where(marked.labels[:, None], np.nan, marked.vectors)
    for bad in (
        {"vectors": marked.vectors[:-1]},
        {"vectors": marked.vectors[0]},
        {"vectors": nan},
        {"unlabeled": marked.unlabeled[:, :3]},
        {"labels": marked.labels.astype(float)},
    ):
        with pytest.raises(QueryError):
            fit_concept(replace(marked, **bad), concept="x")


numbers = st.floats(0.1, 20)


@given(mean=numbers, spread=numbers, share=st.floats(1e-6, 0.9))
def test_a_higher_decision_is_never_less_likely(mean, spread, share):
    odds = Mixture(mean, spread, share).log_odds(np.linspace(-20, 60, 321))
    assert np.isfinite(odds).all()
    assert (np.diff(odds) > 0).all()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=8), st.integers(0, 2**16))
def test_rows_of_an_input_are_one_group_and_so_are_copies(inputs, seed):
    vectors = np.random.default_rng(seed).normal(size=(len(inputs), 40)).astype(np.float32)
    vectors = np.concatenate([vectors, vectors[:1]])
    groups = group_copies(vectors, np.array([*inputs, 99]))
    assert groups[-1] == groups[0]
    assert (groups[:-1, None] == groups[:-1]).tolist() == [[a == b for b in inputs] for a in inputs]


@given(st.floats(0.1, 40), st.floats(0.2, 10), st.floats(1e-6, 0.5), st.floats(-5, 5), st.floats(1e-3, 10))
def test_a_row_that_scores_more_is_always_the_likelier_one(mean, spread, share, center, deviation):
    pairs = np.array(calibration(Mixture(mean, spread, share), Background(center, deviation)))
    assert (np.diff(pairs, axis=0) > 0).all()
