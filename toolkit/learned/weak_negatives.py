"""A linear model from the rows people marked, with all that nobody marked as weak evidence against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..errors import QueryError
from ..plugins.cores import one_openmp_thread, one_thread
from ..values.types import FloatArray, IntArray
from .reduction import fit_reduction

__all__ = ["STRENGTHS", "Coordinates", "Examples", "fit_linear"]

Array: TypeAlias = npt.NDArray[np.floating]
Flags: TypeAlias = npt.NDArray[np.bool_]

# scikit-learn's C. Narrow concepts, such as one kind of object, want the stronger fit, broad ones the weaker; which it
# is, held-out positives say. On classes of photos the first is worth .01 of average precision and the second nothing;
# on broad concepts and on digits the second is worth .04 to .1.
STRENGTHS = (100.0, 3.0)
DIMENSION = 64


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """What a concept is learned from.

    Parameters
    ----------
    vectors : float32 (k, d)
        Of the labeled rows, unit length.
    labels : bool (k,)
        True where the row shows the concept.
    groups : int (k,)
        Rows of one picture have one number: they weigh as one, and are never held out apart.
    unlabeled : float32 (u, d)
        Of rows that nobody labeled: few of them show the concept.
    """

    vectors: FloatArray
    labels: Flags
    groups: IntArray
    unlabeled: FloatArray

    def without(self, groups: IntArray) -> Examples:
        """The examples without the positives of some groups."""
        rest = ~(np.isin(self.groups, groups) & self.labels)
        return Examples(self.vectors[rest], self.labels[rest], self.groups[rest], self.unlabeled)


@dataclass(frozen=True, slots=True, eq=False)
class Coordinates:
    """Centered, half-whitened principal coordinates of unit mean square length: linear, so weights in them are weights.

    Parameters
    ----------
    mean : float64 (d,)
        Taken off first.
    directions : float64 (j, d)
        What a vector is multiplied with.
    """

    mean: Array
    directions: Array

    @classmethod
    def of(cls, vectors: FloatArray) -> Coordinates:
        """The coordinates of a set of vectors float32 (m, d), at most 64 of them."""
        mean = vectors.mean(axis=0, dtype=np.float64)
        directions = _directions(vectors) if len(vectors) > 1 else np.eye(vectors.shape[1])
        length = np.sqrt(np.mean(np.square((vectors - mean) @ directions.T).sum(axis=1)))
        return cls(mean, directions / (length or 1.0))

    def __call__(self, vectors: FloatArray) -> Array:
        """Coordinates float64 (m, j) of vectors float32 (m, d)."""
        return np.asarray(vectors @ self.directions.T - self.directions @ self.mean)


def fit_linear(
    examples: Examples, coordinates: Coordinates, *, strength: float = STRENGTHS[0]
) -> tuple[Array, float]:
    """Weights float64 (d,) and intercept of a logistic regression on labeled and unlabeled rows.

    All positives together weigh 1, all evidence against them 1: the unlabeled rows, of which labeled negatives take
    half where there are any. So no negative is needed, and one is worth many unlabeled rows.

    Parameters
    ----------
    examples : Examples
        With a positive, and anything else.
    coordinates : Coordinates
        What the regression is fitted in; the weights are for vectors as they are.
    strength : float
        Scikit-learn's ``C``: how closely it follows the labels.

    References
    ----------
    Elkan, Noto, Learning Classifiers from Only Positive and Unlabeled Data, KDD 2008.
    """
    from sklearn.linear_model import LogisticRegression

    rows = coordinates(np.concatenate([examples.vectors, examples.unlabeled]))
    labels = np.concatenate([examples.labels, np.zeros(len(examples.unlabeled), bool)])
    model = LogisticRegression(C=strength, max_iter=200, tol=1e-3)
    # Many small products: on two busy cores a second thread made it 3 times slower.
    with one_thread(), one_openmp_thread():
        model.fit(rows, labels, sample_weight=_importance(examples))
    weights = model.coef_[0] @ coordinates.directions
    return weights, float(model.intercept_[0] - weights @ coordinates.mean)


def _importance(examples: Examples) -> Array:
    """The weight float64 (k + u,) of each row; copies share that of one."""
    positives, negatives = examples.labels, ~examples.labels
    count = len(np.unique(examples.groups[positives]))
    weights = np.zeros(len(examples.labels))
    against = 0.5 if len(examples.unlabeled) else 1.0
    for rows, total in ((positives, 1.0), (negatives, against)):
        weights[rows] = total * _shares(examples.groups[rows])
    rest = 1.0 - (against if negatives.any() else 0.0)
    unlabeled = np.full(len(examples.unlabeled), rest / max(len(examples.unlabeled), 1))
    return np.concatenate([weights, unlabeled]) * 2 * count


def _shares(groups: IntArray) -> Array:
    """Weights of rows, which sum to 1 and are equal for each group."""
    _, position, count = np.unique(groups, return_inverse=True, return_counts=True)
    return 1 / count[position] / max(len(count), 1)


def _directions(vectors: FloatArray) -> Array:
    """Half-whitened principal directions float64 (j, d): 64, or as many as the vectors vary in."""
    m, d = vectors.shape
    most = min(DIMENSION, d, m - 1)
    while most > 1:
        try:
            return fit_reduction(vectors, space="", dimension=most, fitted_at=0.0).directions.astype(
                np.float64
            )
        except QueryError:  # they vary in fewer directions
            most //= 2
    return np.eye(d)
