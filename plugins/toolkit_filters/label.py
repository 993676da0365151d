"""The `label` filter: rows that people labeled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np

from toolkit.plugins import Arguments, Context, FloatArray, Json, Parameter, Snapshot

from .sources import matching_sources

__all__ = ["Label"]

YES = 0.5  # a value from here on


class Label:
    """Keeps the rows that a source labeled with a concept (or, with ``value=0``, labeled as without it).

    Several names in one term: any of them; ``label({"dog": 1, "cat": 0})`` gives each its own value. By default
    only people count; ``source="model"`` takes predictions of at least one half instead.
    """

    name = "label"
    is_filter = True
    help = "Only rows that are labeled with a concept."
    parameters: Sequence[Parameter] = (
        Parameter("name", "concept", "An id or a name; of several, any.", many=True),
        Parameter("value", "number", "1 keeps a yes, 0 keeps an explicit no.", 1.0, minimum=0, maximum=1),
        Parameter(
            "language", "language", "The language of the name, such as de or ja.", None, shorthand=True
        ),
        Parameter(
            "source", "source", "Who labeled: human, human:<user>, model, or a full source name.", "human"
        ),
        Parameter("exact", "flag", "Whether the name is an id, and means that concept alone.", False),
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """1 where the label holds, NaN elsewhere: float32 (r,)."""
        passing = np.full(len(snapshot.rows), np.nan, np.float32)
        counted = matching_sources(cast("str", term["source"]), snapshot)
        language = cast("str | None", term["language"])
        for name, value in _wanted(term["name"], cast("float", term["value"])).items():
            for concept in _named(name, language, bool(term["exact"]), context):
                context.matched(concept)
                for column in snapshot.columns.of(snapshot.concept_index.get(concept, -1)):
                    if counted[column.source]:
                        passing[column.rows[(column.values >= YES) == (value >= YES)]] = 1
        return passing


def _named(name: str, language: str | None, exact: bool, context: Context) -> Sequence[str]:
    """All concepts that a name stands for, or the one of an id."""
    meanings = context.meanings(name, language=language, exact=exact)
    if exact:
        return [one.concept for one in meanings]
    named = (concept for one in meanings for concept in one.concepts)
    return list(dict.fromkeys(same for concept in named for same in context.names.same(concept)))


def _wanted(names: Json, value: float) -> dict[str, float]:
    if isinstance(names, Mapping):
        return {name: float(cast("float", wanted)) for name, wanted in names.items()}
    if isinstance(names, str):
        return {names: value}
    return {str(name): value for name in cast("Sequence[Json]", names)}
