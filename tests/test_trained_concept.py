import base64
import json
import math

import numpy as np
import pytest

from toolkit.errors import QueryError, StoreError
from toolkit.learned.trained_concept import Estimate, TrainedConcept, Validation, sigmoid

WEIGHTS = np.array([1.5, -0.25, 1e-8], np.float32)


def model(**changes):
    sure = Estimate(0.8, 0.6, 0.9)
    report = Validation(5, 7, 120, 4, 4, 0.02, sure, sure, Estimate(0.7, 0.5, 0.9))
    parts = {"concept": "porch", "space": "pixels@1", "version": 3, "weights": WEIGHTS, "intercept": 0.5}
    return TrainedConcept(
        **parts | {"calibration": ((0.0, -1.0), (1.0, 1.0), (3.0, 2.0)), "report": report} | changes
    )


def state(**changes):
    return model().to_dict() | changes


def test_json_brings_back_the_same_bits():
    again = TrainedConcept.from_dict(json.loads(json.dumps(model().to_dict(), allow_nan=False)))
    np.testing.assert_array_equal(again.weights, WEIGHTS)
    assert again.to_dict() == model().to_dict()
    vectors = np.eye(3, dtype=np.float32)
    np.testing.assert_array_equal(again.predict(vectors), model().predict(vectors))


def test_a_confidence_is_the_calibrated_decision():
    decision = 1.5 + 0.5  # half way between the pairs at 1 and at 3
    assert decision == 2.0
    assert model().predict(np.array([[1, 0, 0]], np.float32))[0] == pytest.approx(logistic(1.5))


def logistic(odds):
    return 1 / (1 + math.exp(-odds))


@pytest.mark.parametrize(
    ("intercept", "odds"), [(-2.0, -5.0), (0.0, -1.0), (0.5, 0.0), (3.0, 2.0), (5.0, 3.0)]
)
def test_log_odds_are_linear_between_the_pairs_and_beyond_them(intercept, odds):
    one = model(intercept=intercept).predict(np.zeros((1, 3), np.float32))
    assert one[0] == pytest.approx(logistic(odds))


def test_a_model_of_an_earlier_version_predicts_as_it_did():
    """Its calibration was one line, and its report had no intervals."""
    report = {
        "positives": 5, "negatives": 7, "folds": 5, "strength": 0.1,
        "accuracy": 0.9, "average_precision": 0.8, "log_loss": 0.3, "brier": 0.1,
    }  # fmt: skip
    earlier = TrainedConcept.from_dict(state(calibration=[2.0, -1.0], report=report))
    assert earlier.predict(np.array([[1, 0, 0]], np.float32))[0] == pytest.approx(logistic(2.0 * 2.0 - 1.0))
    assert earlier.report.average_precision == Estimate(0.8, 0.0, 1.0)
    assert TrainedConcept.from_dict(earlier.to_dict()).to_dict() == earlier.to_dict()


def test_vectors_of_another_space_are_refused():
    with pytest.raises(QueryError, match=r"reads vectors \(m, 3\) of space 'pixels@1', not \(1, 4\)"):
        model().predict(np.ones((1, 4), np.float32))


def test_a_model_read_back_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        TrainedConcept.from_dict(model().to_dict()).weights[0] = 1


def packed(*values):
    return base64.b64encode(np.array(values, "<f4").tobytes()).decode()


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        {},
        state(extra=1),
        {name: value for name, value in state().items() if name != "space"},
        state(concept=3),
        state(version=True),
        state(version=1.5),
        state(version=0),
        state(intercept="0"),
        state(intercept=math.nan),
        state(intercept=10**400),
        state(calibration=[1.0]),
        state(calibration=[0.0, 1.0]),
        state(calibration=[[0.0, 1.0], [1.0, 1.0]]),
        state(calibration=[[1.0, 0.0], [0.0, 1.0]]),
        state(calibration=[[0.0, 1.0]]),
        state(calibration=[math.inf, 1.0]),
        state(calibration="12"),
        state(weights=""),
        state(weights="AAA="),
        state(weights="not base64!"),
        state(weights=[1, 2]),
        state(weights=packed(1, math.nan)),
        state(report={}),
        state(report=state()["report"] | {"positives": 1.5}),
        state(report=state()["report"] | {"recall": None}),
        state(report=state()["report"] | {"recall": {"value": 1, "low": 0}}),
    ],
)
def test_a_damaged_state_is_refused(bad):
    with pytest.raises(StoreError, match="damaged"):
        TrainedConcept.from_dict(bad)


def test_the_report_is_one_line_and_no_figure_is_without_its_interval():
    assert str(model().report) == (
        "5 positives (4 without copies), 7 negatives, 120 unlabeled; "
        "for those expect average precision 0.80 (0.60 to 0.90), "
        "and at confidence 0.5 precision 0.70 (0.50 to 0.90), recall 0.80 (0.60 to 0.90)"
    )


def test_no_logit_is_too_large():
    np.testing.assert_array_equal(sigmoid(np.array([-1e30, 0.0, 1e30])), [0.0, 0.5, 1.0])
