"""Labels by people, written as annotations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..errors import QueryError
from ..on_first_use import OnFirstUse
from ..resources import Resources
from ..store import Batch, NewAnnotation
from ..values.confidence import confidences
from ..values.source import Source
from ..values.types import Box, Input, Json
from ..words.labels import concept_ids
from ..words.linking import new_labels_linked

if TYPE_CHECKING:
    from .. import indexing
else:
    indexing = OnFirstUse("toolkit.indexing")

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
    """Label inputs as a person, all or none; returns the ids of the annotations.

    Parameters
    ----------
    of : Resources
        The open collection.
    inputs : str or Input or sequence of str | Input
        An input or several, as ids or objects.
    concepts : mapping of str to float
        Values in [0, 1] by concept id or name.
    box : Box, optional
        The region that is labeled; None for the whole image.
    user : str, optional
        Who labels; the user of the settings by default.
    status : str, optional
        A word for the state of the annotation; ``success`` by default.
    annotation_info : mapping of str to JSON value, optional
        A JSON object to keep with the annotation.

    Raises
    ------
    UnknownNameError
        No input has one of the ids.
    QueryError
        A value outside [0, 1], or no concept.
    InputError
        A region cannot be cut out: the file is not there any more.
    """
    if not concepts and status is None and annotation_info is None:
        raise QueryError("nothing to say: give concept='porch', or concepts={'porch': 1, 'car': 0}")
    values = confidences(concepts)
    named = [inputs] if isinstance(inputs, str | Input) else list(inputs)
    ids = [one.id if isinstance(one, Input) else one for one in named]
    keys = of.store.inputs.keys(ids)
    id_of = concept_ids(values, of.store, language=of.settings.language)
    values_by_id = {id_of[name]: value for name, value in values.items()}
    new = indexing.embed_new_regions({key: [box] for key in keys}, of) if box else None
    with new_labels_linked(values_by_id, of.store, of.registry), of.store.write() as batch:
        if new:
            new.write(batch)
        rows = _rows(of, keys, box, batch)
        statements = [
            NewAnnotation(row, concepts=values_by_id, status=status, info=annotation_info) for row in rows
        ]
        return batch.annotations.add_many(statements, source=Source.human(user or of.settings.user))


def add_region(of: Resources, id: str, box: Box) -> str:
    """The id of the region of a box on an input; a new region is made and embedded.

    Parameters
    ----------
    of : Resources
        The open collection.
    id : str
        An input's id.
    box : Box
        A box on the picture.

    Raises
    ------
    UnknownNameError
        No input has the id.
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
