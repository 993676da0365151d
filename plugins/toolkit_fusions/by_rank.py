"""Methods that look only at the order of each part: ranks from 1, where equal scores share the better."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from toolkit.plugins import Arguments, FusionParts, Parameter, Points

__all__ = ["Borda", "InverseSquareRank", "LogInverseSquareRank", "ReciprocalRank"]

MOURAO = (
    "Mourão, Martins, Magalhães: Multimodal medical information retrieval with unsupervised rank fusion, 2015"
)


class ByRank:
    """What the methods by rank have in common."""

    parameters: Sequence[Parameter] = ()
    by_rank = True


class ReciprocalRank(ByRank):
    """Reciprocal rank fusion, so that the first place everywhere is 1."""

    name = "rrf"
    parameters: Sequence[Parameter] = (
        Parameter("k", "number", "The larger, the less the first places stand out.", 60.0, minimum=0),
    )
    help = "Reciprocal rank fusion."
    formula = "Σ w·(k + 1)/(k + rank) / Σ w"
    reference = (
        "Cormack, Clarke, Büttcher: Reciprocal rank fusion outperforms Condorcet and individual rank learning "
        "methods, SIGIR 2009"
    )

    def combine(self, parts: FusionParts, arguments: Arguments) -> Points:
        """The mean of reciprocal ranks.

        Parameters
        ----------
        parts : FusionParts
            Ranks.
        arguments : Arguments
            ``k``.
        """
        k = cast(float, arguments["k"])
        return parts.mean((k + 1) / (k + parts.points))


class Borda(ByRank):
    """Points by rank: as many as there are rows for the first place, one for the last."""

    name = "borda"
    help = "Borda count: of N rows the first gets N points, the next N - 1."
    formula = "Σ w·(N + 1 - rank)/N / Σ w"
    reference = "Aslam, Montague: Models for metasearch, SIGIR 2001"

    def combine(self, parts: FusionParts, arguments: Arguments) -> Points:
        """The mean of points.

        Parameters
        ----------
        parts : FusionParts
            Ranks.
        arguments : Arguments
            None.
        """
        rows = max(int(np.count_nonzero(parts.present.any(axis=0))), 1)
        return parts.mean(np.maximum(rows + 1 - parts.points, 0) / rows)


class InverseSquareRank(ByRank):
    """Inverse square ranks, times the share of the parts that found the row."""

    name = "isr"
    help = "ISR: inverse square ranks, times how many of the parts have a row among their hits."
    formula = "n/p · Σ w/rank² / Σ w"
    reference = MOURAO

    def combine(self, parts: FusionParts, arguments: Arguments) -> Points:
        """The mean of inverse square ranks, times a share.

        Parameters
        ----------
        parts : FusionParts
            Ranks.
        arguments : Arguments
            None.
        """
        fused: Points = parts.mean(parts.points**-2.0) * parts.present.mean(axis=0)
        return fused


class LogInverseSquareRank(ByRank):
    """Inverse square ranks, times the logarithm of the number of parts that found the row."""

    name = "logisr"
    help = "logISR: as ISR, times the logarithm of how many: what a single one of several parts found is 0."
    formula = "ln n/ln p · Σ w/rank² / Σ w"
    reference = MOURAO

    def combine(self, parts: FusionParts, arguments: Arguments) -> Points:
        """The mean of inverse square ranks, times a logarithm.

        Parameters
        ----------
        parts : FusionParts
            Ranks.
        arguments : Arguments
            None.
        """
        count = parts.present.sum(axis=0)
        share = (
            np.log(np.maximum(count, 1)) / np.log(max(len(parts.points), 2)) if len(parts.points) > 1 else 1.0
        )
        fused: Points = parts.mean(parts.points**-2.0) * share
        return fused
