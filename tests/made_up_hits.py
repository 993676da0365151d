"""Hits as a search would make them, for tests of what is done with hits."""

import io
from dataclasses import dataclass

from PIL import Image

from toolkit.values.types import Annotation, Box, Hit, Input, Part

REGION = Box(0.1, 0.2, 0.5, 0.6)


def jpeg(width=12, height=8):
    file = io.BytesIO()
    Image.new("RGB", (width, height), (200, 120, 40)).save(file, "JPEG")
    return file.getvalue()


@dataclass(frozen=True)
class Words:
    """Every text that a hit carries."""

    id: str = "ab12"
    uri: str = "/photos/rex.jpg"
    user: str = "me"
    term: str = "concept('dog')"
    note: str = "by id"
    caption: str = "found 3"
    query: str = "concept('dog')"
    heading: str = "Dogs"
    sentence: str = "Every dog."
    title: str = "All queries"


def hit(rank=1, *, words=None, score=None, box=REGION, parts=None):
    words = words or Words(id=f"id{rank}", uri=f"/photos/rex_{rank}.jpg")
    score = 1 - rank / 100 if score is None else score
    source = f"human:{words.user}".replace("\n", "\t")  # a source is one line
    annotation = Annotation(words.id, words.id, "row", box, source, {"dog": 0.5})
    if parts is None:
        parts = (Part(words.term, score, 2.0, box=box, milliseconds=0.5, notes=(words.note,)),)
    return Hit(rank, score, Input(words.id, words.uri, "0" * 64, 400, 300), annotation, "row", box, parts)


def hits(count):
    return [hit(rank) for rank in range(1, count + 1)]
