"""What a system ranks for each topic: a query with slots, a function of a topic, or a run from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from ..errors import QueryError
from ..progress import progress_bar
from ..query import Query
from ..remedies import Remedy
from ..resources import Resources
from ..search import Ranking, read_query, search_many
from ..values.types import Json
from .ranked_topics import RankedTopics
from .runs import Ranked, Run
from .topics import Topic, Topics

__all__ = ["Asked", "System", "queries_of", "rank_systems"]

AT_ONCE = 256  # queries ranked together; enough for their products, few enough to watch

Asked: TypeAlias = "Query | str | Mapping[str, Json] | Callable[[Topic], Query]"
System: TypeAlias = "Asked | Run"


def rank_systems(
    systems: Mapping[str, System],
    topics: Topics,
    resources: Resources | None,
    *,
    depth: int,
    resume: Path | None = None,
    progress: bool = False,
) -> tuple[dict[str, Run], int | None]:
    """The run of every system, and the revision that was ranked; None if every system is a run already.

    All queries of all systems are ranked over one snapshot, topic by topic, so that terms that systems share are
    scored once.

    Parameters
    ----------
    systems : mapping of str to System
        By name.
    topics : Topics
        What is asked about.
    resources : Resources or None
        Of the open collection; runs need none.
    depth : int
        How many places of each are kept, at least 1.
    resume : Path, optional
        A folder in which what was ranked is kept, and found again.
    progress : bool
        Whether to show a bar if it takes longer than two seconds.

    Raises
    ------
    QueryError
        A system is none, or a topic leaves one of its slots empty.
    """
    if depth < 1:
        raise QueryError(f"depth={depth!r}: 1 rank or more")
    read = {name: _of_topics(one, topics, depth) for name, one in systems.items() if isinstance(one, Run)}
    asked = {name: one for name, one in systems.items() if not isinstance(one, Run)}
    if not asked:
        return read, None
    if resources is None:
        again = Remedy("photos.compare(...)", "toolkit compare RECIPE --rank COLLECTION")
        raise QueryError(f"system {next(iter(asked))!r} is a query: ", again, " ranks it")
    queries = {name: queries_of(name, one, topics, resources) for name, one in asked.items()}
    order = [(name, index) for index in range(len(topics)) for name in asked]
    most = max(len(one.exclude) for one in topics)
    wanted = [queries[name][index] for name, index in order]
    found, revision = _ranked(wanted, resources, depth=depth + most, resume=resume, progress=progress)
    ranked: dict[str, dict[str, Ranked]] = {name: {} for name in asked}
    for (name, index), query in zip(order, wanted, strict=True):
        ranked[name][topics[index].id] = _without(found[query], topics[index].exclude, depth)
    runs = read | {name: Run(of_topics, name) for name, of_topics in ranked.items()}
    return {name: runs[name] for name in systems}, revision


def _ranked(
    queries: Sequence[Query], resources: Resources, *, depth: int, resume: Path | None, progress: bool
) -> tuple[dict[Query, Ranked], int]:
    """What was ranked for each query, all of one revision: some at a time, so that it can be watched and go on."""
    snapshot = resources.snapshots.latest()
    moment = f"{snapshot.token}:{snapshot.revision}"
    there = RankedTopics(resume, moment, depth) if resume else None
    known = {} if there is None else {query: there.get(query) for query in queries}
    found = {query: one for query, one in known.items() if one is not None}
    left = [query for query in dict.fromkeys(queries) if query not in found]
    with progress_bar("Ranking", len(left), unit=" queries", show=progress) as bar:
        for start in range(0, len(left), AT_ONCE):
            rankings = search_many(left[start : start + AT_ONCE], resources, depth=depth)
            if rankings.revision != snapshot.revision:  # something was written meanwhile
                return _ranked(queries, resources, depth=depth, resume=resume, progress=progress)
            new = [(one.query, _as_ranked(one)) for one in rankings]
            if there is not None:
                there.add(new)
            found |= dict(new)
            bar.update(len(new))
    return found, snapshot.revision


def _as_ranked(ranking: Ranking) -> Ranked:
    scores = tuple(ranking.scores.tolist())
    return Ranked(tuple(ranking.ids), scores, ranking.total, ranking.milliseconds)


def queries_of(name: str, system: Asked, topics: Topics, resources: Resources) -> list[Query]:
    """What a system asks for each topic.

    Parameters
    ----------
    name : str
        Its name, for errors.
    system : Query, str, mapping or callable
        The system.
    topics : Topics
        What fills its slots.
    resources : Resources
        Of the open collection.

    Raises
    ------
    QueryError
        A topic leaves one of its slots empty, or a function makes no query.
    """
    if not isinstance(system, Query | str | Mapping):
        made = [system(topic) for topic in topics]
        if wrong := [query for query in made if not isinstance(query, Query)]:
            raise QueryError(f"system {name!r} made {wrong[0]!r:.80} of a topic; it makes a query")
        return made
    query = read_query(system, resources)
    try:
        return [query.fill(topic.values) for topic in topics]
    except QueryError as error:
        raise QueryError(f"system {name!r}: ", error.advice) from None


def _without(ranking: Ranked, excluded: Sequence[str], depth: int) -> Ranked:
    """A ranking as a run has it; what is left out counts as no hit, as far down as was looked."""
    ids, scores = list(ranking.ids), list(ranking.scores)
    total = ranking.total
    for id in set(excluded).intersection(ids):
        place = ids.index(id)
        del ids[place], scores[place]
        total -= 1
    return Ranked(tuple(ids[:depth]), tuple(scores[:depth]), total, ranking.milliseconds)


def _of_topics(run: Run, topics: Topics, depth: int) -> Run:
    excluded = {topic.id: set(topic.exclude) for topic in topics}
    kept = {id: _cut(run[id], excluded[id], depth) for id in topics.ids if id in run}
    if not kept:
        there = ", ".join(list(run)[:5]) or "none"
        raise QueryError(f"run {run.name!r} ranks none of these topics; it has {there}")
    return Run(kept, run.name)


def _cut(ranked: Ranked, excluded: set[str], depth: int) -> Ranked:
    pairs = zip(ranked.ids, ranked.scores, strict=True)
    kept = [pair for pair in pairs if pair[0] not in excluded][:depth]
    return Ranked(tuple(id for id, _ in kept), tuple(score for _, score in kept), ranked.total, math.nan)
