"""Hits: the input, the annotation that contributed most, and the score of each term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from ..fusion.joined import Values
from ..hits.later_hits import LaterHits
from ..query import Leaf, Term
from ..resources import Resources
from ..snapshot import Snapshot
from ..store.verbs.hit_reader import ReadRegions
from ..values.types import Annotation, Hit, IntArray, Level, Part
from .contributions import Contribution, contribution, deciding_rows, rows_judged
from .ranking import RankedTerm

__all__ = ["build_hits"]

ROUNDING = 1e-6  # of a stored value that became a float32


def build_hits(
    places: IntArray,
    scores: Values,
    leaves: Sequence[Leaf],
    ranked: Mapping[Term, RankedTerm],
    snapshot: Snapshot,
    resources: Resources,
    *,
    level: Level,
    first: int,
) -> LaterHits:
    """The hits of the best places, of which everything is read now.

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
    given = []
    for leaf in dict.fromkeys(leaves):
        one = ranked[leaf.term]
        judged = rows_judged(leaf, one, places, snapshot.rows) if level == "region" else places
        given.append(contribution(leaf, one, judged))
    if level == "input":
        places = deciding_rows(given, snapshot.rows.whole_of_input[places])
    rows = places.tolist()
    wanted = np.unique(np.concatenate([places, *[one.rows for one in given]]))
    keys = dict(zip(wanted.tolist(), snapshot.rows.key[wanted].tolist(), strict=True))
    of_hits: list[int] = snapshot.rows.key[places].tolist()
    read = resources.store.hits.on_regions(keys.values(), annotated=of_hits)
    return LaterHits(read.input_ids(of_hits), scores, partial(_made, rows, scores, given, keys, read, first))


def _made(
    rows: Sequence[int],
    scores: Values,
    given: Sequence[Contribution],
    keys: Mapping[int, int],
    read: ReadRegions,
    first: int,
) -> list[Hit]:
    found = read.found()
    # With the very boxes that were given: those of a snapshot are rounded.
    regions = {row: found.regions[key] for row, key in keys.items()}
    parts = list(zip(*[one.parts(regions) for one in given], strict=True))
    asked = [
        (index, id) for index, one in enumerate(given) if not one.leaf.negated for id in one.ranked.concepts
    ]
    hits = []
    for index, (row, score) in enumerate(zip(rows, scores.tolist(), strict=True)):
        region = regions[row]
        annotations = found.annotations.get(region.key)
        annotation = None if annotations is None else annotations[0]
        if annotations is not None and len(annotations) > 1:
            annotation = _chosen(annotations, parts[index], asked)
        hit = Hit(
            rank=first + index,
            score=score,
            input=found.inputs[region.input_key],
            annotation=annotation,
            region_id=region.id,
            box=region.box,
            parts=parts[index],
        )
        hits.append(hit)
    return hits


def _chosen(
    annotations: Sequence[Annotation], parts: Sequence[Part], asked: Sequence[tuple[int, str]]
) -> Annotation:
    """Of several annotations the one that the scores are from; else that with most of what is asked for, or a person's.

    The concepts asked for come each with the index of the part that asks for it.
    """

    def relevance(annotation: Annotation) -> tuple[float, float, bool, float]:
        pairs = [
            (annotation.concepts[concept], parts[index].score)
            for index, concept in asked
            if concept in annotation.concepts
        ]
        taken = sum(value for value, score in pairs if abs(value - score) <= ROUNDING)
        whole = sum(value for value, _ in pairs)
        return taken, whole, annotation.source.is_human, annotation.modified_at

    return max(annotations, key=relevance)
