"""Labels that one person gives to hits, written at once, with what undoes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ..collection.collection import Collection
from ..hits import Hits
from ..values.source import Source
from ..values.types import Annotation, Box, Hit, Level

__all__ = ["LabelChange", "Place", "key_of", "label", "labels_by_person", "labels_of"]

Place: TypeAlias = "tuple[str, Box | None]"  # the id of an input, and a part of it or None for the whole


@dataclass(frozen=True, slots=True)
class LabelChange:
    """One label that was written, and the same person's previous value.

    Parameters
    ----------
    input : str
        The input's id.
    box : Box or None
        The labeled part; None for the whole.
    region : str
        The id of that row.
    concept : str
        Concept id.
    value, before : float or None
        In [0, 1]; None for no label.
    """

    input: str
    box: Box | None
    region: str
    concept: str
    value: float | None
    before: float | None


def key_of(hit: Hit, level: Level) -> str:
    """The id of the row that a label of a hit is for: the whole picture, or the region.

    Parameters
    ----------
    hit : Hit
        What is judged.
    level : {"input", "region"}
        Of the search that found it.
    """
    return hit.input.id if level == "input" else hit.region_id


def labels_of(photos: Collection, hits: Hits, concept: str, user: str) -> dict[str, float]:
    """The labels that a person gave to a concept, by the key of the hit; hits without one are left out.

    Parameters
    ----------
    photos : Collection
        Where annotations are read.
    hits : Hits
        Which hits are looked at.
    concept : str
        Its id or a name of it.
    user : str
        Whose annotations.
    """
    source = Source.human(user)
    by_person = labels_by_person(photos, hits, concept)
    return {key: values[source] for key, values in by_person.items() if source in values}


def labels_by_person(photos: Collection, hits: Hits, concept: str) -> dict[str, dict[str, float]]:
    """The labels of everybody for a concept, by the key of the hit and the source; hits without one are left out.

    Parameters
    ----------
    photos : Collection
        Where annotations are read.
    hits : Hits
        Which hits are looked at.
    concept : str
        Its id or a name of it.
    """
    id = photos.concepts.id_of(concept)
    wanted = {key_of(hit, hits.level) for hit in hits}
    found: dict[str, dict[str, float]] = {}
    for one in photos.annotations.of(sorted({hit.input.id for hit in hits})):
        if one.source.startswith("human:") and one.region_id in wanted and id in one.concepts:
            found.setdefault(one.region_id, {})[one.source] = one.concepts[id]
    return found


def label(
    photos: Collection,
    places: Sequence[Place],
    concept: str,
    value: float | None,
    *,
    user: str,
) -> list[LabelChange]:
    """Label inputs, or parts of them, with a concept in one transaction; None removes the label. Returns the changes.

    Parameters
    ----------
    photos : Collection
        Where annotations are written.
    places : sequence of (str, Box or None)
        The id of an input, and a part of it or None for the whole.
    concept : str
        Its id or a name of it.
    value : float or None
        In [0, 1]; None takes it back.
    user : str
        Who labels.

    Raises
    ------
    UnknownNameError
        No input has one of the ids; nothing is written.
    QueryError
        A value outside [0, 1]; nothing is written.
    """
    id = photos.concepts.id_of(concept)
    before = _annotations(photos, places, id, user)
    if value is not None:
        _write(photos, places, id, value, user)
    elif before:
        photos.annotations.remove_concept([one.id for one in before.values()], id)
    return [_change(photos, place, before.get(place), id, value) for place in places]


def _write(photos: Collection, places: Sequence[Place], concept: str, value: float, user: str) -> None:
    """All of them in one transaction."""
    boxes = {box for _, box in places}
    if len(boxes) == 1:
        photos.annotate([id for id, _ in places], concept=concept, value=value, box=boxes.pop(), user=user)
        return
    is_new = concept not in photos.concepts
    source = Source.human(user)
    photos.annotations.put([Annotation("", id, "", box, source, {concept: value}) for id, box in places])
    if is_new:
        photos.concepts.link()


def _annotations(
    photos: Collection, places: Sequence[Place], concept: str, user: str
) -> dict[Place, Annotation]:
    """What the person said of the concept before, the last of each place."""
    wanted, source = set(places), Source.human(user)
    return {
        (one.input_id, one.box): one
        for one in photos.annotations.of(sorted({id for id, _ in places}))
        if (one.input_id, one.box) in wanted and one.source == source and concept in one.concepts
    }


def _change(
    photos: Collection, place: Place, before: Annotation | None, concept: str, value: float | None
) -> LabelChange:
    input, box = place
    region = before.region_id if before else _region(photos, input, box)
    return LabelChange(input, box, region, concept, value, before.concepts[concept] if before else None)


def _region(photos: Collection, input: str, box: Box | None) -> str:
    """The id of a row; that of a whole input is the input's."""
    if box is None:
        return input
    regions = {there: id for id, there in photos.regions.of(input, detections=0).items()}
    return regions.get(box, "")
