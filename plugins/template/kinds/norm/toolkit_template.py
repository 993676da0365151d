"""The `template` norm: the best score of a part becomes 1."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.plugins import Norm, Points, hookimpl

__all__ = ["TemplateNorm"]


class TemplateNorm:
    """Scores as shares of the best."""

    name = "template"
    bounded = True  # the numbers are in [0, 1] as they are
    help = "A part's best score becomes 1."
    formula = "s / max"
    reference = "ours"

    def normalize(self, scores: Points) -> Points:
        """Comparable numbers (h,), in the same order as the scores (h,)."""
        return scores / max(float(scores.max()), 1e-9)


@hookimpl
def toolkit_norms() -> Sequence[Norm]:
    """Give the toolkit its norms."""
    return [TemplateNorm()]
