"""The contact sheet as one picture: what is on it is looked for in its pixels."""

import io
from dataclasses import replace

import numpy as np
import pytest
from made_up_hits import hit, hits, jpeg
from PIL import Image

from toolkit.errors import QueryError
from toolkit.hits import Hits
from toolkit.hits.contact_picture import contact_picture, png
from toolkit.hits.contact_sheet import HEIGHT, WIDTH
from toolkit.values.types import Part

LIKED, UNLIKED, OWN, ORANGE = (59, 130, 196), (200, 112, 42), (255, 214, 10), (200, 120, 40)


def section(shown=None, *, pictures=True, **options):
    found = Hits(
        shown if shown is not None else hits(3),
        query="concept('dog')",
        total=7,
        milliseconds=1.0,
        pictures=lambda ids: {id: jpeg() for id in ids} if pictures else {},
    )
    return found.section(**options)


def count(image, color, within=6):
    distance = np.abs(np.asarray(image, np.int16) - np.array(color)).max(axis=2)
    return int((distance <= within).sum())


def test_it_is_a_png_the_same_to_the_byte_and_can_be_written(tmp_path):
    encoded = png(section(), tmp_path / "hits.png")
    assert encoded == png(section()) == (tmp_path / "hits.png").read_bytes()
    assert Image.open(io.BytesIO(encoded)).format == "PNG"


def test_every_hit_has_its_picture_its_box_and_its_bars():
    one, three = (contact_picture(section(hits(number))) for number in (1, 3))
    for color in (ORANGE, OWN, LIKED):
        assert count(one, color) > 100
        assert count(three, color) == pytest.approx(3 * count(one, color), rel=0.1)


def test_a_bar_is_as_long_as_the_score_and_a_contrary_has_another_color():
    full = contact_picture(section([hit(parts=(Part("concept('dog')", 1.0),))]))
    half = contact_picture(section([hit(parts=(Part("concept('dog')", 0.5),))]))
    against = contact_picture(section([hit(parts=(Part("concept('dog')", 0.5, negated=True),))]))
    none = contact_picture(section([hit(parts=(Part("concept('dog')", float("nan")),))]))
    assert count(full, LIKED, 0) == 2 * count(half, LIKED, 0) == 2 * WIDTH * 2 * 3
    assert count(against, UNLIKED, 0) == count(half, LIKED, 0)
    assert count(none, LIKED, 0) == 0


def test_columns_make_lines():
    four = section(hits(4))
    wide, high = contact_picture(four, columns=2).size
    assert contact_picture(four).size[0] > wide
    assert contact_picture(four).size[1] < high
    assert contact_picture(four, columns=99).size == contact_picture(four, columns=4).size
    with pytest.raises(QueryError, match="0 columns"):
        contact_picture(four, columns=0)


def test_without_a_picture_it_says_so_and_a_broken_one_is_none():
    unkept = contact_picture(section(pictures=False))
    broken = section()
    broken = replace(broken, tiles=[replace(tile, picture=b"no jpeg") for tile in broken.tiles])
    assert count(unkept, ORANGE) == 0
    assert np.array_equal(np.asarray(contact_picture(broken)), np.asarray(unkept))


def test_captions_are_written_under_the_names():
    plain, said = contact_picture(section()), contact_picture(section(captions=["relevant"]))
    assert said.size[1] > plain.size[1]


def test_no_hits_are_a_picture_with_a_line():
    assert contact_picture(section([])).size[0] > WIDTH


def test_more_than_a_picture_holds_is_refused_in_words():
    with pytest.raises(QueryError, match="show fewer of them"):
        contact_picture(section(hits(60)), columns=1)


def test_a_font_that_is_none_is_refused(tmp_path):
    (tmp_path / "a.ttf").write_bytes(b"no font")
    with pytest.raises(QueryError, match="is no font that can be read"):
        png(section(), font=tmp_path / "a.ttf")


@pytest.mark.parametrize(
    "name", ["a\nb.jpg", "x" * 5000 + ".jpg", "\x1b[31m.jpg", "写真.jpg", "\u202egpj.exe"]
)
def test_any_name_is_drawn_within_its_place(name):
    odd = hit()
    odd = replace(odd, input=replace(odd.input, uri=f"/photos/{name}"))
    image = np.asarray(
        contact_picture(section([odd])).crop(
            (16 * 2 + WIDTH * 2 + 2, 60, 16 * 2 + WIDTH * 2 + 20, HEIGHT * 3)
        )
    )
    assert (image == 255).all()
