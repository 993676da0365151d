"""The JSON stored with an annotation: its `annotation_info`, and the `metadata` in its `data`.

The collection keeps one JSON object with an annotation, so the metadata go into it under a name of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from clarifai_grpc.grpc.api.resources_pb2 import Annotation, Data

from toolkit.plugins import Json

from .metadata_patches import merged
from .structs import json_object, write_struct

__all__ = ["METADATA", "facts_of", "write_facts"]

METADATA = "data.metadata"

Facts = dict[str, Json]


def facts_of(given: Annotation, *, before: Mapping[str, Json], action: str = "merge") -> Facts:
    """The JSON object to store with an annotation: the given parts, and the stored ones that are not given.

    Parameters
    ----------
    given : Annotation
        Of a request.
    before : mapping
        What was kept.
    action : {"merge", "overwrite", "remove"}
        What is to be done with the metadata, as in the API's patches. An `annotation_info` takes the place of
        the old one.
    """
    old = cast("Mapping[str, Json]", before.get(METADATA, {}))
    info = json_object(given.annotation_info) if given.HasField("annotation_info") else dict(before)
    info.pop(METADATA, None)
    metadata = _changed(old, _metadata(given.data), action)
    return info | ({METADATA: metadata} if metadata else {})


def _metadata(data: Data) -> Facts | None:
    """The metadata of the whole image and of its regions; None if there are none."""
    given = [
        one.metadata for one in (data, *(region.data for region in data.regions)) if one.HasField("metadata")
    ]
    if not given:
        return None
    return {key: value for one in given for key, value in json_object(one).items()}


def _changed(old: Mapping[str, Json], new: Facts | None, action: str) -> Facts:
    if new is None:
        return dict(old)
    match action:
        case "merge":
            return merged(old, new)
        case "overwrite":
            return new
        case _:
            return {key: value for key, value in old.items() if key not in new}


def write_facts(info: Mapping[str, Json], message: Annotation, data: Data) -> None:
    """Write the stored JSON of an annotation into its message, the metadata into the data of its row.

    Parameters
    ----------
    info : mapping of str to JSON value
        The JSON object stored with the annotation.
    message : Annotation
        The annotation's message.
    data : Data
        The part of the message that gets the metadata.
    """
    rest = {key: value for key, value in info.items() if key != METADATA}
    if rest:
        write_struct(rest, message.annotation_info)
    if metadata := info.get(METADATA):
        write_struct(cast("Mapping[str, Json]", metadata), data.metadata)
