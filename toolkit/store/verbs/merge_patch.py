"""How a change of metadata is merged into what is there."""

from __future__ import annotations

from collections.abc import Mapping

from ...values.types import Json

__all__ = ["merged"]


def merged(value: Mapping[str, Json], patch: Mapping[str, Json]) -> dict[str, Json]:
    """The object after a JSON Merge Patch: objects merge, null removes, anything else replaces.

    Parameters
    ----------
    value : mapping
        A JSON object.
    patch : mapping
        What changes.

    References
    ----------
    RFC 7396: https://www.rfc-editor.org/rfc/rfc7396

    Examples
    --------
    >>> merged({"camera": {"make": "A", "iso": 100}}, {"camera": {"iso": None}, "rating": 5})
    {'camera': {'make': 'A'}, 'rating': 5}
    """
    result = dict(value)
    for key, change in patch.items():
        if change is None:
            result.pop(key, None)
        elif isinstance(change, Mapping):
            old = result.get(key)
            result[key] = merged(old if isinstance(old, Mapping) else {}, change)
        else:
            result[key] = change
    return result
