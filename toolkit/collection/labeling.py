"""What people say of inputs, written as annotations of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .. import indexing
from ..errors import QueryError
from ..resources import Resources
from ..store import Batch, NewAnnotation
from ..values.confidence import confidences
from ..values.source import Source
from ..values.types import Box, Input, Json
from ..words.labels import concept_ids

__all__ = ["add_region", "annotate"]


def annotate(
    of: Resources,
    inputs: str | Input | Sequence[str | Input],
    concepts: Mapping[str, float],
    *,
    box: Box | None = None,
    user: str | None = None,
    status: str | None = None,
    annotation_info: Mapping[str, Json] | None = None,
) -> list[str]:
    """The ids of the annotations in which a person now says this; all of them or none.

    Raises
    ------
    UnknownNameError
        No input goes by an id.
    QueryError
        A value outside [0, 1], or nothing to say.
    InputError
        A region cannot be cut out: the file is not there any more.
    """
    if not concepts and status is None and annotation_info is None:
        raise QueryError("nothing to say: give concept='porch', or concepts={'porch': 1, 'car': 0}")
    values = confidences(concepts)
    named = [inputs] if isinstance(inputs, str | Input) else list(inputs)
    ids = [one.id if isinstance(one, Input) else one for one in named]
    keys = of.store.inputs.keys(ids)
    meant = concept_ids(values, of.store, language=of.settings.language)
    said = {meant[name]: value for name, value in values.items()}
    new = indexing.embed_new_regions({key: [box] for key in keys}, of) if box else None
    with of.store.write() as batch:
        if new:
            new.write(batch)
        rows = _rows(of, keys, box, batch)
        statements = [NewAnnotation(row, concepts=said, status=status, info=annotation_info) for row in rows]
        return batch.annotations.add_many(statements, source=Source.human(user or of.settings.user))


def add_region(of: Resources, id: str, box: Box) -> str:
    """The id of the region of an input that a box cuts out, made and embedded if it is new.

    Raises
    ------
    UnknownNameError
        No input goes by the id.
    InputError
        The file is not there any more, so its part cannot be embedded.
    """
    keys = of.store.inputs.keys([id])
    there = {region.box: region.id for region in of.store.regions.on_inputs(keys)}
    if box in there:
        return there[box]
    new = indexing.embed_new_regions({key: [box] for key in keys}, of)
    with of.store.write() as batch:
        new.write(batch)
        return of.store.regions.by_key(_rows(of, keys, box, batch))[0].id


def _rows(of: Resources, keys: Sequence[int], box: Box | None, batch: Batch) -> list[int]:
    """The key of each input's row: the whole image, or a box that is a region if it was none before."""
    if box is not None:
        return [batch.regions.add(key, [box])[0] for key in keys]
    whole = {
        region.input_key: region.key for region in of.store.regions.on_inputs(keys) if region.box is None
    }
    return [whole[key] for key in keys]
