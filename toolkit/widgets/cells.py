"""Hits as the gallery's page gets them: the data of a cell, and of an opened hit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ..collection.collection import Collection
from ..hits.captions import contribution_text, display_name, term_text
from ..plain_text import shortened
from ..values.types import Box, Hit, Json, Level, Part
from .labels import key_of

__all__ = ["cell", "details", "nothing", "ratios", "terms"]

LABEL = 28  # characters beside a box


def cell(hit: Hit, level: Level) -> dict[str, Json]:
    """One hit as a JSON object; a score that is not there is null.

    Parameters
    ----------
    hit : Hit
        What is shown.
    level : {"input", "region"}
        Of the search: whether its key is that of the input or of the region.
    """
    return {
        "key": key_of(hit, level),
        "picture": hit.input.id,
        "rank": hit.rank,
        "score": hit.score,
        "name": display_name(hit.input),
        "width": hit.input.width,
        "height": hit.input.height,
        "boxes": _boxes(hit),
        "parts": [_number(part.score) for part in hit.ranks],
    }


def terms(hits: Sequence[Hit]) -> list[Json]:
    """The terms of the query that have a score to draw, in order: what the bars are of."""
    parts = hits[0].ranks if hits else ()
    return [{"text": part.term, "weight": part.weight, "negated": part.negated} for part in parts]


def nothing(photos: Collection | None) -> str:
    """What is shown in the place of hits where there are none."""
    if photos is not None and len(photos) == 0:
        return "No pictures yet: photos.add(folder) adds those of a folder."
    return "No hits. Search for something, or ask for less."


def ratios(hits: Sequence[Hit]) -> list[float]:
    """Width by height of each picture, 1 where it is not known: what rows of them are laid out by."""
    return [round(hit.input.width / hit.input.height, 2) if hit.input.height else 1.0 for hit in hits]


def details(hit: Hit, titles: Mapping[str, str]) -> dict[str, Json]:
    """Everything else known about a hit, for the picture opened large.

    Parameters
    ----------
    hit : Hit
        What is opened.
    titles : mapping of str to str
        The names of the annotation's concepts, by id.
    """
    annotation = hit.annotation
    return {
        "id": hit.input.id,
        "uri": hit.input.uri,
        "region": hit.region_id if hit.box else "",
        "source": annotation.source if annotation else "",
        "concepts": [[titles.get(id, id), value] for id, value in annotation.concepts.items()]
        if annotation
        else [],
        "why": [_why(part, hit.ranks) for part in hit.parts],
    }


def _why(part: Part, ranks: Sequence[Part]) -> Json:
    return {
        "at": next((at for at, rank in enumerate(ranks) if rank is part), None),
        "term": term_text(part),
        "given": contribution_text(part),
        "weight": "" if part.is_filter else f"{part.weight:g}",
        "notes": list(part.notes),
    }


def _boxes(hit: Hit) -> list[Json]:
    """The hit's own region first, then those that single terms found."""
    boxes: dict[Box, list[Part]] = {hit.box: []} if hit.box else {}
    for part in hit.parts:
        if part.box:
            boxes.setdefault(part.box, []).append(part)
    return [
        {
            "box": list(box),
            "own": box == hit.box,
            "region": hit.region_id if box == hit.box else "",
            **_label(parts, hit),
        }
        for box, parts in boxes.items()
    ]


def _label(parts: Sequence[Part], hit: Hit) -> dict[str, Json]:
    best = max(parts, key=lambda part: -1.0 if math.isnan(part.score) else part.score, default=None)
    if best is None:
        return {"label": "", "score": hit.score}
    return {"label": shortened(best.term, LABEL), "score": _number(best.score)}


def _number(score: float) -> float | None:
    return None if math.isnan(score) else round(score, 4)
