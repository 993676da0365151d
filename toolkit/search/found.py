"""Hits from places: the input, the annotation that contributed most, and what each term gave."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from ..fusion.joined import Values
from ..query import Leaf, Term
from ..resources import Resources
from ..snapshot import Snapshot
from ..store import Region
from ..values.types import Annotation, Hit, IntArray, Level, Part
from .ranking import RankedTerm

__all__ = ["found"]

ROUNDING = 1e-6  # of a stored value that became a float32

Terms: TypeAlias = Sequence[tuple[Leaf, str, RankedTerm]]  # each place of a term in the query, and its text


def found(
    places: IntArray,
    scores: Values,
    leaves: Sequence[Leaf],
    ranked: Mapping[Term, RankedTerm],
    snapshot: Snapshot,
    resources: Resources,
    *,
    level: Level,
    first: int,
) -> list[Hit]:
    """The hits at some places.

    Parameters
    ----------
    places : int (k,)
        Inputs or rows, whatever the terms were ranked at, best first.
    scores : float (k,)
        Theirs.
    leaves : sequence of Leaf
        Where the terms stand in the query.
    ranked : mapping of Term to RankedTerm
        What each term scores.
    snapshot : Snapshot
        What was ranked.
    resources : Resources
        Of the open collection.
    level : {"input", "region"}
        What a place is.
    first : int
        The rank of the first, from 1.
    """
    terms = [(leaf, leaf.term.text(), ranked[leaf.term]) for leaf in dict.fromkeys(leaves)]
    rows = [_row(place, terms, snapshot, level) for place in places.tolist()]
    judged = _judged(places, terms, snapshot, level)
    of_parts = {row for places in judged.values() for row, _ in places}
    with resources.store.read():
        regions = _regions({*rows, *of_parts}, snapshot, resources)
        inputs = resources.store.inputs.by_key(snapshot.inputs.key[snapshot.rows.input[rows]].tolist())
        annotations = defaultdict(list)
        for annotation in resources.store.annotations.on_regions(regions[row].key for row in rows):
            annotations[annotation.region_id].append(annotation)
    hits = []
    for index, (row, input) in enumerate(zip(rows, inputs, strict=True)):
        parts = tuple(_part(term, *judged[term[0]][index], regions) for term in terms)
        region = regions[row]
        hits.append(
            Hit(
                rank=first + index,
                score=float(scores[index]),
                input=input,
                annotation=_annotation(annotations[region.id], _wanted(parts, terms)),
                region_id=region.id,
                box=region.box,
                parts=parts,
            )
        )
    return hits


def _judged(
    places: IntArray, terms: Terms, snapshot: Snapshot, level: Level
) -> dict[Leaf, list[tuple[int, int]]]:
    """The row that each term judged at each place, and the place where what it said of that row is.

    What is absent judges the whole picture: at the level of regions, the best of the rows of an input.
    """
    if level == "input" or snapshot.rows.are_inputs or not any(leaf.negated for leaf, _, _ in terms):
        return {leaf: [(one.row(place), place) for place in places.tolist()] for leaf, _, one in terms}
    inputs = snapshot.rows.input[places]
    rows_of = defaultdict(list)
    for row in np.flatnonzero(np.isin(snapshot.rows.input, inputs)).tolist():
        rows_of[int(snapshot.rows.input[row])].append(row)

    def best(one: RankedTerm, input: int) -> int:
        rows = np.array(rows_of[input])
        return int(rows[np.argmax(np.fmax(one.raw[rows], np.float32(-np.inf)))])

    judged = {}
    for leaf, _, one in terms:
        whole = leaf.negated and not one.is_filter
        rows = [best(one, input) for input in inputs.tolist()] if whole else places.tolist()
        judged[leaf] = [(row, row) for row in rows]
    return judged


def _regions(rows: Iterable[int], snapshot: Snapshot, resources: Resources) -> dict[int, Region]:
    """The regions of some rows, with the very boxes that were given: those of a snapshot are rounded."""
    ordered = sorted(rows)
    return dict(
        zip(ordered, resources.store.regions.by_key(snapshot.rows.key[ordered].tolist()), strict=True)
    )


def _part(term: tuple[Leaf, str, RankedTerm], row: int, place: int, regions: Mapping[int, Region]) -> Part:
    leaf, text, one = term
    raw, scale = float(one.raw[place]), one.scored.scale
    has_score = not math.isnan(raw)
    explained = scale.explained(raw) if has_score else ""
    return Part(
        term=text,
        score=one.score(place),
        weight=leaf.weight,
        negated=leaf.negated,
        box=regions[row].box if has_score and one.is_direct(place) else None,
        milliseconds=one.milliseconds,
        notes=(*one.notes, explained) if explained else tuple(one.notes),
        is_filter=one.is_filter,
        raw=raw,
        unit=scale.unit,
    )


def _row(place: int, terms: Terms, snapshot: Snapshot, level: Level) -> int:
    """The row of the term that contributed most: a rank before a filter, then the greatest share of the score."""
    if level == "region":
        return place
    scored = [
        (not one.is_filter, leaf.weight * one.score(place), -index)
        for index, (leaf, _, one) in enumerate(terms)
        if not leaf.negated and not math.isnan(one.raw[place])
    ]
    if not scored:  # a hit for what is absent: the whole image lacks it
        return int(snapshot.rows.whole_of_input[place])
    return terms[-max(scored)[2]][2].row(place)


def _wanted(parts: Sequence[Part], terms: Terms) -> list[tuple[str, float]]:
    """The concepts that were asked for, each with the score its term gave."""
    return [
        (concept, part.score)
        for part, (leaf, _, one) in zip(parts, terms, strict=True)
        if not leaf.negated
        for concept in one.concepts
    ]


def _annotation(annotations: Sequence[Annotation], wanted: Sequence[tuple[str, float]]) -> Annotation | None:
    """The annotation that the scores are from; else the one that says most of what was asked, or a person's last."""

    def relevance(annotation: Annotation) -> tuple[float, float, bool, float]:
        said = [
            (annotation.concepts[concept], score)
            for concept, score in wanted
            if concept in annotation.concepts
        ]
        taken = sum(value for value, score in said if abs(value - score) <= ROUNDING)
        whole = sum(value for value, _ in said)
        return taken, whole, annotation.source.startswith("human:"), annotation.modified_at

    return max(annotations, key=relevance, default=None)
