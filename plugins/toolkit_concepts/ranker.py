"""The `concept` term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np

from toolkit.errors import NotIndexedError
from toolkit.interfaces import Arguments, Context, Meaning
from toolkit.parameters import Parameter
from toolkit.snapshot import Snapshot
from toolkit.types import FloatArray, Json

from .confidence import confidence

__all__ = ["ConceptRanker"]


class ConceptRanker:
    """Ranks by how confident a concept is, predicted by a model or labeled by people.

    ``concept("dog")`` scores the confidence p of every row that has the concept. ``concept("dog", value=0)``
    asks for its absence: 1 - p, and 1 where nobody mentioned it. Several names in one term must all be there
    (their geometric mean, as ``&``); ``concept({"people": 1, "cat": 0})`` gives each its own value. A word with
    several meanings counts as the likeliest of them to be in the picture (the highest confidence).
    """

    name = "concept"
    is_filter = False
    help = "How confident a concept is: a model's prediction or a person's label."
    parameters: Sequence[Parameter] = (
        Parameter("name", "concept", "An id or a name; several must all be there.", many=True),
        Parameter("value", "number", "1 asks for presence, 0 for absence.", 1.0, minimum=0, maximum=1),
        Parameter(
            "language", "language", "The language of the name, such as de or ja.", None, shorthand=True
        ),
        Parameter("source", "source", "Whose word counts: human, model, or a full source name.", None),
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Scores float32 (r,): 1 - |value - confidence|."""
        language = cast("str | None", term["language"])
        source = cast("str | None", term["source"])
        wanted = _wanted(term["name"], cast("float", term["value"]))
        scores = [
            _closeness(_confidence_of_word(name, language, source, snapshot, context), value)
            for name, value in wanted.items()
        ]
        if len(scores) == 1:
            return scores[0]
        product = np.prod(scores, axis=0, dtype=np.float32)  # a NaN anywhere stays one
        return np.asarray(product ** np.float32(1 / len(scores)), np.float32)


def _wanted(names: Json, value: float) -> dict[str, float]:
    if isinstance(names, Mapping):
        return {name: float(cast("float", wanted)) for name, wanted in names.items()}
    if isinstance(names, str):
        return {names: value}
    return {str(name): value for name in cast("Sequence[Json]", names)}


def _closeness(confidence: FloatArray, value: float) -> FloatArray:
    if value == 1:
        return confidence
    if value == 0:
        absence = np.subtract(np.float32(1), confidence)
        return np.asarray(np.nan_to_num(absence, copy=False, nan=1.0), np.float32)
    return np.asarray(1 - np.abs(np.float32(value) - confidence), np.float32)


def _confidence_of_word(
    name: str, language: str | None, source: str | None, snapshot: Snapshot, context: Context
) -> FloatArray:
    meanings = context.meanings(name, language=language)
    _explain(name, language, meanings, context)
    scores: FloatArray | None = None
    for meaning in meanings:
        columns = [
            column
            for column in snapshot.columns.of(snapshot.concept_index.get(meaning.concept, -1))
            if snapshot.is_from(column.source, source)
        ]
        if not columns:
            continue
        context.matched(meaning.concept)
        if source is None and all(snapshot.is_human(column.source) for column in columns):
            raise _untrained(meaning.concept, sum(len(column.rows) for column in columns))
        one = confidence(snapshot, columns)
        scores = one if scores is None else np.fmax(scores, one)
    if scores is None:
        raise _unsaid([meaning.concept for meaning in meanings], source, snapshot)
    return scores


def _explain(name: str, language: str | None, meanings: Sequence[Meaning], context: Context) -> None:
    if language is None and [meaning.concept for meaning in meanings] == [name]:
        return
    for meaning in meanings:
        context.note(
            f"{name!r} is {meaning.language or 'the'} {meaning.origin} for concept {meaning.concept!r}"
        )


def _untrained(concept: str, labels: int) -> NotIndexedError:
    return NotIndexedError(
        f"concept {concept!r} has {labels} labels and no model yet: run photos.train({concept!r}), "
        f"or rank by the labels alone with concept({concept!r}, source='human')"
    )


def _unsaid(concepts: Sequence[str], source: str | None, snapshot: Snapshot) -> NotIndexedError:
    which = " or ".join(map(repr, concepts))
    if source is None:
        return NotIndexedError(
            f"no annotation mentions {which}: label some inputs with photos.annotate(input, concept=...), "
            "or add a concept model to the workflow"
        )
    known = ", ".join(snapshot.sources) or "none"
    return NotIndexedError(f"source {source!r} says nothing of {which}; the sources here: {known}")
