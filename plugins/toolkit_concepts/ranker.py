"""The `concept` term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from shlex import quote
from typing import cast

import numpy as np

from toolkit.plugins import (
    Advice,
    AllOf,
    Arguments,
    Column,
    ConceptLookup,
    Context,
    FloatArray,
    Json,
    Meaning,
    NotIndexedError,
    Parameter,
    Query,
    Remedy,
    Snapshot,
    Term,
    freeze,
)

from .confidence import confidence
from .expansion import expanded_columns

__all__ = ["ConceptRanker"]


class ConceptRanker:
    """Ranks by how confident a concept is, predicted by a model or labeled by people.

    ``concept("dog")`` scores the confidence p of every row that has the concept. ``value=0`` asks for its
    absence and is ``~concept("dog")``: 1 - p, and 1 where no annotation has it; a value v between scores
    1 - |v - p|. Several names in one term must all be there, as with ``&``; ``concept({"people": 1, "cat": 0})``
    gives each its own value. A word with several meanings counts as the likeliest of them to be in the picture
    (the highest confidence).

    The concepts below a concept count for it: ``concept("dog")`` finds every breed that a model
    knows. ``expand=False`` counts the concept itself, and nothing else.
    """

    name = "concept"
    is_filter = False
    help = "How confident a concept is: a model's prediction or a person's label."
    parameters: Sequence[Parameter] = (
        Parameter("name", "concept", "An id or a name; of several, all must be present.", many=True),
        Parameter("value", "number", "1 asks for presence, 0 for absence.", 1.0, minimum=0, maximum=1),
        Parameter(
            "language", "language", "The language of the name, such as de or ja.", None, shorthand=True
        ),
        Parameter("source", "source", "Which source counts: human, model, or a full source name.", None),
        Parameter("expand", "flag", "Whether concepts below count too: a poodle is a dog.", True),
    )

    def expand(self, term: Arguments) -> Query | None:
        """The query of several names, or of absence: one term for each name, joined by ``&`` and ``~``."""
        wanted = _wanted(term["name"], cast("float", term["value"]))
        if isinstance(term["name"], str) and wanted[term["name"]] > 0:
            return None
        others = {one.name: term[one.name] for one in self.parameters[2:] if term[one.name] != one.default}
        parts = tuple(_one(name, value, others) for name, value in wanted.items())
        return AllOf(parts) if len(parts) > 1 else parts[0]

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Scores float32 (r,): 1 - |value - confidence|, of one name."""
        columns = _columns(term, snapshot, context)
        everything = [column for each in columns.values() for column in each]
        if not all(snapshot.is_human(column.source) for column in everything) or not everything:
            context.examined()  # a model examines every row, a person labels a few
        scores = [confidence(snapshot, each) for each in columns.values()] or [confidence(snapshot, [])]
        highest = scores[0]
        for other in scores[1:]:
            np.fmax(highest, other, out=highest)
        value = np.float32(cast("float", term["value"]))
        return highest if value == 1 else np.asarray(1 - np.abs(value - highest), np.float32)


def _wanted(names: Json, value: float) -> dict[str, float]:
    if isinstance(names, Mapping):
        return {name: float(cast("float", wanted)) for name, wanted in names.items()}
    if isinstance(names, str):
        return {names: value}
    return {str(name): value for name in cast("Sequence[Json]", names)}


def _one(name: str, value: float, others: Mapping[str, Json]) -> Query:
    options = others if value in (0, 1) else {**others, "value": value}
    term = Term(ConceptRanker.name, name, tuple((option, freeze(each)) for option, each in options.items()))
    return term if value > 0 else ~term


def _columns(term: Arguments, snapshot: Snapshot, context: Context) -> dict[str, list[Column]]:
    """The columns of values for each meaning of the name, by concept id."""
    name, source = cast("str", term["name"]), cast("str | None", term["source"])
    meanings = context.meanings(name, language=cast("str | None", term["language"]))
    _explain(meanings, context)
    by_concept: dict[str, list[Column]] = {}
    for meaning in meanings:
        concepts = context.names.below(meaning.concept) if term["expand"] else (meaning.concept,)
        columns = expanded_columns(concepts, snapshot, exclusive=context.is_exclusive)
        if counted := [column for column in columns if snapshot.is_from(column.source, source)]:
            by_concept[meaning.concept] = counted
            for concept in concepts:
                context.matched(concept)
    predictable = term["expand"] and any(context.names.count_in_use(meaning.concept) for meaning in meanings)
    if not by_concept and source is None and predictable:
        context.note("a model here can predict it, and predicted it for no picture")
        return {}
    if not by_concept:
        raise _no_annotation([meaning.concept for meaning in meanings], source, snapshot, context.names)
    everything = [column for columns in by_concept.values() for column in columns]
    if source is None and all(snapshot.is_human(column.source) for column in everything):
        raise _untrained(next(iter(by_concept)), sum(len(column.rows) for column in everything))
    return by_concept


def _explain(meanings: Sequence[Meaning], context: Context) -> None:
    for meaning in meanings:
        if meaning.origin != "id":
            context.note(
                f"{meaning.name!r} ({meaning.language}) means concept {meaning.concept!r}, by {meaning.origin}"
            )


def _untrained(concept: str, labels: int) -> NotIndexedError:
    return NotIndexedError(
        f"concept {concept!r} has {labels} labels and no model yet: run ",
        Remedy(f"photos.train({concept!r})", f"toolkit train COLLECTION {quote(concept)}"),
        ", or rank by the labels alone with ",
        Remedy(f"concept({concept!r}, source='human')", f"concept:{concept!r}[source=human]"),
    )


def _no_annotation(
    concepts: Sequence[str], source: str | None, snapshot: Snapshot, names: ConceptLookup
) -> NotIndexedError:
    which = " or ".join(dict.fromkeys(map(repr, concepts)))
    if source is not None:
        known = ", ".join(snapshot.sources) or "none"
        return NotIndexedError(f"source {source!r} has no annotation of {which}; the sources here: {known}")
    above = (one for concept in concepts for one in names.above(concept) if names.count_in_use(one))
    near = next(above, None)
    offer = (
        Advice(
            "ask for ",
            Remedy(f"concept({near!r})", f"concept:{near!r}"),
            ", the nearest above it that a model or an annotation here has; ",
        )
        if near
        else ""
    )
    return NotIndexedError(
        f"no annotation mentions {which}, or a kind of it: ",
        offer,
        "label some inputs with ",
        Remedy("photos.annotate(input, concept=...)", "toolkit label COLLECTION CONCEPT PICTURE..."),
        ", or add a concept model to the workflow",
    )
