"""What each term gave to some hits: scores, the rows these are from, and the term that decided."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..query import Leaf
from ..snapshot import RowArrays
from ..store import Region
from ..values.types import IntArray, Part
from .ranking import Mask, RankedTerm

__all__ = ["Contribution", "contribution", "deciding_rows", "rows_judged"]


@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """What one term, where it stands in the query, gave to k hits.

    Parameters
    ----------
    leaf : Leaf
        Where the term stands.
    ranked : RankedTerm
        What it says of the hits.
    raw, scores : float64 (k,)
        The ranker's values for the hits, and the scores made of them; NaN where there is none.
    rows : int (k,)
        The row that each score is from.
    direct : bool (k,)
        Which scores are the row's own and not its input's.
    """

    leaf: Leaf
    ranked: RankedTerm
    raw: npt.NDArray[np.float64]
    scores: npt.NDArray[np.float64]
    rows: IntArray
    direct: Mask

    def parts(self, regions: Mapping[int, Region]) -> list[Part]:
        """The part of each hit, given the regions of the rows."""
        one, text, scale = self.ranked, self.leaf.term.text(), self.ranked.scored.scale
        notes, is_filter, differs = tuple(one.notes), one.is_filter, bool(scale.unit)
        return [
            Part(
                term=text,
                score=score,
                weight=self.leaf.weight,
                negated=self.leaf.negated,
                box=regions[row].box if direct else None,
                milliseconds=one.milliseconds,
                notes=(*notes, scale.explained(raw)) if differs and not math.isnan(raw) else notes,
                is_filter=is_filter,
                raw=raw,
                unit=scale.unit,
            )
            for raw, score, row, direct in zip(
                self.raw.tolist(), self.scores.tolist(), self.rows.tolist(), self.direct.tolist(), strict=True
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
    here = ranked.at(places)
    raw = here.scored.values.astype(np.float64)
    direct = ~np.isnan(raw)
    if here.direct is not None:
        direct &= here.direct
    scores = np.asarray(here.scored.scale(raw), np.float64)
    return Contribution(leaf, here, raw, scores, places if here.rows is None else here.rows, direct)


def rows_judged(leaf: Leaf, ranked: RankedTerm, rows: IntArray, of: RowArrays) -> IntArray:
    """The rows (k,) that a term judged, where hits are rows: itself, or the best of its input if it is absent.

    Parameters
    ----------
    leaf : Leaf
        Where the term stands in the query.
    ranked : RankedTerm
        What it scores.
    rows : int (k,)
        The hits.
    of : RowArrays
        All rows.
    """
    if not leaf.negated or ranked.is_filter or of.are_inputs:
        return rows
    inputs = of.input[rows]
    some = np.flatnonzero(np.isin(of.input, inputs))
    order = some[np.lexsort((-some, np.fmax(ranked.raw[some], np.float32(-np.inf)), of.input[some]))]
    last = np.searchsorted(of.input[order], inputs, side="right") - 1
    return order[last]


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
