"""Feedback strategies keep their contract."""

from __future__ import annotations

from pages import examples_failed
from toolkit_feedback import LogisticRegression, NearestPositive, Refine, Rocchio

from toolkit.testing import FeedbackContract


class TestRocchio(FeedbackContract):
    feedback = Rocchio()


class TestNearestPositive(FeedbackContract):
    feedback = NearestPositive()


class TestLogisticRegression(FeedbackContract):
    feedback = LogisticRegression()


class TestRefine(FeedbackContract):
    feedback = Refine()


def test_the_examples_of_the_page_run():
    assert examples_failed("docs/plugins/feedback.md") == ""
