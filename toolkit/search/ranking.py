"""Scores one term: asks its ranker, holds it to the contract, and brings rows to the level of the hits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import ContractError, ToolkitError
from ..interfaces import Arguments
from ..parameters import bind
from ..query import Term
from ..resources import Resources
from ..scores import check, collapse, inherit
from ..snapshot import Snapshot
from ..types import FloatArray, Level
from .context import TermContext

__all__ = ["RankedTerm", "rank_term"]


@dataclass(frozen=True, slots=True, eq=False)
class RankedTerm:
    """What one term says of every input or row.

    Parameters
    ----------
    term : Term
        Which.
    is_filter : bool
        Whether it only says what may be a hit.
    scores : float32 (n,) or (r,)
        At the level of the hits.
    rows : int32 (n,) or (r,)
        The row that each score is from.
    direct : bool (n,) or (r,)
        Where the score is not inherited from the whole image.
    concepts, notes : sequence of str
        What the ranker said about it.
    milliseconds : float
        Ranking and levelling.
    """

    term: Term
    is_filter: bool
    scores: FloatArray
    rows: npt.NDArray[np.int32]
    direct: npt.NDArray[np.bool_]
    concepts: Sequence[str]
    notes: Sequence[str]
    milliseconds: float


def rank_term(
    term: Term, snapshot: Snapshot, resources: Resources, *, level: Level, most: int | None
) -> RankedTerm:
    """The scores of a term.

    Parameters
    ----------
    term : Term
        What is asked.
    snapshot : Snapshot
        What is ranked.
    resources : Resources
        Of the open collection.
    level : {"input", "region"}
        What a hit is.
    most : int or None
        How many best rows are enough, if this term alone decides the order.

    Raises
    ------
    UnknownNameError
        No ranker, concept, input or region goes by a name.
    QueryError
        A parameter is wrong.
    ContractError
        The ranker raised something, or returned what is no score.
    """
    start = time.perf_counter()
    ranker = resources.registry.ranker(term.ranker)
    values = bind(ranker.parameters, term.subject, dict(term.options), ranker=ranker.name)
    context = TermContext(resources, snapshot, most=most)
    try:
        scored = ranker.rank(Arguments(ranker.name, values), snapshot, context)
    except ToolkitError:
        raise
    except Exception as error:
        who = f"ranker {ranker.name!r}"
        raise ContractError(who, "rank() returns scores", f"{type(error).__name__}: {error}") from error
    checked = check(scored, ranker=ranker.name, rows=len(snapshot.rows))
    scores, rows, direct = _levelled(checked, snapshot, level, is_filter=ranker.is_filter)
    milliseconds = (time.perf_counter() - start) * 1000
    return RankedTerm(
        term, ranker.is_filter, scores, rows, direct, context.concepts, context.notes, milliseconds
    )


def _levelled(
    scores: FloatArray, snapshot: Snapshot, level: Level, *, is_filter: bool
) -> tuple[FloatArray, npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    rows = snapshot.rows
    if level == "input":
        best, of_row = collapse(scores, rows.input, len(snapshot.inputs))
        return best, of_row, ~np.isnan(best)
    own = np.arange(len(rows), dtype=np.int32)
    if is_filter:  # filters hold on the very row: a label of the whole is no label of its parts
        return scores, own, ~np.isnan(scores)
    inherited, direct = inherit(scores, rows.input, rows.whole_of_input)
    return inherited, own, direct
