"""Many queries over one snapshot: equal terms are scored once, those of one ranker together, and no hit is made."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

import numpy as np

from ..errors import ToolkitError, UnknownNameError
from ..hits import Hits
from ..plugins.interfaces import Arguments, BatchRanker, Ranker
from ..query import Query, Term
from ..resources import Resources
from ..snapshot import Snapshot
from ..values.types import Level
from .hits_of import hits_of
from .ordering import Ordered, ordered
from .planning import Plan, plan_query
from .ranking import RankedTerm, rank_term, rank_terms
from .rankings import Ranking, Rankings, Texts
from .window import Window

__all__ = ["search_many"]

HELD: Final = 16 * 2**20  # bytes of rows' scores at a time; brought to inputs they may be as many again


def search_many(
    queries: Iterable[Query],
    resources: Resources,
    *,
    depth: int = 100,
    level: Level = "input",
    minimum: float = 0.0,
) -> Rankings:
    """The rankings of several queries, all over one snapshot.

    Parameters
    ----------
    queries : iterable of Query
        What is asked.
    resources : Resources
        Of the open collection.
    depth : int
        How many places of each are ordered, at least 1.
    level : {"input", "region"}
        One place an input, or one a row.
    minimum : float
        The least score of a hit, in [0, 1].

    Raises
    ------
    QueryError
        A depth, a level or a minimum that cannot be; a term with a wrong parameter or an empty slot.
    UnknownNameError
        A name that nothing goes by.
    NotIndexedError
        What a term needs was never computed.
    """
    window = Window(limit=depth, offset=0, level=level, minimum=minimum)
    asked = list(queries)
    snapshot = resources.snapshots.latest()
    try:
        return _searched(asked, window, snapshot, resources)
    except UnknownNameError:
        newer = resources.snapshots.latest()
        if newer is snapshot:
            raise
    return _searched(asked, window, newer, resources)


def _searched(
    queries: Sequence[Query], window: Window, everything: Snapshot, resources: Resources
) -> Rankings:
    start = time.perf_counter()
    snapshot = resources.counted(everything)
    plans = _plans(queries, resources)
    found = dict(_ordered(plans, window, snapshot, resources))
    names = _names(found.values(), snapshot, resources, window.level)
    show = partial(_hits, window=window, snapshot=snapshot, resources=resources)
    rankings = [
        Ranking(query, best.places, best.scores.astype(np.float32), best.total, milliseconds, names, show)
        for query in queries
        for best, milliseconds in [found[query]]
    ]
    taken = (time.perf_counter() - start) * 1000
    return Rankings(rankings, snapshot.revision, window.level, taken)


def _plans(queries: Sequence[Query], resources: Resources) -> dict[Query, Plan]:
    plans: dict[Query, Plan] = {}
    for query in queries:
        if query not in plans:
            with _told_of(query):
                plans[query] = plan_query(query, resources.registry)
    return plans


def _ordered(
    plans: Mapping[Query, Plan], window: Window, snapshot: Snapshot, resources: Resources
) -> Iterator[tuple[Query, tuple[Ordered, float]]]:
    """Each query with its best places and the milliseconds they took."""
    most = max(HELD // (4 * max(len(snapshot.rows), 1)), 1)
    for chunk in _chunks(plans, most):
        asked = {term: one for plan in chunk.values() for term, one in plan.bound.items()}
        ranked = _ranked(asked, snapshot, resources, window.level, most)
        for query, plan in chunk.items():
            start = time.perf_counter()
            best = ordered(plan.query, ranked, window, snapshot)
            taken = (time.perf_counter() - start) * 1000
            # A term of several queries counts in each: it is what the query alone would have taken.
            yield query, (_compact(best), taken + sum(ranked[term].milliseconds for term in plan.bound))


def _compact(best: Ordered) -> Ordered:
    return Ordered(best.places.astype(np.int32), best.scores.astype(np.float32), best.total)


def _chunks(plans: Mapping[Query, Plan], most: int) -> Iterator[dict[Query, Plan]]:
    """Successive queries that have few enough terms together."""
    chunk: dict[Query, Plan] = {}
    terms: set[Term] = set()
    for query, plan in plans.items():
        if chunk and len(terms | plan.bound.keys()) > most:
            yield chunk
            chunk, terms = {}, set()
        chunk[query] = plan
        terms |= plan.bound.keys()
    if chunk:
        yield chunk


def _ranked(
    asked: Mapping[Term, tuple[Ranker, Arguments]],
    snapshot: Snapshot,
    resources: Resources,
    level: Level,
    most: int,
) -> dict[Term, RankedTerm]:
    ranked: dict[Term, RankedTerm] = {}
    together: defaultdict[tuple[str, ...], list[Term]] = defaultdict(list)
    for term, (ranker, arguments) in asked.items():
        if isinstance(ranker, BatchRanker):
            together[term.ranker, *_spaces(ranker, arguments)].append(term)
            continue
        with _told_of(term):
            ranked[term] = rank_term(ranker, arguments, snapshot, resources, level=level, top_k=None)
    for terms in together.values():
        for start in range(0, len(terms), most):
            some = terms[start : start + most]
            ranked |= zip(some, _at_once(some, asked, snapshot, resources, level), strict=True)
    return ranked


def _spaces(ranker: Ranker, arguments: Arguments) -> list[str]:
    """The spaces that a term names: a context, and the scale of its cosines, are of one."""
    return [str(arguments[one.name]) for one in ranker.parameters if one.kind == "space"]


def _at_once(
    terms: Sequence[Term],
    asked: Mapping[Term, tuple[Ranker, Arguments]],
    snapshot: Snapshot,
    resources: Resources,
    level: Level,
) -> list[RankedTerm]:
    ranker = asked[terms[0]][0]
    assert isinstance(ranker, BatchRanker)
    arguments = [asked[term][1] for term in terms]
    with resources.store.read():  # one transaction for what all of them look up
        return rank_terms(ranker, arguments, snapshot, resources, level=level)


def _names(
    found: Iterable[tuple[Ordered, float]], snapshot: Snapshot, resources: Resources, level: Level
) -> Texts:
    """The ids of all places that were found, by place; read at once."""
    keys = snapshot.inputs.key if level == "input" else snapshot.rows.key
    places = np.unique(np.concatenate([np.empty(0, np.int32), *(best.places for best, _ in found)]))
    wanted: list[int] = keys[places].tolist()
    read: Callable[[Sequence[int]], Mapping[int, str]]
    read = resources.store.inputs.ids_by_key if level == "input" else resources.store.regions.ids_by_key
    ids = read(wanted)
    if missing := [key for key in wanted if key not in ids]:
        raise UnknownNameError(level, f"key {missing[0]}", hint="It may have been deleted.")
    names = np.empty(len(keys), object)
    names[places] = [ids[key] for key in wanted]
    return names


def _hits(ranking: Ranking, limit: int, *, window: Window, snapshot: Snapshot, resources: Resources) -> Hits:
    plan = plan_query(ranking.query, resources.registry)
    ranked = {
        term: rank_term(ranker, arguments, snapshot, resources, level=window.level, top_k=None)
        for term, (ranker, arguments) in plan.bound.items()
    }
    best = Ordered(ranking.places[:limit], ranking.scores[:limit], ranking.total)
    return hits_of(best, plan, ranked, snapshot, resources, window=window, query=ranking.query)


@contextmanager
def _told_of(query: Query) -> Iterator[None]:
    """An error in one of many queries says in which."""
    try:
        yield
    except ToolkitError as error:
        error.add_note(f"in {query}")
        raise
