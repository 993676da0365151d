"""What is chosen of a facet as a filter of a query, and such a filter as what is chosen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, TypeAlias, cast

from ..query import Query, Term, freeze, thaw
from ..values.types import Json

__all__ = [
    "LISTED",
    "METADATA",
    "SCORE",
    "Range",
    "Value",
    "filter_of",
    "range_filter",
    "range_of",
    "value_of",
]

Value: TypeAlias = "str | bool | float | int"
Range: TypeAlias = "tuple[float | None, float | None]"

METADATA: Final = "metadata:"  # and the key
SCORE: Final = "score"
LISTED: Final = "[]"  # after the key of a list
DAY: Final = 86_400.0


def filter_of(facet: str, value: Value) -> Term:
    """The filter of the inputs that have a value.

    Parameters
    ----------
    facet : str
        ``"concept"``, ``"label"``, ``"source"``, ``"dataset"``, ``"status"``, ``"metadata:<key>"``, or
        ``"metadata:<key>[]"`` of a list.
    value : str, bool or number
        One of its values.

    Examples
    --------
    >>> filter_of("dataset", "summer"), filter_of("metadata:kind", "map")
    (where(dataset='summer'), where({'kind': 'map'}))
    """
    if facet == "concept":
        return _term("label", value, {"exact": True, "source": "model"})
    if facet == "label":
        return _term("label", value, {"exact": True})
    if facet.startswith(METADATA):
        key = facet.removeprefix(METADATA)
        wanted: Json = [value] if key.endswith(LISTED) else value
        return Term("where", freeze({key.removesuffix(LISTED): wanted}))
    return _term("where", None, {facet: value})


def _term(ranker: str, subject: Value | None, options: Mapping[str, Json]) -> Term:
    return Term(ranker, subject, tuple((name, freeze(value)) for name, value in options.items()))


def value_of(query: Query) -> tuple[str, Value] | None:
    """The facet and the value of a filter that `filter_of` made; None of any other query."""
    if not isinstance(query, Term):
        return None
    options = {name: thaw(value) for name, value in query.options}
    if query.ranker == "label" and isinstance(query.subject, str):
        written = {"label": {"exact": True}, "concept": {"exact": True, "source": "model"}}
        return next(((facet, query.subject) for facet, one in written.items() if one == options), None)
    if query.ranker == "where" and not options:
        return _metadata_value(thaw(query.subject))
    if query.ranker == "where" and query.subject is None and len(options) == 1:
        ((name, value),) = options.items()
        return (name, value) if name in {"source", "dataset", "status"} and isinstance(value, str) else None
    return None


def _metadata_value(wanted: Json) -> tuple[str, Value] | None:
    """The facet of one key of the metadata, and its value."""
    if not isinstance(wanted, Mapping) or len(wanted) != 1:
        return None
    ((key, value),) = wanted.items()
    if isinstance(value, list) and len(value) == 1:
        key, value = key + LISTED, value[0]
    return (METADATA + key, value) if isinstance(value, str | bool | int | float) else None


def range_filter(facet: str, limits: Range) -> Term:
    """The filter of the inputs whose number lies within limits, both included.

    Parameters
    ----------
    facet : str
        ``"taken"`` and ``"added"``, in seconds since 1970, or ``"metadata:<key>"``.
    limits : (float or None, float or None)
        None where there is none.
    """
    low, high = limits
    if facet == "taken":
        return _term("where", None, {"taken": [_moment(low), _moment(high)]})
    if facet == "added":
        given = {"created_after": low, "created_before": high}
        return _term("where", None, {name: value for name, value in given.items() if value is not None})
    return _term("where", None, {"between": {facet.removeprefix(METADATA): [low, high]}})


def range_of(query: Query) -> tuple[str, Range] | None:
    """The facet and the limits of a filter that `range_filter` made; None of any other query."""
    if not isinstance(query, Term) or query.ranker != "where" or query.subject is not None:
        return None
    options = {name: thaw(value) for name, value in query.options}
    if options and set(options) <= {"created_after", "created_before"}:
        limits = options.get("created_after"), options.get("created_before")
        return ("added", cast(Range, limits)) if all(_is_limit(one) for one in limits) else None
    if len(options) != 1:
        return None
    ((name, value),) = options.items()
    if name == "between" and isinstance(value, Mapping) and len(value) == 1:
        ((key, pair),) = value.items()
        return (METADATA + key, found) if (found := _pair(pair)) else None
    if name == "taken" and isinstance(value, list) and len(value) == 2:
        first, last = _seconds(value[0], last=False), _seconds(value[1], last=True)
        return None if math.isnan(first or 0) or math.isnan(last or 0) else ("taken", (first, last))
    return None


def _pair(value: Json) -> Range | None:
    if not isinstance(value, list | tuple) or len(value) != 2 or not all(_is_limit(one) for one in value):
        return None
    return cast(Range, tuple(value))


def _is_limit(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"


def _seconds(text: object, *, last: bool) -> float | None:
    """Seconds since 1970 of a time that a camera wrote, without its zone; NaN of what is none."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(str(text)[:19]).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return math.nan
    return moment + DAY - 1 if last and len(str(text)) == len("2024-05-01") else moment
