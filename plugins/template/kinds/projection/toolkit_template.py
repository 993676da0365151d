"""The `template` projection: what two directions, drawn at random, see of the vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from toolkit.plugins import FloatArray, Progress, Projection, hookimpl

__all__ = ["TemplateProjection"]


class TemplateProjection:
    """Drops all but two directions, drawn at random."""

    name = "template"
    help = "Drops all but two directions, drawn at random."
    most = 1_000_000

    def lay_out(self, vectors: FloatArray, *, seed: int, progress: Progress) -> FloatArray:
        """Places float32 (m, 2) of unit vectors (m, d), the same for the same seed."""
        directions = np.random.default_rng(seed).normal(size=(vectors.shape[1], 2))
        progress(1.0)
        return np.asarray(vectors @ directions, np.float32)


@hookimpl
def toolkit_projections() -> Sequence[Projection]:
    """Give the toolkit its projections."""
    return [TemplateProjection()]
