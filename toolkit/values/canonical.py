"""One text for one JSON value, so that equal values are equal text and can be searched as text."""

from __future__ import annotations

import json

from ..errors import QueryError
from .types import Json

__all__ = ["canonical_json"]


def canonical_json(value: Json) -> str:
    """The value as JSON with sorted keys and no blanks, non-ASCII characters as themselves.

    Raises
    ------
    QueryError
        The value is not JSON: a date, a set, NaN, a key that is not a string.

    Examples
    --------
    >>> canonical_json({"b": [1, 2], "a": "犬"})
    '{"a":"犬","b":[1,2]}'
    """
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise QueryError(f"{value!r} is not a JSON value: {error}") from error
