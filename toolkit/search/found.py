"""Hits from positions: the input, the annotation that contributed most, and what each term gave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from ..query import Leaf, Term
from ..resources import Resources
from ..snapshot import Snapshot
from ..types import Annotation, Box, FloatArray, Hit, IntArray, Part
from .ranking import RankedTerm

__all__ = ["found"]


def found(
    positions: IntArray,
    scores: FloatArray,
    leaves: Sequence[Leaf],
    ranked: Mapping[Term, RankedTerm],
    snapshot: Snapshot,
    resources: Resources,
    *,
    first: int,
) -> list[Hit]:
    """The hits at some positions.

    Parameters
    ----------
    positions : int (k,)
        Inputs or rows, whatever the terms were ranked at, best first.
    scores : float32 (k,)
        Theirs.
    leaves : sequence of Leaf
        Where the terms stand in the query.
    ranked : mapping of Term to RankedTerm
        What each term scores.
    snapshot : Snapshot
        What was ranked.
    resources : Resources
        Of the open collection.
    first : int
        The rank of the first, from 1.
    """
    leaves = list({leaf.term: leaf for leaf in reversed(leaves)}.values())[::-1]
    rows = [_row(int(position), leaves, ranked) for position in positions]
    store = resources.store
    with store.read():
        regions = store.regions(snapshot.rows.key[rows].tolist())
        inputs = store.inputs(snapshot.inputs.key[snapshot.rows.input[rows]].tolist())
        annotations = defaultdict(list)
        for annotation in store.annotations_of(region.key for region in regions):
            annotations[annotation.region_id].append(annotation)
    wanted = [concept for leaf in leaves if not leaf.negated for concept in ranked[leaf.term].concepts]
    return [
        Hit(
            rank=first + index,
            score=float(scores[index]),
            input=inputs[index],
            annotation=_annotation(annotations[region.id], wanted),
            region_id=region.id,
            box=region.box,
            parts=tuple(_part(int(positions[index]), leaf, ranked[leaf.term], snapshot) for leaf in leaves),
        )
        for index, region in enumerate(regions)
    ]


def _row(position: int, leaves: Sequence[Leaf], ranked: Mapping[Term, RankedTerm]) -> int:
    """The row of the term that contributed most: a rank before a filter, the greater share first."""

    def contribution(leaf: Leaf) -> tuple[bool, bool, float]:
        one = ranked[leaf.term]
        score = float(one.scores[position])
        present = not np.isnan(score) and not leaf.negated
        return present, not one.is_filter, leaf.weight * score if present else 0.0

    most = max(leaves, key=contribution)
    return int(ranked[most.term].rows[position])


def _annotation(annotations: Sequence[Annotation], wanted: Sequence[str]) -> Annotation | None:
    """The annotation that says most of the concepts asked for; without any, the last one a person made."""
    if not annotations:
        return None

    def relevance(annotation: Annotation) -> tuple[float, bool, float]:
        said = sum(annotation.concepts.get(concept, 0.0) for concept in wanted)
        return said, annotation.source.startswith("human:"), annotation.modified_at

    return max(annotations, key=relevance)


def _part(position: int, leaf: Leaf, one: RankedTerm, snapshot: Snapshot) -> Part:
    sides = snapshot.rows.box[one.rows[position]]
    return Part(
        term=leaf.term.text(),
        score=float(one.scores[position]),
        weight=leaf.weight,
        negated=leaf.negated,
        box=None if np.isnan(sides[0]) else Box(*map(float, sides)),
        milliseconds=one.milliseconds,
        notes=tuple(one.notes),
    )
