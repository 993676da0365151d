"""JSON in a column of text: metadata of inputs and info of annotations, settings, saved queries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from ...values.canonical import canonical_json
from ...values.types import Json
from .damage import UNREADABLE, as_stored, damaged

__all__ = ["json_of", "object_of", "object_text"]


def object_text(value: Mapping[str, Json]) -> str | None:
    """The object as canonical JSON; None for the empty one, which most are.

    Raises
    ------
    QueryError
        The object holds something that is not JSON.
    """
    return canonical_json(dict(value)) if value else None


def json_of(text: str) -> Json:
    """What a column of JSON holds, where it is not NULL.

    Raises
    ------
    StoreError
        It is damaged.
    """
    try:  # not `as_stored`, which makes a generator for each of the many values that are read
        return cast(Json, json.loads(text))
    except UNREADABLE as error:
        raise damaged("stored JSON", error) from error


@as_stored("stored JSON")
def object_of(text: str) -> dict[str, Json]:
    """The object that a column holds, where it is not NULL.

    Raises
    ------
    StoreError
        It is damaged.
    """
    return dict(json.loads(text))
