"""Scores one term: asks its ranker, holds it to the contract, and brings rows to the level of the hits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import numpy.typing as npt

from ..errors import ContractError
from ..fusion.evaluate import Scored
from ..fusion.scales import ScaleName
from ..fusion.scores import checked_scores
from ..plugins.contract_errors import contract_errors
from ..plugins.interfaces import Arguments, BatchRanker, Ranker
from ..resources import Resources
from ..similarity.background import Background, scale_of
from ..snapshot import Snapshot
from ..values.types import FloatArray, IntArray, Level
from .context import TermContext
from .levels import levelled

__all__ = ["Mask", "RankedTerm", "rank_term", "rank_terms"]

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class RankedTerm:
    """The scores of one term for every place: an input, or a row, depending on the level.

    Parameters
    ----------
    scored : Scored
        Raw values by place, NaN where the place is not a hit, and what makes scores of them.
    rows : int32 (places,) or None
        The row that each score is from; None where place i is row i.
    direct : bool (places,) or None
        Which scores are the row's own and not its input's; None where all are.
    concepts, notes : sequence of str
        The concepts the term is about, and the ranker's notes.
    hits : int or None
        How many hits there are, if only the best of them have scores.
    milliseconds : float
        Ranking, and bringing to the level.
    """

    scored: Scored
    rows: IntArray | None
    direct: Mask | None
    concepts: Sequence[str]
    notes: Sequence[str]
    hits: int | None
    milliseconds: float

    @property
    def is_filter(self) -> bool:
        """Whether it only says what may be a hit."""
        return self.scored.is_filter

    @property
    def raw(self) -> FloatArray:
        """The ranker's value for every place: float32 (places,), NaN where it is not a hit."""
        return self.scored.values

    def at(self, places: IntArray) -> RankedTerm:
        """The scores of some places, int (p,), in their order."""
        scored = self.scored
        unscored = None if scored.unscored is None else scored.unscored[places]
        return replace(
            self,
            scored=replace(scored, values=scored.values[places], unscored=unscored),
            rows=None if self.rows is None else self.rows[places],
            direct=None if self.direct is None else self.direct[places],
        )


def rank_term(
    ranker: Ranker,
    term: Arguments,
    snapshot: Snapshot,
    resources: Resources,
    *,
    level: Level,
    top_k: int | None,
    rows: IntArray | None = None,
) -> RankedTerm:
    """The scores of a term.

    Parameters
    ----------
    ranker : Ranker
        Who scores it.
    term : Arguments
        What is asked.
    snapshot : Snapshot
        What is ranked.
    resources : Resources
        Of the open collection.
    level : {"input", "region"}
        What a hit is.
    top_k : int or None
        How many best rows are enough, if this term alone decides the order.
    rows : int (k,), optional
        The rows that are looked at, ascending; what comes back of others does not count.

    Raises
    ------
    UnknownNameError
        No concept, input or region has a name that is used.
    NotIndexedError
        What the term needs was never computed.
    ContractError
        The ranker raised something, or returned what is no score.
    """
    start = time.perf_counter()
    context = TermContext(resources, snapshot, top_k=top_k, rows=rows)
    with contract_errors(f"ranker {ranker.name!r}", "rank() returns scores"):
        scored = ranker.rank(term, snapshot, context)
    return _ranked(ranker, scored, snapshot, resources, context, level, start)


def rank_terms(
    ranker: BatchRanker, terms: Sequence[Arguments], snapshot: Snapshot, resources: Resources, *, level: Level
) -> list[RankedTerm]:
    """The scores of several terms of one ranker, asked for at once.

    Parameters
    ----------
    ranker : BatchRanker
        Who scores them.
    terms, snapshot, resources, level
        As of `rank_term`.

    Raises
    ------
    UnknownNameError, NotIndexedError, ContractError
        As of `rank_term`.
    """
    start = time.perf_counter()
    context = TermContext(resources, snapshot)
    single = cast("Ranker", ranker)
    who = f"ranker {single.name!r}"
    with contract_errors(who, "rank_many() returns scores"):
        scored: object = ranker.rank_many(terms, snapshot, context)
    if not isinstance(scored, np.ndarray) or scored.ndim != 2 or len(scored) != len(terms):
        found = f"shape {scored.shape}" if isinstance(scored, np.ndarray) else type(scored).__name__
        raise ContractError(who, f"scores are one row per term, ({len(terms)}, {len(snapshot.rows)})", found)
    # What one of many terms took is its share of the whole.
    each = start + (time.perf_counter() - start) * (1 - 1 / len(terms))
    return [_ranked(single, scores, snapshot, resources, context, level, each) for scores in scored]


def _ranked(
    ranker: Ranker,
    scored: object,
    snapshot: Snapshot,
    resources: Resources,
    context: TermContext,
    level: Level,
    start: float,
) -> RankedTerm:
    scale: ScaleName = getattr(ranker, "scale", "probability")
    checked = checked_scores(
        scored, ranker=ranker.name, rows=len(snapshot.rows), is_filter=ranker.is_filter, scale=scale
    )
    if snapshot.hidden is not None:
        checked = np.where(snapshot.hidden, np.float32(np.nan), checked)
    raw, rows, direct = levelled(
        checked, snapshot.rows, len(snapshot.inputs), level=level, is_filter=ranker.is_filter
    )
    return RankedTerm(
        scored=Scored(
            raw,
            is_filter=ranker.is_filter,
            scale=scale_of(scale, raw, _background(context, resources)),
            unscored=_unscored(raw, context, level),
        ),
        rows=rows,
        direct=direct,
        concepts=context.concepts,
        notes=context.notes,
        hits=context.hits,
        milliseconds=(time.perf_counter() - start) * 1000,
    )


def _unscored(raw: FloatArray, context: TermContext, level: Level) -> Mask | None:
    """The places without a value whose inputs were examined; None if none were examined."""
    examined = context.examined_inputs
    if examined is None or not examined.any():
        return None
    rows = context.snapshot.rows
    by_place = examined if level == "input" or rows.are_inputs else examined[rows.input]
    return np.isnan(raw) & by_place


def _background(context: TermContext, resources: Resources) -> Background | None:
    spaces = context.spaces
    return resources.backgrounds.of(spaces[0], context.snapshot) if spaces else None
