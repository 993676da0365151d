"""The `label` filter: rows that people labeled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import numpy as np

from toolkit.plugins import (
    Arguments,
    Column,
    Context,
    FloatArray,
    IntArray,
    Json,
    NotIndexedError,
    Parameter,
    Snapshot,
    UnknownNameError,
)

from .claims import Claims, claims, of_pictures
from .sources import matching_sources

__all__ = ["Label"]

YES = 0.5  # a value from here on
ANY = "any"


class Label:
    """Keeps the rows that a source labeled with a concept (or, with ``value=0``, labeled as without it).

    Several names in one term: any of them; ``label({"dog": 1, "cat": 0})`` gives each its own value. By default
    only people count; ``source="model"`` takes predictions of at least one half instead, and ``source="any"`` both:
    people's labels, and of the rows and pictures that no person labeled otherwise, what models claim. A concept that
    was trained from labels claims nothing there, for its labels are.

    ``picture=True`` judges whole pictures: all rows of a picture with a labeled row are kept; with ``value=0`` all rows
    of a picture that is somewhere labeled as without the concept, and nowhere as with it.
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
            "source",
            "source",
            "Who labeled: human, human:<user>, model, a full source name, or any: people before models.",
            "human",
        ),
        Parameter("exact", "flag", "Whether the name is an id, and means that concept alone.", False),
        Parameter("picture", "flag", "Whether all rows of a picture are judged as one.", False),
        Parameter("missing_ok", "flag", "Whether an unknown name or source is labeled nowhere.", False),
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """1 where the label holds, NaN elsewhere: float32 (r,).

        Raises
        ------
        UnknownNameError
            No concept or no source has a name, unless that is to match nothing.
        """
        passing = np.zeros(len(snapshot.rows), bool)
        for name, value in _wanted(term["name"], cast("float", term["value"])).items():
            try:
                found = _claims(name, term, snapshot, context)
            except (UnknownNameError, NotIndexedError):
                if not term["missing_ok"]:
                    raise
                continue
            passing |= found.yes if value >= YES else found.no
        return np.where(passing, np.float32(1), np.float32(np.nan))

    def narrowed(self, term: Arguments, context: Context, *, most: int) -> IntArray | None:
        """The keys of the inputs of which anything is said about the concepts.

        Parameters
        ----------
        term : Arguments
            As of `rank`.
        context : Context
            As of `rank`.
        most : int
            Up to how many are few.
        """
        language, exact = cast("str | None", term["language"]), bool(term["exact"])
        concepts: list[str] = []
        for name in _wanted(term["name"], 1.0):
            try:
                concepts += _named(name, language, exact, context)
            except (UnknownNameError, NotIndexedError):
                if not term["missing_ok"]:
                    raise
        return context.narrowing.with_concepts(concepts, most=most)


def _claims(name: str, term: Arguments, snapshot: Snapshot, context: Context) -> Claims:
    """What counts as labeled with a name, and as labeled without it."""
    source = cast("str", term["source"])
    counted = None if source == ANY else matching_sources(source, snapshot)
    concepts = _named(name, cast("str | None", term["language"]), bool(term["exact"]), context)
    found = claims(_columns(concepts, snapshot, context), snapshot, counted=counted, yes=YES)
    return of_pictures(found, snapshot) if term["picture"] else found


def _columns(concepts: Iterable[str], snapshot: Snapshot, context: Context) -> list[Column]:
    columns: list[Column] = []
    for concept in concepts:
        context.matched(concept)
        columns += snapshot.columns.of(snapshot.concept_index.get(concept, -1))
    return columns


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
