"""Changing the fields of an input: merge, overwrite, remove."""

from __future__ import annotations

from clarifai_grpc.grpc.api.resources_pb2 import Input as WireInput

from toolkit.plugins import Source

from .calls import Call
from .metadata_patches import merged, without
from .new_inputs import INVALID, geo_of
from .posted_concepts import name_concepts, values_of
from .row_annotations import annotate_input
from .statuses import Refused
from .structs import json_object

__all__ = ["patch"]


def patch(given: WireInput, action: str, call: Call) -> None:
    """Change one input.

    `merge` adds to metadata, in which lists grow, to datasets and to concepts; `overwrite` puts what is given in the
    place of what was there; `remove` takes away the metadata keys, datasets and concepts that are named.

    Parameters
    ----------
    given : WireInput
        The input's message, with its id and what changes.
    action : {"merge", "overwrite", "remove"}
        As in the API's patches.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        Another action, or a value that cannot be.
    """
    if action not in ("merge", "overwrite", "remove"):
        raise Refused(INVALID, f"an action is merge, overwrite or remove, not {action!r}")
    _patch_facts(given, action, call)
    if concepts := values_of(given.data.concepts, call, invalid=INVALID):
        annotate_input(given.id, concepts, source=Source.human(call.user), action=action, call=call)
        name_concepts(given.data.concepts, call, invalid=INVALID)


def _patch_facts(given: WireInput, action: str, call: Call) -> None:
    metadata = json_object(given.data.metadata) if given.data.HasField("metadata") else None
    datasets = _datasets(given, action, call)
    geo = None if action == "remove" else geo_of(given)
    if metadata is not None and action == "merge":
        metadata = merged(call.photos.inputs[given.id].metadata, metadata)
    is_removed = metadata is not None and action == "remove"
    call.photos.inputs.update(
        given.id,
        metadata=None if is_removed else metadata,
        metadata_patch=without(metadata) if metadata is not None and is_removed else None,
        geo=geo or "keep",
        datasets=datasets,
    )


def _datasets(given: WireInput, action: str, call: Call) -> list[str] | None:
    if not given.dataset_ids:
        return None
    before = call.photos[given.id].datasets
    match action:
        case "overwrite":
            return list(given.dataset_ids)
        case "merge":
            return list(dict.fromkeys((*before, *given.dataset_ids)))
    return [name for name in before if name not in set(given.dataset_ids)]
