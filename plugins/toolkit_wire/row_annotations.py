"""The annotations of rows: found, and changed as the API's patches require."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

from toolkit.plugins import Annotation, Box, Input, Source, UnknownNameError

from .calls import Call

__all__ = ["annotate_input", "empty_annotation", "find_annotation", "patched_concepts"]


def find_annotation(id: str, call: Call) -> Annotation:
    """The annotation with an id; the id of a row without annotations gives an empty one.

    Parameters
    ----------
    id : str
        An annotation's id, or the id of a row without annotations.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    UnknownNameError
        There is none.
    """
    try:
        return call.photos.annotations[id]
    except UnknownNameError:
        input = id.partition("/")[0]  # the rest is the region's
        box = call.photos.regions.get(id)
        if input not in call.photos.inputs or (box is None and id != input):
            raise
        return empty_annotation(call.photos.inputs[input], id, box)


def empty_annotation(of: Input, row: str, box: Box | None) -> Annotation:
    """The empty annotation of a row without annotations: clients expect one in every hit.

    Parameters
    ----------
    of : Input
        The input.
    row : str
        The row's id.
    box : Box or None
        The row's box; None for the whole image.
    """
    return Annotation(row, of.id, row, box, Source(), created_at=of.created_at, modified_at=of.modified_at)


def patched_concepts(
    before: Mapping[str, float], given: Mapping[str, float], action: str
) -> dict[str, float]:
    """Concept values after a patch.

    Parameters
    ----------
    action : {"merge", "overwrite", "remove"}
        As in the API's patches.
    """
    match action:
        case "merge":
            return {**before, **given}
        case "overwrite":
            return dict(given)
        case _:
            return {concept: value for concept, value in before.items() if concept not in given}


def annotate_input(
    input: str, given: Mapping[str, float], *, source: Source, action: str, call: Call
) -> None:
    """Change the latest annotation of a source on a whole input, or make one.

    Parameters
    ----------
    input : str
        An input's id.
    given : mapping of str to float
        Values by concept id.
    source : Source
        Who made the annotation: ``human:<user>`` or ``model:<name>@<version>``.
    action : {"merge", "overwrite", "remove"}
        As in the API's patches.
    call : Call
        The collection asked, and who asks.
    """
    annotations = call.photos.annotations.of([input])
    mine = [one for one in annotations if one.source == source and one.box is None]
    latest = mine[-1] if mine else Annotation(uuid4().hex, input, input, None, source)
    call.photos.annotations.put([replace(latest, concepts=patched_concepts(latest.concepts, given, action))])
