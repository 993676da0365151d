"""The `template` method of fusion: the weighted geometric mean of scores."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.plugins import Arguments, Fusion, FusionParts, Parameter, Points, hookimpl

__all__ = ["TemplateFusion"]


class TemplateFusion:
    """The geometric mean; what one part does not have is 0."""

    name = "template"
    parameters: Sequence[Parameter] = ()
    by_rank = False  # True: the points are ranks, from 1
    help = "The weighted geometric mean of the scores."
    formula = "Π s^(w / Σ w)"
    reference = "ours"

    def combine(self, parts: FusionParts, arguments: Arguments) -> Points:
        """Fused scores (r,) of the points (p, r) of p parts."""
        shares = parts.weights / parts.weights.sum()
        mean: Points = (parts.points ** shares[:, None]).prod(axis=0)
        return mean


@hookimpl
def toolkit_fusions() -> Sequence[Fusion]:
    """Give the toolkit its methods of fusion."""
    return [TemplateFusion()]
