"""What fuses several rankings into one, and what makes their scores comparable first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from ...fusion.methods import FusionParts, Points
from ..parameters import Parameter
from .rankers import Arguments

__all__ = ["Fusion", "Norm"]


@runtime_checkable
class Fusion(Protocol):
    """Fuses several rankings: the ``method`` of ``fuse([a, b], method="name")``.

    Attributes
    ----------
    name : str
        The word that queries use.
    parameters : sequence of Parameter
        What can be set beside the method; each has a default.
    by_rank : bool
        Whether it is given ranks, and not scores. Then no norm belongs to it.
    help : str
        One sentence.
    formula : str
        What it computes, as the table of methods shows it.
    reference : str
        Where it comes from.

    Notes
    -----
    A better score in one part never makes a row worse, and so neither does a score where there was none; the order of
    the parts does not matter; one ranking fused with itself stays as it is. `toolkit.testing.FusionContract` tests it.
    """

    name: str
    parameters: Sequence[Parameter]
    by_rank: bool
    help: str
    formula: str
    reference: str

    def combine(self, parts: FusionParts, arguments: Arguments) -> Points:
        """The fused scores, float64 (r,) in [0, 1]; what is a hit of no part may have any.

        Parameters
        ----------
        parts : FusionParts
            Scores or ranks, which of them are present, and the weights.
        arguments : Arguments
            A value for every parameter.
        """
        ...


@runtime_checkable
class Norm(Protocol):
    """Makes the scores of different parts comparable: the ``norm`` of ``fuse([a, b], method="sum", norm="name")``.

    Attributes
    ----------
    name : str
        The word that queries use.
    bounded : bool
        Whether what it returns is in [0, 1]; if not, one straight line takes the numbers of all parts there.
    help : str
        One sentence.
    formula : str
        What it computes, as the table of norms shows it.
    reference : str
        Where it comes from.
    """

    name: str
    bounded: bool
    help: str
    formula: str
    reference: str

    def normalize(self, scores: Points) -> Points:
        """Comparable numbers, float64 (h,), in the same order: a higher score never gets a lower number.

        Parameters
        ----------
        scores : float64 (h,)
            The scores of a part, in [0, 1], without those that are missing; at least one.
        """
        ...
