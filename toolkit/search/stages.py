"""The terms of a query ranked in stages: what ranks again is asked about the best of what came before, and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ..fusion.evaluate import restricted
from ..query import Rerank, Term
from ..resources import Resources
from ..snapshot import RowArrays, Snapshot
from ..values.types import IntArray, Level
from .ordering import ordered
from .planning import Plan
from .ranking import RankedTerm, rank_term
from .window import Window

__all__ = ["RankedPlan", "first_stage", "rank_plan"]


@dataclass(frozen=True, slots=True, eq=False)
class RankedPlan:
    """A plan whose terms are ranked.

    Parameters
    ----------
    plan : Plan
        Of the query.
    terms : mapping of Term to RankedTerm
        What each of its terms scores.
    best : mapping of Rerank to int (k,)
        The places that each ``>>`` ranks again.
    """

    plan: Plan
    terms: Mapping[Term, RankedTerm]
    best: Mapping[Rerank, IntArray] = field(default_factory=dict)


def first_stage(plan: Plan) -> list[Term]:
    """The terms that are ranked over the whole collection."""
    later = _later(plan)
    return list(plan.bound) if not later else [term for term in plan.bound if term not in later]


def rank_plan(
    plan: Plan,
    snapshot: Snapshot,
    resources: Resources,
    *,
    level: Level,
    top_k: int | None = None,
    ranked: Mapping[Term, RankedTerm] | None = None,
    without: Container[Term] = (),
) -> RankedPlan:
    """The plan with its terms ranked.

    Parameters
    ----------
    plan : Plan
        Of the query.
    snapshot : Snapshot
        What is ranked.
    resources : Resources
        Of the open collection.
    level : {"input", "region"}
        What a hit is.
    top_k : int, optional
        How many best rows are enough, if one term alone decides the order.
    ranked : mapping of Term to RankedTerm, optional
        The terms of the first stage, if they are ranked already; others may be among them.
    without : container of Term
        Terms that are left out; none where something is ranked again.

    Raises
    ------
    UnknownNameError, NotIndexedError, ContractError
        As of `toolkit.search.ranking.rank_term`.
    """
    if ranked is None:
        ranked = {
            term: rank_term(*plan.bound[term], snapshot, resources, level=level, top_k=top_k)
            for term in (first_stage(plan) if plan.reranks else plan.bound)
            if term not in without
        }
    if not plan.reranks:
        return RankedPlan(plan, ranked)
    terms, later = {term: ranked[term] for term in first_stage(plan)}, _later(plan)
    best: dict[Rerank, IntArray] = {}
    for node in plan.reranks:
        if node in best:
            continue
        window = Window(limit=node.k, offset=0, level=level, minimum=0.0)
        so_far = RankedPlan(plan, terms, best)
        best[node] = ordered(node.first, so_far, window, snapshot).places
        for term in (term for term, of in later.items() if of == node):
            terms[term] = _ranked_again(term, node, best[node], plan, snapshot, resources, level)
    return RankedPlan(plan, terms, best)


def _later(plan: Plan) -> dict[Term, Rerank]:
    """The terms that only rank again, and only in one place."""
    if not plan.reranks:
        return {}
    stands = Counter(leaf.term for leaf in plan.query.leaves())
    later: dict[Term, Rerank] = {}
    for node in set(plan.reranks):
        again = Counter(leaf.term for leaf in node.second.leaves())
        later |= {term: node for term, count in again.items() if count == stands[term]}
    return later


def _ranked_again(
    term: Term,
    node: Rerank,
    places: IntArray,
    plan: Plan,
    snapshot: Snapshot,
    resources: Resources,
    level: Level,
) -> RankedTerm:
    rows = _rows(places, snapshot.rows, level)
    one = rank_term(*plan.bound[term], snapshot, resources, level=level, top_k=None, rows=rows)
    among = np.zeros(len(one.raw), bool)
    among[places] = True
    note = f"only the best {len(places):,} of {node.first.text()} were looked at"
    return replace(one, scored=restricted(one.scored, among), notes=(*one.notes, note))


def _rows(places: IntArray, rows: RowArrays, level: Level) -> IntArray:
    """The rows that say something of some places: those of an input, or a region and its input as a whole."""
    if rows.are_inputs:
        return np.sort(places)
    if level == "input":
        return np.flatnonzero(np.isin(rows.input, places))
    return np.union1d(places, rows.whole_of_input[rows.input[places]])
