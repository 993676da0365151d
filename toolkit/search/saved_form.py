"""The form in which a query is saved: with the number of its score convention, and defaults that may change.

=  ==========================================================================================================
1  Until September 2026, and without a number: similarity scored (1 + cos) / 2.
2  Scores estimate probabilities: similarity is set against the background of its space (`docs/scores.md`).
=  ==========================================================================================================
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, cast

import numpy as np

from ..errors import NotIndexedError
from ..plugins.parameters import REQUIRED
from ..plugins.registry import Registry
from ..query import Query, Term, Threshold, freeze, from_dict, rewrite
from ..resources import Resources
from ..values.types import Json
from .spaces import space_name

__all__ = ["CONVENTION", "read_saved", "saved_form"]

CONVENTION: Final = 2


def saved_form(query: Query, registry: Registry) -> dict[str, Json]:
    """A JSON object that `read_saved` reads back, whatever becomes of scores and defaults.

    Parameters
    ----------
    query : Query
        What is saved.
    registry : Registry
        Whose rankers it names.
    """
    spelled = rewrite(query, lambda part: _spelled_out(part, registry, earlier=False))
    return {"scores": CONVENTION, "query": spelled.to_dict()}


def read_saved(saved: Json, name: str, resources: Resources) -> Query:
    """The query that was saved, in today's convention.

    A comparison of a single similarity is converted: it lets through the same rows. One of several terms cannot be,
    and a warning says so.

    Parameters
    ----------
    saved : Json
        What `saved_form` made, or a bare query of before.
    name : str
        What it is saved as, for the warning.
    resources : Resources
        Of the open collection.
    """
    match saved:
        case {"scores": int(), "query": Mapping() as inside}:
            return from_dict(inside)
    registry = resources.registry
    query = from_dict(saved)
    query = rewrite(query, lambda part: _spelled_out(part, registry, earlier=True))
    return _converted(query, name, resources)


def _spelled_out(term: Query, registry: Registry, *, earlier: bool) -> Query:
    """A term with the parameters whose defaults changed, at what they are or were by default."""
    if not isinstance(term, Term):
        return term
    ranker = registry.rankers.get(term.ranker)
    given = dict(term.options)
    for one in () if ranker is None else ranker.parameters[1:]:
        if one.earlier is not REQUIRED and one.name not in given:
            given[one.name] = freeze(one.earlier if earlier else one.default)
    return replace(term, options=tuple(given.items()))


def _converted(query: Query, name: str, resources: Resources) -> Query:
    def similar(part: Query) -> bool:
        ranker = resources.registry.rankers.get(part.ranker) if isinstance(part, Term) else None
        return getattr(ranker, "scale", "probability") == "cosine"

    def converted(node: Query) -> Query:
        if not isinstance(node, Threshold):
            return node
        if isinstance(node.part, Term) and similar(node.part):
            return replace(node, value=_score(node.part, 2 * node.value - 1, resources))
        if any(similar(inner) for inner in node.walk()):
            warnings.warn(
                f"the saved query {name!r} compares {node.part.text()} with {node.value:g}, by scores of before: "
                "what it lets through has changed. Try it, and save it again with the least score it should have",
                UserWarning,
                stacklevel=4,
            )
        return node

    return rewrite(query, converted)


def _score(term: Term, cosine: float, resources: Resources) -> float:
    """What a cosine scores in the space of a term; as far from any score as it was, where nothing is embedded."""
    snapshot = resources.snapshots.latest()
    asked = dict(term.options).get("space")
    try:
        space = space_name(cast("str | None", asked), snapshot, resources)
    except NotIndexedError:
        return (cosine + 1) / 2
    scale = resources.backgrounds.of(space, snapshot).scale
    # A comparison is made in float32: at or above 1 nothing, below 0 everything passes, as before.
    return cosine if not -1 <= cosine <= 1 else float(scale(np.array([cosine]))[0])
