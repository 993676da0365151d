"""The `template` feedback strategy: pictures near the middle of what was asked for and what was marked come first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from toolkit.plugins import Feedback, FloatArray, Marks, hookimpl

__all__ = ["TemplateFeedback"]


class TemplateFeedback:
    """Ranks by the middle of the query and of what is relevant."""

    name = "template"
    help = "Ranks by the middle of the query and of what is relevant."

    def rank_again(self, marks: Marks) -> FloatArray:
        """Values float32 (m,) of the vectors (m, d), higher is better; there may be no marks of one kind."""
        like = np.concatenate([marks.query[None], marks.vectors[marks.relevant]])
        values: FloatArray = marks.vectors @ like.mean(axis=0)
        return values


@hookimpl
def toolkit_feedbacks() -> Sequence[Feedback]:
    """Give the toolkit its feedback strategies."""
    return [TemplateFeedback()]
