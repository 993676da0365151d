"""Hits as JSON, and as the columns of a table."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..values.types import Box, Hit, Json, Part
from .captions import display_name

__all__ = ["columns", "record", "row"]

_SIDES = ("top_row", "left_col", "bottom_row", "right_col")
_FIRST = ("rank", "score", "id", "name", "uri", "region_id", *_SIDES, "annotation_id", "source")


def record(hit: Hit) -> dict[str, Json]:
    """One JSON object; a score that is not there is null."""
    annotation = hit.annotation
    return {
        "rank": hit.rank,
        "score": hit.score,
        "id": hit.input.id,
        "name": display_name(hit.input),
        "uri": hit.input.uri,
        "region_id": hit.region_id,
        "box": _box(hit.box),
        "annotation_id": annotation.id if annotation else None,
        "source": annotation.source if annotation else None,
        "concepts": dict(annotation.concepts) if annotation else {},
        "terms": [_term(part) for part in hit.parts],
    }


def row(hit: Hit) -> dict[str, float | str | None]:
    """One row of a table: a column for each side of the box, and one for each term's score.

    Where a term's ranker returned another number than the score, such as a cosine, that has a column too.
    """
    sides = tuple(hit.box) if hit.box else (math.nan,) * len(_SIDES)
    return {
        "rank": hit.rank,
        "score": hit.score,
        "id": hit.input.id,
        "name": display_name(hit.input),
        "uri": hit.input.uri,
        "region_id": hit.region_id,
        **dict(zip(_SIDES, sides, strict=True)),
        "annotation_id": hit.annotation.id if hit.annotation else None,
        "source": hit.annotation.source if hit.annotation else None,
        **{part.term: part.score for part in hit.parts},
        **{_raw_column(part): part.raw for part in hit.parts if part.unit},
    }


def columns(hits: Sequence[Hit]) -> list[str]:
    """The columns of that table, in order; those of terms in the order of the query."""
    parts = [part for hit in hits for part in hit.parts]
    raw = dict.fromkeys(_raw_column(part) for part in parts if part.unit)
    return [*_FIRST, *dict.fromkeys(part.term for part in parts), *raw]


def _raw_column(part: Part) -> str:
    return f"{part.unit} of {part.term}"


def _term(part: Part) -> dict[str, Json]:
    return {
        "term": part.term,
        "score": None if math.isnan(part.score) else part.score,
        **({part.unit: None if math.isnan(part.raw) else part.raw} if part.unit else {}),
        "weight": part.weight,
        "negated": part.negated,
        "is_filter": part.is_filter,
        "box": _box(part.box),
        "milliseconds": part.milliseconds,
        "notes": list(part.notes),
    }


def _box(box: Box | None) -> list[float] | None:
    return list(box) if box else None
