"""What people say of inputs, written as annotations of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from . import indexing
from .errors import QueryError
from .resources import Resources
from .store import NewAnnotation, Region
from .types import Box, Input, Json

__all__ = ["add_regions", "annotate"]


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
    """
    if not concepts and status is None and annotation_info is None:
        raise QueryError("nothing to say: give concept='porch', or concepts={'porch': 1, 'car': 0}")
    said = {_concept(of, name): value for name, value in concepts.items()}
    NewAnnotation(0, concepts=said)  # refuses a bad value before a region is made for it
    ids = [inputs] if isinstance(inputs, str | Input) else list(inputs)
    regions = add_regions(of, [one.id if isinstance(one, Input) else one for one in ids], box)
    new = [
        NewAnnotation(region.key, concepts=said, status=status, info=annotation_info) for region in regions
    ]
    with of.store.write() as batch:
        return batch.annotate_rows(new, source=f"human:{user or of.settings.user}")


def add_regions(of: Resources, ids: Sequence[str], box: Box | None) -> list[Region]:
    """The region of each input that a box cuts out, made and embedded if it is new; None: the whole input.

    Raises
    ------
    UnknownNameError
        No input goes by an id.
    InputError
        A file is not there any more, so its part cannot be embedded.
    """
    keys = of.store.input_keys(ids)
    if box is not None:
        for one in of.store.inputs(keys):
            indexing.add_regions(one, [box], of)
    of_input = {region.input_key: region for region in of.store.regions_of(keys) if region.box == box}
    return [of_input[key] for key in keys]


def _concept(of: Resources, name: str) -> str:
    """The id a person means: an id, else a concept's name in the collection's language, else a new id."""
    if name in of.store.known_concepts([name]):
        return name
    named = {one.concept for one in of.store.concepts_named(name, language=of.settings.language)}
    return named.pop() if len(named) == 1 else name
