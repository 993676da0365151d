"""The hits at the best places of a query, ready to be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from ..hits import Hits
from ..hits.plan import SearchPlan
from ..query import Query, Term
from ..resources import Resources
from ..snapshot import Snapshot
from .build_hits import build_hits
from .ordering import Ordered
from .planning import Plan
from .ranking import RankedTerm
from .vectors import vectors_of
from .window import Window

__all__ = ["hits_of"]


def hits_of(
    best: Ordered,
    plan: Plan,
    ranked: Mapping[Term, RankedTerm],
    snapshot: Snapshot,
    resources: Resources,
    *,
    window: Window,
    query: Query,
    milliseconds: float = 0.0,
    how: SearchPlan | None = None,
    more: Callable[[int, int], Hits] | None = None,
) -> Hits:
    """The hits at some places.

    Parameters
    ----------
    best : Ordered
        The places, best first, the first of them at the window's offset.
    plan : Plan
        Of the query.
    ranked : mapping of Term to RankedTerm
        What each term scores.
    snapshot : Snapshot
        What was ranked.
    resources : Resources
        Of the open collection.
    window : Window
        Which of the hits they are.
    query : Query
        As asked.
    milliseconds : float
        How long ranking took.
    how : SearchPlan, optional
        How they were found.
    more : callable, optional
        From an offset and a limit to the hits there.

    Raises
    ------
    UnknownNameError
        One of them was deleted since.
    """
    return Hits(
        build_hits(
            best.places,
            best.scores,
            plan.query.leaves(),
            ranked,
            snapshot,
            resources,
            level=window.level,
            first=window.offset + 1,
        ),
        query=query.text(),
        total=best.total,
        milliseconds=milliseconds,
        level=window.level,
        pictures=resources.pictures,
        embedded=partial(vectors_of, resources),
        plan=how,
        more=more,
        view=resources.registry.hit_view,
        expression=query,
    )
