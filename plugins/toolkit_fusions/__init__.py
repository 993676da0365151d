"""The field's ways to fuse rankings, and to make their scores comparable first."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.plugins import Fusion, Norm, hookimpl

from .by_rank import Borda, InverseSquareRank, LogInverseSquareRank, ReciprocalRank
from .by_score import CombAnz, CombMnz, CombSum, Largest, Median, Product, Smallest
from .norms import DistributionBased, MinMax, RankNorm, SumNorm, ZScore

__all__ = ["toolkit_fusions", "toolkit_norms"]


@hookimpl
def toolkit_fusions() -> Sequence[Fusion]:
    """The methods, those by score first."""
    return [
        CombSum(),
        CombMnz(),
        CombAnz(),
        Product(),
        Smallest(),
        Largest(),
        Median(),
        ReciprocalRank(),
        Borda(),
        InverseSquareRank(),
        LogInverseSquareRank(),
    ]


@hookimpl
def toolkit_norms() -> Sequence[Norm]:
    """The norms."""
    return [MinMax(), ZScore(), SumNorm(), RankNorm(), DistributionBased()]
