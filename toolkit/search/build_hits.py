"""Build hits: the input, the annotation that contributed most, and the score of each term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ..fusion.joined import Values
from ..query import Leaf, Term
from ..resources import Resources
from ..snapshot import Snapshot
from ..store import Region
from ..values.types import Annotation, Hit, IntArray, Level, Part
from .contributions import contribution, deciding_rows, rows_judged
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
) -> list[Hit]:
    """The hits of the best places.

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
    of_parts = {row for one in given for row in one.rows.tolist()}
    with resources.store.read():
        regions = _regions({*rows, *of_parts}, snapshot, resources)
        inputs = resources.store.inputs.by_key(snapshot.inputs.key[snapshot.rows.input[rows]].tolist())
        annotations = defaultdict(list)
        for annotation in resources.store.annotations.on_regions([regions[row].key for row in rows]):
            annotations[annotation.region_id].append(annotation)
    parts = list(zip(*[one.parts(regions) for one in given], strict=True))
    asked = [
        (index, id) for index, one in enumerate(given) if not one.leaf.negated for id in one.ranked.concepts
    ]
    return [
        Hit(
            rank=first + index,
            score=score,
            input=input,
            annotation=_annotation(annotations[regions[row].id], parts[index], asked),
            region_id=regions[row].id,
            box=regions[row].box,
            parts=parts[index],
        )
        for index, (row, score, input) in enumerate(zip(rows, scores.tolist(), inputs, strict=True))
    ]


def _regions(rows: Iterable[int], snapshot: Snapshot, resources: Resources) -> dict[int, Region]:
    """The regions of some rows, with the very boxes that were given: those of a snapshot are rounded."""
    ordered = sorted(rows)
    return dict(
        zip(ordered, resources.store.regions.by_key(snapshot.rows.key[ordered].tolist()), strict=True)
    )


def _annotation(
    annotations: Sequence[Annotation], parts: Sequence[Part], asked: Sequence[tuple[int, str]]
) -> Annotation | None:
    """The annotation that the scores are from; else the one with most of the concepts of the query, or a person's.

    The concepts asked for come each with the index of the part that asks for it.
    """
    if len(annotations) <= 1:
        return next(iter(annotations), None)

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
