"""Feedback strategies keep their contract."""

from __future__ import annotations

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
