import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.metrics import average_precision_score, brier_score_loss

from toolkit.errors import QueryError
from toolkit.learned.training import fit_concept


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def digits():
    vectors, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(labels))
    return unit(vectors[order]), labels[order]


@pytest.fixture(scope="module")
def eights(digits):
    """A model of the digit 8 from 600 pictures, and the rest."""
    vectors, labels = digits
    return fit_concept(vectors[:600], labels[:600] == 8, concept="eight"), vectors[600:], labels[600:] == 8


def cloud(positives, negatives, *, apart=0.0, seed=0):
    rng = np.random.default_rng(seed)
    labels = np.repeat([True, False], [positives, negatives])
    return unit(rng.standard_normal((len(labels), 6)) + apart * labels[:, None]), labels


def test_a_concept_is_ranked_well_on_pictures_it_has_not_seen(eights):
    model, vectors, labels = eights
    assert average_precision_score(labels, model.predict(vectors)) > 0.85


def test_the_report_says_what_unseen_pictures_will_show(eights):
    model, vectors, labels = eights
    confidences = model.predict(vectors)
    assert model.report.average_precision == pytest.approx(
        average_precision_score(labels, confidences), abs=0.04
    )
    assert model.report.brier == pytest.approx(brier_score_loss(labels, confidences), abs=0.01)
    assert model.report.positives + model.report.negatives == 600
    assert model.report.folds == 5


def test_confidences_are_honest(digits):
    """Of the pictures given 0.2 to 0.8, over all ten digits, about the mean confidence are right."""
    vectors, labels = digits
    confidences, truth = [], []
    for digit in range(10):
        confidences.append(
            fit_concept(vectors[:300], labels[:300] == digit, concept="x").predict(vectors[300:])
        )
        truth.append(labels[300:] == digit)
    confidence, right = np.concatenate(confidences), np.concatenate(truth)
    unsure = (confidence > 0.2) & (confidence < 0.8)
    assert unsure.sum() > 100
    assert right[unsure].mean() == pytest.approx(confidence[unsure].mean(), abs=0.12)


def test_predictions_are_float32_between_0_and_1(eights):
    model, vectors, _ = eights
    confidences = model.predict(vectors)
    assert confidences.dtype == np.float32
    assert confidences.shape == (len(vectors),)
    assert ((confidences >= 0) & (confidences <= 1)).all()
    assert model.predict(vectors[:0]).shape == (0,)


def test_the_same_labels_make_the_same_model():
    vectors, labels = cloud(20, 30, apart=0.5)
    assert (
        fit_concept(vectors, labels, concept="x").to_dict()
        == fit_concept(vectors, labels, concept="x").to_dict()
    )


def test_the_seed_only_moves_the_folds():
    vectors, labels = cloud(20, 30, apart=0.5)
    one, other = (fit_concept(vectors, labels, concept="x", seed=seed) for seed in (0, 1))
    assert one.calibration != other.calibration


@pytest.mark.parametrize(("positives", "negatives"), [(0, 0), (2, 9), (9, 2), (0, 5)])
def test_too_few_labels_are_refused_with_what_to_type(positives, negatives):
    vectors, labels = cloud(positives, negatives)
    with pytest.raises(QueryError) as caught:
        fit_concept(vectors, labels, concept="porch")
    assert str(caught.value) == (
        f"training 'porch' needs at least 3 positive and 3 negative labels; there are {positives} and "
        f"{negatives}: photos.annotate(input, concept='porch', value=1) adds one, "
        "value=0 says it is not there"
    )


def test_three_of_each_are_enough():
    vectors, labels = cloud(3, 3, apart=3.0)
    model = fit_concept(vectors, labels, concept="x")
    confidences = model.predict(vectors)
    assert model.report.folds == 3
    assert confidences[labels].min() > confidences[~labels].max()


def test_noise_is_never_ranked_the_wrong_way_round():
    """Out-of-fold values of noise often are; the model then says little, not the contrary."""
    for seed in range(8):
        vectors, labels = cloud(4, 4, seed=seed)
        model = fit_concept(vectors, labels, concept="x")
        assert model.calibration[0] > 0


def test_a_few_labels_do_not_make_a_model_certain():
    """About (4 + 1) / (4 + 2) for four labels of a kind and nothing against them."""
    vectors = np.repeat(np.eye(2, dtype=np.float32), 4, axis=0)
    model = fit_concept(vectors, vectors[:, 0] > 0, concept="x")
    np.testing.assert_allclose(model.predict(np.eye(2, dtype=np.float32)), [5 / 6, 1 / 6], atol=0.03)


def test_vectors_all_alike_get_the_share_of_positives():
    vectors = np.tile(np.array([[1, 0]], np.float32), (12, 1))
    labels = np.arange(12) < 6
    np.testing.assert_allclose(fit_concept(vectors, labels, concept="x").predict(vectors), 0.5, atol=1e-3)


def test_what_is_not_a_matrix_with_labels_is_refused():
    vectors, labels = cloud(5, 5)
    for bad in (vectors[:-1], vectors[0], np.where(labels[:, None], np.nan, vectors)):
        with pytest.raises(QueryError):
            fit_concept(bad, labels, concept="x")
    with pytest.raises(QueryError, match="bool labels"):
        fit_concept(vectors, labels.astype(float), concept="x")
