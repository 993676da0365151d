"""JSON objects in a column of text: metadata of inputs and info of annotations."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ...values.canonical import canonical_json
from ...values.types import Json

__all__ = ["object_of", "object_text"]


def object_text(value: Mapping[str, Json]) -> str | None:
    """The object as canonical JSON; None for the empty one, which most are.

    Raises
    ------
    QueryError
        The object holds something that is not JSON.
    """
    return canonical_json(dict(value)) if value else None


def object_of(text: str) -> dict[str, Json]:
    """The object that a column holds, where it is not NULL."""
    return dict(json.loads(text))
