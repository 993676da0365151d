"""The contract of a feedback strategy."""

from __future__ import annotations

import numpy as np

from ..plugins.interfaces import Feedback, Marks
from ..plugins.registry import Registry
from ..values.types import FloatArray

__all__ = ["FeedbackContract"]


class FeedbackContract:
    """Tests of what every feedback strategy promises; subclass it and set `feedback`.

    Attributes
    ----------
    feedback : Feedback
        What is tested.
    """

    feedback: Feedback

    def marks(self, relevant: int, irrelevant: int) -> Marks:
        """So many marks among 120 made-up pictures, of which the first 30 are of the kind that is asked for.

        Parameters
        ----------
        relevant, irrelevant : int
            How many of each.
        """
        random = np.random.default_rng(0)
        vectors = random.normal(size=(120, 16))
        vectors[:30, 0] += 4
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        unit = vectors.astype(np.float32)
        return Marks(unit, unit[0], np.arange(1, 1 + relevant), np.arange(60, 60 + irrelevant))

    def rank(self, relevant: int, irrelevant: int) -> FloatArray:
        """The values after so many marks.

        Parameters
        ----------
        relevant, irrelevant : int
            How many of each.
        """
        return self.feedback.rank_again(self.marks(relevant, irrelevant))

    def test_it_can_be_registered(self) -> None:
        registry = Registry()
        registry.add(self.feedback, kind="feedbacks")
        assert list(registry.feedbacks) == [self.feedback.name]
        assert self.feedback.help.strip()

    def test_there_is_a_value_for_every_picture_whatever_was_marked(self) -> None:
        for relevant, irrelevant in ((0, 0), (5, 0), (0, 5), (5, 5)):
            values = np.asarray(self.rank(relevant, irrelevant))
            assert values.shape == (120,)
            assert np.isfinite(values).all()

    def test_what_is_like_the_relevant_ones_comes_first(self) -> None:
        values = np.array(self.rank(5, 5))
        values[:6] = values[60:65] = -np.inf
        first = np.argsort(-values, kind="stable")[:20]
        assert (first < 30).mean() > 0.5, (
            f"of the first 20, {(first < 30).sum()} are of the kind that was marked"
        )

    def test_the_same_marks_give_the_same_values_and_are_left_as_they_were(self) -> None:
        marks = self.marks(5, 5)
        before = marks.vectors.copy(), marks.query.copy()
        np.testing.assert_array_equal(self.feedback.rank_again(marks), self.feedback.rank_again(marks))
        np.testing.assert_array_equal(marks.vectors, before[0])
        np.testing.assert_array_equal(marks.query, before[1])
