"""What each term gave to some hits: scores, the rows these are from, and the term that decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..query import Leaf
from ..store import Region
from ..values.types import IntArray, Part
from .ranking import Mask, RankedTerm

__all__ = ["Contribution", "contribution", "deciding_rows"]


@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """What one term, where it stands in the query, gave to k hits.

    Parameters
    ----------
    leaf : Leaf
        Where the term stands.
    ranked : RankedTerm
        The scores of every place.
    scores : float64 (k,)
        Of the hits; NaN where it gave none.
    rows : int (k,)
        The row that each score is from.
    direct : bool (k,)
        Which scores are the row's own and not its input's.
    """

    leaf: Leaf
    ranked: RankedTerm
    scores: npt.NDArray[np.float64]
    rows: IntArray
    direct: Mask

    def parts(self, regions: Mapping[int, Region]) -> list[Part]:
        """The part of each hit, given the regions of the rows."""
        one, text, notes = self.ranked, self.leaf.term.text(), tuple(self.ranked.notes)
        return [
            Part(
                term=text,
                score=score,
                weight=self.leaf.weight,
                negated=self.leaf.negated,
                box=regions[row].box if direct else None,
                milliseconds=one.milliseconds,
                notes=notes,
                is_filter=one.is_filter,
            )
            for score, row, direct in zip(
                self.scores.tolist(), self.rows.tolist(), self.direct.tolist(), strict=True
            )
        ]


def contribution(leaf: Leaf, ranked: RankedTerm, places: IntArray) -> Contribution:
    """What a term gave at some places.

    Parameters
    ----------
    leaf : Leaf
        Where the term stands in the query.
    ranked : RankedTerm
        What it scores.
    places : int (k,)
        Inputs or rows, whatever it was ranked at.
    """
    scores = ranked.scores[places].astype(np.float64)
    rows = places if ranked.rows is None else ranked.rows[places]
    direct = ~np.isnan(scores)
    if ranked.direct is not None:
        direct &= ranked.direct[places]
    return Contribution(leaf, ranked, scores, rows, direct)


def deciding_rows(contributions: Sequence[Contribution], otherwise: IntArray) -> IntArray:
    """The row (k,) of the term that gave each hit most: a rank before a filter, then the greatest share.

    Parameters
    ----------
    contributions : sequence of Contribution
        To the same k hits; of equal ones the first decides.
    otherwise : int (k,)
        Where no term gave anything, as to a hit for what is absent.
    """
    rows = otherwise
    ranks, shares = np.full(len(rows), -1), np.full(len(rows), -np.inf)
    for one in contributions:
        if not one.leaf.negated:
            is_rank, share = int(not one.ranked.is_filter), one.leaf.weight * one.scores
            more = ~np.isnan(share) & ((is_rank > ranks) | ((is_rank == ranks) & (share > shares)))
            rows = np.where(more, one.rows, rows)
            ranks, shares = np.where(more, is_rank, ranks), np.where(more, share, shares)
    return rows
