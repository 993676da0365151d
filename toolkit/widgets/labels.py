"""What one person says of hits, written as it is said, and taken back just as far as it was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..collection import Collection
from ..hits import Hits
from ..labeling import concept_id
from ..types import Annotation, Box, Hit, Level

__all__ = ["Labeled", "key_of", "label", "said"]


@dataclass(frozen=True, slots=True)
class Labeled:
    """One label that was written, and what the same person had said before.

    Parameters
    ----------
    input : str
        The input's id.
    box : Box or None
        The part that is meant; None for the whole.
    region : str
        The id of that row.
    concept : str
        Concept id.
    value, before : float or None
        In [0, 1]; None where nothing is, or was, said.
    """

    input: str
    box: Box | None
    region: str
    concept: str
    value: float | None
    before: float | None


def key_of(hit: Hit, level: Level) -> str:
    """The row that a person judges when they judge a hit: the whole picture, or the region."""
    return hit.input.id if level == "input" else hit.region_id


def said(photos: Collection, hits: Hits, concept: str, user: str) -> dict[str, float]:
    """What a person said of a concept, by the key of the hit; only of hits of which they said something."""
    id = concept_id(photos._resources, concept)
    wanted = {key_of(hit, hits.level) for hit in hits}
    store = photos._resources.store
    with store.read():
        keys = store.input_keys(sorted({hit.input.id for hit in hits}))
        rows = [region.key for region in store.regions_of(keys) if region.id in wanted]
        annotations = store.annotations_of(rows)
    source = f"human:{user}"
    return {
        one.region_id: one.concepts[id] for one in annotations if one.source == source and id in one.concepts
    }


def label(
    photos: Collection,
    places: Sequence[tuple[str, Box | None]],
    concept: str,
    value: float | None,
    *,
    user: str,
) -> list[Labeled]:
    """Say that a concept is, or is not, on some inputs or parts of them; None takes back what was said.

    Raises
    ------
    UnknownNameError
        No input goes by an id; nothing is written.
    QueryError
        A value outside [0, 1]; nothing is written.
    """
    id = concept_id(photos._resources, concept)
    written = []
    for input, box in places:
        before = _annotation(photos, input, box, id, user)
        if value is not None:
            photos.annotate(input, concept=id, value=value, box=box, user=user)
        elif before is not None:
            _take_back(photos, before, id)
        region = before.region_id if before else _region(photos, input, box)
        old = before.concepts[id] if before else None
        written.append(Labeled(input, box, region, id, value, old))
    return written


def _annotation(
    photos: Collection, input: str, box: Box | None, concept: str, user: str
) -> Annotation | None:
    store = photos._resources.store
    with store.read():
        regions = [one.key for one in store.regions_of(store.input_keys([input])) if one.box == box]
        found = store.annotations_of(regions)
    mine = [one for one in found if one.source == f"human:{user}" and concept in one.concepts]
    return mine[-1] if mine else None


def _region(photos: Collection, input: str, box: Box | None) -> str:
    store = photos._resources.store
    with store.read():
        regions = store.regions_of(store.input_keys([input]))
    return next((one.id for one in regions if one.box == box), input)


def _take_back(photos: Collection, annotation: Annotation, concept: str) -> None:
    with photos._resources.store.write() as batch:
        if len(annotation.concepts) == 1 and not annotation.info:
            batch.delete_annotations([annotation.id])
        else:
            batch.remove_concept(annotation.id, concept)
