"""From a query to hits: plan, score every term once, fold, order, and say why."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np

from ..errors import NotIndexedError, QueryError
from ..fusion import Scored, evaluate
from ..hits import Hits
from ..query import Query, Term, Weighted
from ..resources import Resources
from ..similarity import recall, top
from ..snapshot import Snapshot
from ..types import FloatArray, Level
from .context import TermContext
from .found import found
from .ranking import RankedTerm, rank_term

__all__ = ["check_index", "search"]


def search(
    query: Query,
    resources: Resources,
    *,
    limit: int = 20,
    offset: int = 0,
    level: Level = "input",
    minimum: float = 0.0,
) -> Hits:
    """The best hits of a query, best first; ties in order of creation.

    Parameters
    ----------
    query : Query
        What is asked.
    resources : Resources
        Of the open collection.
    limit : int
        How many hits, at least 1.
    offset : int
        How many to leave out before, at least 0.
    level : {"input", "region"}
        One hit an input, or one a row.
    minimum : float
        The least score of a hit, in [0, 1].

    Raises
    ------
    QueryError
        A limit, an offset, a level or a minimum that cannot be; a term with a wrong parameter.
    UnknownNameError
        A name that nothing goes by.
    NotIndexedError
        What a term needs was never computed.
    """
    _check(limit, offset, level, minimum)
    start = time.perf_counter()
    snapshot = resources.snapshots.latest()
    most = _enough(query, snapshot, resources, limit + offset, level, minimum)
    ranked = {term: rank_term(term, snapshot, resources, level=level, most=most) for term in query.terms()}
    scores = _fold(query, ranked, level)
    if minimum > 0:
        scores = np.where(scores >= minimum, scores, np.float32(np.nan))
    best = top(scores, limit + offset)[offset:]
    total = int(np.count_nonzero(~np.isnan(scores)))
    milliseconds = (time.perf_counter() - start) * 1000
    return Hits(
        found(best, scores[best], query.leaves(), ranked, snapshot, resources, first=offset + 1),
        query=query.text(),
        total=total,
        milliseconds=milliseconds,
        level=level,
        pictures=resources.pictures,
        more=lambda offset, limit: search(
            query, resources, limit=limit, offset=offset, level=level, minimum=minimum
        ),
        view=resources.registry.hit_view,
    )


def _check(limit: int, offset: int, level: str, minimum: float) -> None:
    if not isinstance(limit, int) or limit < 1:
        raise QueryError(f"limit={limit!r}: ask for at least 1 hit")
    if not isinstance(offset, int) or offset < 0:
        raise QueryError(f"offset={offset!r}: leave out 0 hits or more")
    if level not in ("input", "region"):
        raise QueryError(f"level={level!r}: a hit is an 'input' or a 'region'")
    if not 0 <= minimum <= 1:
        raise QueryError(f"minimum={minimum!r}: scores are from 0 to 1")


def _enough(
    query: Query, snapshot: Snapshot, resources: Resources, wanted: int, level: Level, minimum: float
) -> int | None:
    """How many best rows are enough; None if every row's score may matter."""
    alone = query.part if isinstance(query, Weighted) else query
    if not isinstance(alone, Term) or minimum > 0 or resources.registry.ranker(alone.ranker).is_filter:
        return None
    one_row_an_input = len(snapshot.rows) == len(snapshot.inputs)
    return wanted if one_row_an_input else None


def _fold(query: Query, ranked: Mapping[Term, RankedTerm], level: Level) -> FloatArray:
    scores = evaluate(query, lambda term: Scored(ranked[term].scores, ranked[term].is_filter))
    if level == "input":
        return scores
    ranks = [leaf for leaf in query.leaves() if not ranked[leaf.term].is_filter]
    # What asks for a concept's absence says something of every row.
    if not ranks or any(leaf.negated for leaf in ranks):
        return scores
    direct = np.logical_or.reduce([ranked[leaf.term].direct for leaf in ranks])
    return np.where(direct, scores, np.float32(np.nan))


def check_index(resources: Resources, *, k: int, sample: int, space: str | None) -> float:
    """Recall at k of the similarity index against exact neighbors, on a sample of the collection's own vectors.

    Raises
    ------
    NotIndexedError
        Nothing is embedded in the space.
    """
    snapshot = resources.snapshots.latest()
    embeddings = snapshot.spaces[TermContext(resources, snapshot).space(space)]
    m = len(embeddings.vectors)
    if m == 0:
        raise NotIndexedError(f"space {embeddings.name!r} is empty: add images first")
    chosen = np.random.default_rng(0).choice(m, size=min(sample, m), replace=False)
    queries = embeddings.vectors[np.sort(chosen)]
    return recall(resources.indexes.get(embeddings), embeddings.vectors, queries, k)
