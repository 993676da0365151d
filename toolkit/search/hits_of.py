"""The hits at the best places of a query, ready to be shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..hits import Hits
from ..hits.plan import SearchPlan
from ..query import Query
from ..resources import Resources
from ..snapshot import Snapshot
from .all_scores import all_scores
from .build_hits import build_hits
from .near_duplicates import grouped_ids
from .ordering import Ordered
from .stages import RankedPlan
from .vectors import vectors_of
from .window import Window

__all__ = ["hits_of"]


def hits_of(
    best: Ordered,
    ranked: RankedPlan,
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
    ranked : RankedPlan
        What its terms score.
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
            ranked.plan.query.leaves(),
            ranked.terms,
            snapshot,
            resources,
            level=window.level,
            first=window.offset + 1,
        ),
        query=query.text(),
        total=best.total,
        counted=best.counted,
        milliseconds=milliseconds,
        level=window.level,
        pictures=resources.pictures,
        embedded=partial(vectors_of, resources),
        all_scores=partial(all_scores, query, resources, level=window.level, minimum=window.minimum),
        duplicates=partial(grouped_ids, resources),
        plan=how,
        more=more,
        view=resources.registry.hit_view,
        expression=query,
    )
