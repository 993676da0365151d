"""The `uncertain` term."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote
from typing import cast

import numpy as np

from toolkit.plugins import Arguments, Context, FloatArray, NotIndexedError, Parameter, Remedy, Snapshot

from .labels import human_votes

__all__ = ["Uncertain"]


class Uncertain:
    """Finds the pictures that a model is least sure of: 1 - |2 p - 1| of its confidence p in a concept.

    These are the ones that a person's label would teach it most. What a person labeled already is no hit.

    References
    ----------
    D. Lewis, W. Gale, A Sequential Algorithm for Training Text Classifiers, SIGIR 1994.
    """

    name = "uncertain"
    is_filter = False
    help = "Pictures for which a model is least sure of a concept, and that nobody labeled."
    parameters: Sequence[Parameter] = (
        Parameter("name", "concept", "An id or a name."),
        Parameter(
            "language", "language", "The language of the name, such as de or ja.", None, shorthand=True
        ),
        Parameter("source", "source", "Which model: model for all, or a full source name.", "model"),
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Scores float32 (r,); of several models' confidences the mean counts. NaN where there is none, or a label.

        Raises
        ------
        NotIndexedError
            No model says how sure it is.
        """
        total, count = np.zeros(len(snapshot.rows)), np.zeros(len(snapshot.rows))
        labeled = np.zeros(len(snapshot.rows), bool)
        name, source = cast("str", term["name"]), cast("str", term["source"])
        for meaning in context.meanings(name, language=cast("str | None", term["language"])):
            context.matched(meaning.concept)
            concept = snapshot.concept_index.get(meaning.concept, -1)
            labeled |= ~np.isnan(human_votes(snapshot, concept))
            for column in snapshot.columns.of(concept):
                if snapshot.is_from(column.source, source) and not snapshot.is_human(column.source):
                    total[column.rows] += column.values
                    count[column.rows] += 1
        if not count.any():
            raise NotIndexedError(
                f"no model of {source!r} says how sure it is of {name!r}: run ",
                Remedy(f"photos.train({name!r})", f"toolkit train COLLECTION {quote(name)}"),
                ", or add a concept model to the workflow",
            )
        known = (count > 0) & ~labeled
        confidence = total[known] / count[known]
        scores = np.full(len(snapshot.rows), np.nan, np.float32)
        scores[known] = 1 - np.abs(2 * confidence - 1)
        return scores
