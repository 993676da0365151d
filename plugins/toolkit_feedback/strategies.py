"""Four ways to rank again by marks, from the oldest to what ``photos.train`` does."""

from __future__ import annotations

import numpy as np

from toolkit.plugins import Coordinates, Examples, FloatArray, Marks, cosines, fit_linear

__all__ = ["LogisticRegression", "NearestPositive", "Refine", "Rocchio"]

# As the textbook has them (Manning, Raghavan, Schütze, Introduction to Information Retrieval, 2008, chapter 9).
QUERY, TOWARDS, AWAY = 1.0, 0.75, 0.15
STRENGTH = 10.0  # scikit-learn's C
SAME = 1 - 1e-6  # a cosine from here on is of the picture that was asked with


class Rocchio:
    """Moves the query towards what is relevant, and a little away from what is not.

    References
    ----------
    J. Rocchio, Relevance Feedback in Information Retrieval, in: The SMART Retrieval System, 1971.
    """

    name = "rocchio"
    help = "Moves the query towards the mean of what is relevant, and a little away from what is not."

    def rank_again(self, marks: Marks) -> FloatArray:
        """Cosines float32 (m,) to the moved query."""
        moved = QUERY * marks.query
        if len(marks.relevant):
            moved = moved + TOWARDS * marks.vectors[marks.relevant].mean(axis=0)
        if len(marks.irrelevant):
            moved = moved - AWAY * marks.vectors[marks.irrelevant].mean(axis=0)
        length = np.linalg.norm(moved)
        return cosines(marks.vectors, moved / length if length else marks.query)


class NearestPositive:
    """Ranks by the nearest of the query and what is relevant, so that several kinds of picture may be meant."""

    name = "nearest"
    help = "Ranks by the cosine to the nearest of the query and of what is relevant."

    def rank_again(self, marks: Marks) -> FloatArray:
        """The largest cosine float32 (m,)."""
        anchors = np.concatenate([marks.query[None], marks.vectors[marks.relevant]])
        return np.asarray(cosines(marks.vectors, anchors).max(axis=0), np.float32)


class LogisticRegression:
    """Learns relevant from not relevant; where nothing is marked as not, it ranks as Rocchio does."""

    name = "logistic"
    help = "Logistic regression of relevant, with the query among it, against not relevant."

    def rank_again(self, marks: Marks) -> FloatArray:
        """Decision values float32 (m,)."""
        if not len(marks.irrelevant):
            return Rocchio().rank_again(marks)
        from sklearn.linear_model import LogisticRegression as Model

        positives = np.concatenate([marks.query[None], marks.vectors[marks.relevant]])
        rows = np.concatenate([positives, marks.vectors[marks.irrelevant]])
        labels = np.arange(len(rows)) < len(positives)
        model = Model(C=STRENGTH, class_weight="balanced", max_iter=300).fit(rows, labels)
        return np.asarray(marks.vectors @ model.coef_[0] + model.intercept_[0], np.float32)


class Refine:
    """Learns from the marks as ``photos.train`` does: what nobody marked is weak evidence against what is meant.

    Only the order counts here, so the probabilities that training adds are left out.
    """

    name = "refine"
    help = "Learns from the query and the marks, with all that is not marked as weak evidence against them."

    def __init__(self) -> None:
        self._known: tuple[FloatArray, Coordinates] | None = None  # the same for all topics of an experiment

    def rank_again(self, marks: Marks) -> FloatArray:
        """Decision values float32 (m,)."""
        if not len(marks.relevant):
            return Rocchio().rank_again(marks)
        marked = np.concatenate([marks.relevant, marks.irrelevant])
        unlike = marks.vectors @ marks.query < SAME
        unlike[marked] = False
        labels = np.arange(-1, len(marked)) < len(marks.relevant)
        examples = Examples(
            vectors=np.concatenate([marks.query[None], marks.vectors[marked]]),
            labels=labels,
            groups=np.arange(len(labels)),
            unlabeled=marks.vectors[unlike],
        )
        weights, intercept = fit_linear(examples, self._coordinates(marks.vectors))
        return np.asarray(marks.vectors @ weights + intercept, np.float32)

    def _coordinates(self, vectors: FloatArray) -> Coordinates:
        if self._known is None or self._known[0] is not vectors:
            self._known = vectors, Coordinates.of(vectors)
        return self._known[1]
