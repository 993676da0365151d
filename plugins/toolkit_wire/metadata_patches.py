"""Metadata after a patch, as the API's page on patching has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from toolkit.plugins import Json

__all__ = ["merged", "without"]


def merged(before: Mapping[str, Json], given: Mapping[str, Json]) -> dict[str, Json]:
    """A JSON object after ``merge``: objects merge, lists grow, a null says nothing, anything else is replaced.

    An element of a list that has the ``id`` of one there is merged into it. An empty object or list replaces.

    Parameters
    ----------
    before : mapping of str to JSON value
        What is stored.
    given : mapping of str to JSON value
        What the request brings.

    References
    ----------
    The page "Patching" of the API's documentation.

    Examples
    --------
    >>> merged({"tags": ["a"], "shop": {"floor": 1}}, {"tags": ["b"], "shop": {"aisle": 2}})
    {'tags': ['a', 'b'], 'shop': {'floor': 1, 'aisle': 2}}
    >>> merged({"boxes": [{"id": "x", "n": 1}]}, {"boxes": [{"id": "x", "n": 2}, {"id": "y"}]})
    {'boxes': [{'id': 'x', 'n': 2}, {'id': 'y'}]}
    """
    after = dict(before)
    for key, value in given.items():
        if value is not None:
            after[key] = _merged(after.get(key), value)
    return after


def _merged(before: Json, given: Json) -> Json:
    if isinstance(before, Mapping) and isinstance(given, Mapping) and given:
        return merged(before, given)
    if isinstance(before, list) and isinstance(given, list) and given:
        return _appended(before, given)
    return given


def _appended(before: Sequence[Json], given: Sequence[Json]) -> list[Json]:
    after = list(before)
    for one in given:
        at = next((at for at, other in enumerate(after) if _is_same(other, one)), None)
        if at is None:
            after.append(one)
        else:
            after[at] = _merged(after[at], one)
    return after


def _is_same(one: Json, other: Json) -> bool:
    if not (isinstance(one, Mapping) and isinstance(other, Mapping)):
        return False
    return "id" in one and "id" in other and one["id"] == other["id"]


def without(metadata: Mapping[str, Json]) -> dict[str, Json]:
    """A merge patch (RFC 7396) that removes every leaf named.

    Parameters
    ----------
    metadata : mapping of str to JSON value
        What the request names.

    Examples
    --------
    >>> without({"shop": {"floor": True}, "tags": True})
    {'shop': {'floor': None}, 'tags': None}
    """
    return {
        key: without(value) if isinstance(value, Mapping) and value else None
        for key, value in metadata.items()
    }
