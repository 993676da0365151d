"""Hits as one file that opens from a disk, without a network or a kernel: pictures, facets, and a large view."""

from __future__ import annotations

import base64
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Final, cast

from PIL import Image

from ..collection.collection import Collection
from ..errors import ToolkitError
from ..hits import Hits
from ..hits.captions import contribution_text, display_name, term_text
from ..hits.markup import Markup, element
from ..values.types import Annotation, Hit, Json
from .chips import named, term_words
from .labels import key_of

__all__ = ["saved_page"]

MOST: Final = 1000  # pictures of a file
SMALL, LARGE = 144, 640  # long sides in pixels
FOR_SMALL, FOR_LARGE = 3_300_000, 1_100_000  # characters of base64: with the rest, a file is below 5 MB
QUALITIES = (60, 45, 30, 15)
SURE: Final = 0.5  # from here on a model's confidence counts as saying so
MOST_FACETS: Final = 40  # rows of one facet


def saved_page(photos: Collection, hits: Hits, *, marks: Mapping[str, float]) -> str:
    """A self-contained page of HTML with the first thousand hits, its script and its style in it.

    Parameters
    ----------
    photos : Collection
        Where pictures and annotations are read.
    hits : Hits
        What to show, best first.
    marks : mapping of str to float
        1 for relevant, 0 for not, by key.

    Notes
    -----
    All pictures together get a fixed number of bytes, so that more of them are coarser, and the file stays below 5 MB.
    The best hits are there once more in a larger size, as many as fit.
    """
    shown = hits.page(1, size=MOST) if hits.more is not None and hits.total > len(hits) else hits[:MOST]
    ids = list(dict.fromkeys(shown.ids))
    small = _small_pictures(shown.pictures(ids) if ids else {})
    by_input: dict[str, list[Annotation]] = {}
    for one in photos.annotations.of(ids):
        by_input.setdefault(one.input_id, []).append(one)
    facets, says = _facets(photos, by_input)
    words = term_words(hits.expression, photos)
    shown = replace(shown, hits=[named(hit, words) for hit in shown])
    written: dict[str, Json] = {
        "query": hits.query,
        "total": hits.total,
        "counted": hits.counted,
        "terms": [term_text(part) for part in shown[0].ranks] if len(shown) else [],
        "facets": facets,
        "pictures": cast("Json", small),
        "large": cast("Json", _large_pictures(photos, ids)),
        "hits": [_hit(hit, key_of(hit, hits.level), says, marks) for hit in shown],
    }
    return _page(written, title=f"Hits for {hits.query}"[:120])


def _hit(hit: Hit, key: str, says: Mapping[str, Sequence[int]], marks: Mapping[str, float]) -> Json:
    boxes = [hit.box] if hit.box else [part.box for part in hit.parts if part.box]
    return {
        "id": hit.input.id,
        "name": display_name(hit.input),
        "score": round(hit.score, 4),
        "ratio": round(hit.input.width / max(hit.input.height, 1), 3),
        "boxes": [[round(side, 4) for side in box] for box in dict.fromkeys(boxes)],
        "says": list(says.get(hit.input.id, ())),
        "why": [[term_text(part), contribution_text(part)] for part in hit.parts],
        "mark": marks.get(key),
    }


def _facets(
    photos: Collection, by_input: Mapping[str, Sequence[Annotation]]
) -> tuple[list[Json], dict[str, list[int]]]:
    """The rows of the facets, most frequent first, and by input which of them hold."""
    holds: dict[str, set[tuple[str, str]]] = {
        id: {
            ("labels" if one.source.startswith("human:") else "concepts", concept)
            for one in annotations
            for concept, value in one.concepts.items()
            if value >= SURE
        }
        for id, annotations in by_input.items()
    }
    counts = Counter(row for rows in holds.values() for row in rows)
    order = sorted(counts, key=lambda row: (row[0] != "labels", -counts[row], row[1]))
    kept = [
        row for facet in ("labels", "concepts") for row in [r for r in order if r[0] == facet][:MOST_FACETS]
    ]
    names = photos.concepts.titles({concept for _, concept in kept})
    at = {row: index for index, row in enumerate(kept)}
    says = {id: sorted(at[row] for row in rows if row in at) for id, rows in holds.items()}
    return [{"facet": facet, "name": names[concept]} for facet, concept in kept], says


# ---- pictures


def _small_pictures(pictures: Mapping[str, bytes]) -> dict[str, str]:
    """Every picture, as fine as they may be together."""
    made: dict[str, str] = {}
    for side, quality in [*((SMALL, quality) for quality in QUALITIES), (96, 30), (64, 20)]:
        made = {id: _webp(Image.open(io.BytesIO(one)), side, quality) for id, one in pictures.items()}
        if sum(map(len, made.values())) <= FOR_SMALL:
            break
    return made


def _large_pictures(photos: Collection, ids: Sequence[str]) -> dict[str, str]:
    """The first pictures once more, until what is left of the file is full."""
    made: dict[str, str] = {}
    left = FOR_LARGE
    for id in ids:
        try:
            encoded = _webp(photos.image(id), LARGE, 60)
        except ToolkitError:
            continue  # the small one is there
        left -= len(encoded)
        if left < 0:
            break
        made[id] = encoded
    return made


def _webp(picture: Image.Image, side: int, quality: int) -> str:
    small = picture.convert("RGB")
    small.thumbnail((side, side))
    file = io.BytesIO()
    small.save(file, "WEBP", quality=quality, method=4)
    return base64.b64encode(file.getvalue()).decode()


# ---- the page


def _page(written: Mapping[str, Json], *, title: str) -> str:
    static = files(__package__).joinpath("static")
    style, script = (
        static.joinpath(f"saved_page.{kind}").read_text(encoding="utf-8") for kind in ("css", "js")
    )
    # In a script nothing but "</" and "<!--" means anything to the reader of a page.
    text = json.dumps(written, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
    head = [
        element("meta", charset="utf-8"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        Markup(f"<style>{style}</style>"),
    ]
    body = Markup(f"<main></main><script>const SAVED = {text};\n{script}</script>")
    return f'<!doctype html>\n<html lang="en"><head>{"".join(head)}</head><body>{body}</body></html>\n'
