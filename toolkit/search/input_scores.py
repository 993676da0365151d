"""What a query scores at every input."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..query import Query
from ..resources import Resources
from ..snapshot import Snapshot
from .ordering import folded
from .planning import plan_query
from .stages import rank_plan
from .window import Window

__all__ = ["input_scores"]


def input_scores(query: Query, snapshot: Snapshot, resources: Resources) -> npt.NDArray[np.float64]:
    """Scores float64 (n,) of all inputs, NaN where one is no hit.

    Parameters
    ----------
    query : Query
        What is asked.
    snapshot : Snapshot
        What is ranked.
    resources : Resources
        Of the open collection.

    Raises
    ------
    QueryError, UnknownNameError, NotIndexedError
        As of `toolkit.search.search`.
    """
    plan = plan_query(query, resources.registry)
    ranked = rank_plan(plan, snapshot, resources, level="input")
    found = folded(
        plan.query,
        ranked.terms,
        Window(limit=1, offset=0, level="input", minimum=0.0),
        snapshot.rows,
        len(snapshot.inputs),
        hidden=snapshot.hidden,
        method_of=plan.methods.__getitem__,
        best_of=ranked.best.__getitem__,
    )
    return np.asarray(found.scores, np.float64)
