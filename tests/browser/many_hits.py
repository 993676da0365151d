"""Hits of made-up pictures, any number of them."""

from __future__ import annotations

import io

from PIL import Image

from toolkit.hits import Hits
from toolkit.values.types import Annotation, Box, Hit, Input, Part

BOX = Box(0.1, 0.2, 0.5, 0.6)


def hits_of(count, *, name="rex.jpg", words="concept('dog')", box=BOX):
    one_line = words.replace("\n", "\t")  # as the name of a person has to be
    picture = io.BytesIO()
    Image.new("RGB", (48, 36), (90, 140, 60)).save(picture, "JPEG")
    found = [
        Hit(
            at + 1,
            1 - at / (2 * count),
            Input(f"id{at}", f"/photos/{name}", "0" * 64, 48, 36),
            Annotation(f"a{at}", f"id{at}", f"id{at}", box, f"human:{one_line}", {words: 0.5}),
            f"id{at}",
            box,
            (Part(words, 0.9, notes=(words,), box=box), Part("concept('cat')", 0.2, 2.0, negated=True)),
        )
        for at in range(count)
    ]
    return Hits(
        found,
        query=words,
        total=count,
        milliseconds=1.0,
        pictures=lambda ids: dict.fromkeys(ids, picture.getvalue()),
    )
