"""Bounds of every cosine of a query, from the codes of the vectors."""

from __future__ import annotations

import time

import numpy as np

from ..fusion.evaluate import Scored
from ..query import Term
from .contenders import Contest
from .cosine_terms import by_space
from .levels import levelled
from .polarity import signs_of
from .ranking import RankedTerm

__all__ = ["cosine_bounds", "has_codes"]


def has_codes(contest: Contest) -> bool:
    """Whether every cosine of a query can be bounded by codes."""
    codes = contest.resources.indexes.codes
    return contest.may_leave_out and all(codes.fit(one.space) for one in contest.compared.values())


def cosine_bounds(contest: Contest) -> dict[Term, RankedTerm] | None:
    """The most that each cosine may be, the least for terms asked to be absent; None without codes, or for both.

    Parameters
    ----------
    contest : Contest
        The query, and what it compares.
    """
    wanted = dict.fromkeys(contest.compared, 0)
    for term, sign in signs_of(contest.query):
        if term in wanted:
            if wanted[term] not in {0, sign}:
                return None  # the most and the least of one term would take two leaves
            wanted[term] = sign
    found: dict[Term, RankedTerm] = {}
    snapshot, indexes = contest.snapshot, contest.resources.indexes
    for space, some in by_space(contest.compared):
        start = time.perf_counter()
        vectors = np.stack([contest.compared[term].vector for term in some])
        signs = np.array([wanted[term] for term in some])
        bounds = indexes.bounds(space, vectors, signs, rows=len(snapshot.rows))
        if bounds is None:
            return None
        each = (time.perf_counter() - start) * 1000 / len(some)
        for term, values in zip(some, bounds, strict=True):
            one = contest.compared[term]
            raw, rows, direct = levelled(
                values, snapshot.rows, len(snapshot.inputs), level=contest.window.level
            )
            scored = Scored(raw, scale=one.scale)
            found[term] = RankedTerm(scored, rows, direct, one.concepts, one.notes, None, each)
    return found
