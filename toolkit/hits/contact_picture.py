"""Hits as one picture: the contact sheet drawn by Pillow, for a slide or an issue, where HTML is not shown."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from PIL import Image, ImageDraw, ImageFont

from ..errors import InputError, QueryError
from ..images import decode
from ..plain_text import printable, shortened
from ..values.types import Box, Part
from .captions import display_name, score_text, term_text
from .contact_sheet import BARS, ENLARGED, HEIGHT, NAME, WIDTH, Section, Tile, bar_length, fitted, other_boxes

__all__ = ["contact_picture", "png"]

SCALE: Final = 2  # pixels of the picture for one of the page: sharp on a fine screen
GAP, MARGIN = 14, 16
LINE, BAR = 17, 22  # heights of a line of text, and of a term with its bar
MOST_PIXELS = 10_000_000  # of one thumbnail
LONGEST_SIDE = 16_000  # pixels: what decoders of PNG commonly take

Font: TypeAlias = "ImageFont.FreeTypeFont | ImageFont.ImageFont"

_PAPER, _INK, _MUTED, _PLACE, _TRACK = "#ffffff", "#1c1d1f", "#5c6066", "#ececee", "#d9dade"
_LIKED, _UNLIKED = "#3b82c4", "#c8702a"
_OWN, _UNDER, _OTHER = "#ffd60a", "#1a1a1a", "#ffffff"


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws in the units of the page."""

    on: ImageDraw.ImageDraw
    fonts: dict[int, Font]

    def text(self, x: float, y: float, text: str, *, size: int = 12, color: str = _INK, width: float) -> None:
        """A line of text, cut at a width."""
        shown = _cut(printable(text), self.fonts[size], width * SCALE)
        self.on.text((x * SCALE, y * SCALE), shown, fill=color, font=self.fonts[size])

    def right(self, x: float, y: float, text: str, *, size: int = 12, color: str = _INK) -> float:
        """A short text that ends at `x`; returns its width."""
        width = self.fonts[size].getlength(text) / SCALE
        self.on.text(((x - width) * SCALE, y * SCALE), text, fill=color, font=self.fonts[size])
        return width

    def area(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """A filled rectangle."""
        if width > 0:
            sides = (x * SCALE, y * SCALE, (x + width) * SCALE - 1, (y + height) * SCALE - 1)
            self.on.rectangle(sides, fill=color)

    def frame(self, x: float, y: float, width: float, height: float, color: str, thick: int) -> None:
        """A rectangle of a line."""
        sides = (round(x * SCALE), round(y * SCALE), round((x + width) * SCALE), round((y + height) * SCALE))
        if sides[0] < sides[2] and sides[1] < sides[3]:
            self.on.rectangle(sides, outline=color, width=thick)


def png(
    section: Section, path: str | Path | None = None, *, columns: int = 6, font: str | Path | None = None
) -> bytes:
    """The hits of one query as a PNG; also written to `path` if one is given.

    Parameters
    ----------
    section : Section
        What is shown: ``hits.section(limit=24)``.
    path : str or Path, optional
        A file.
    columns : int
        Pictures side by side, at most.
    font : str or Path, optional
        A TrueType or OpenType file; the one that comes with Pillow by default, which has Latin letters only.

    Raises
    ------
    QueryError
        There are no columns, more hits than a picture can hold, or the font cannot be read.
    """
    file = io.BytesIO()
    contact_picture(section, columns=columns, font=font).save(file, "PNG", optimize=True)
    if path is not None:
        Path(path).write_bytes(file.getvalue())
    return file.getvalue()


def contact_picture(section: Section, *, columns: int = 6, font: str | Path | None = None) -> Image.Image:
    """The hits of one query as a picture, RGB, two pixels for one of the page.

    Parameters
    ----------
    section : Section
        The hits of one query.
    columns : int
        How many pictures stand side by side, at least 1.
    font : str or Path, optional
        A TrueType or OpenType file; by default the font that Pillow brings.

    Raises
    ------
    QueryError
        Fewer columns than 1, so many hits that the picture would be too large, or a font that cannot be read.
    """
    if columns < 1:
        raise QueryError(f"{columns} columns: give 1 or more")
    columns = max(1, min(columns, len(section.tiles)))
    wide, high = _size(section, columns)
    if max(wide, high) * SCALE > LONGEST_SIDE:
        raise QueryError(f"{len(section.tiles)} hits make no picture; show fewer of them, such as hits[:48]")
    image = Image.new("RGB", (wide * SCALE, high * SCALE), _PAPER)
    pen = _Pen(ImageDraw.Draw(image), {size: _font(font, size) for size in (11, 12, 13)})
    inside = wide - 2 * MARGIN
    pen.text(MARGIN, MARGIN, _heading(section), size=13, width=inside)
    for at, tile in enumerate(section.tiles):
        x = MARGIN + at % columns * (WIDTH + GAP)
        y = MARGIN + 2 * LINE + at // columns * (_tile_height(section) + GAP)
        _tile(pen, image, tile, x, y)
    if section.more:
        pen.text(MARGIN, high - MARGIN - LINE, section.more, color=_MUTED, width=inside)
    return image


def _size(section: Section, columns: int) -> tuple[int, int]:
    lines = -(-len(section.tiles) // columns)
    wide = max(columns, 2) * (WIDTH + GAP) - GAP + 2 * MARGIN
    high = 2 * MARGIN + 2 * LINE + lines * (_tile_height(section) + GAP) + (LINE if section.more else 0)
    return wide, high


def _heading(section: Section) -> str:
    return f"{section.summary} for {section.query}" if section.query else section.summary


def _tile_height(section: Section) -> int:
    captions = any(tile.caption for tile in section.tiles)
    terms = max((len(tile.hit.ranks[:BARS]) for tile in section.tiles), default=0)
    return HEIGHT + 6 + (3 if captions else 2) * LINE + terms * BAR


def _tile(pen: _Pen, image: Image.Image, tile: Tile, x: int, y: int) -> None:
    hit = tile.hit
    pen.area(x, y, WIDTH, HEIGHT, _PLACE)
    _picture(pen, image, tile, x, y)
    y += HEIGHT + 6
    pen.right(x + WIDTH, y, f"{hit.score:.3f}", size=13)
    pen.text(x, y, str(hit.rank), color=_MUTED, width=WIDTH / 2)
    pen.text(x, y + LINE, shortened(display_name(hit.input), NAME), width=WIDTH)
    y += 2 * LINE
    if tile.caption:
        pen.text(x, y, tile.caption, color=_MUTED, width=WIDTH)
        y += LINE
    for part in hit.ranks[:BARS]:
        _bar(pen, part, x, y)
        y += BAR


def _picture(pen: _Pen, image: Image.Image, tile: Tile, x: int, y: int) -> None:
    picture = _decoded(tile)
    if picture is None:
        pen.text(x + 8, y + HEIGHT / 2 - 8, "no picture stored", color=_MUTED, width=WIDTH - 16)
        return
    shown = tile.hit.input
    wide, high = fitted(shown)
    left, top = x + (WIDTH - wide) // 2, y + (HEIGHT - high) // 2
    is_small = max(shown.width, shown.height) <= ENLARGED
    smooth = Image.Resampling.NEAREST if is_small else Image.Resampling.LANCZOS
    image.paste(picture.resize((wide * SCALE, high * SCALE), smooth), (left * SCALE, top * SCALE))
    for box in other_boxes(tile.hit):
        _box(pen, box, (left, top, wide, high), _OTHER, 2)
    if tile.hit.box:
        _box(pen, tile.hit.box, (left, top, wide, high), _OWN, 4)


def _decoded(tile: Tile) -> Image.Image | None:
    if tile.picture is None:
        return None
    try:
        picture = decode(
            tile.picture, uri=tile.hit.input.uri, working_size=WIDTH * SCALE, max_pixels=MOST_PIXELS
        )
        return picture.image
    except InputError:
        return None


def _box(pen: _Pen, box: Box, place: Sequence[int], color: str, thick: int) -> None:
    left, top, wide, high = place
    x, y = left + box.left_col * wide, top + box.top_row * high
    size = (box.right_col - box.left_col) * wide, (box.bottom_row - box.top_row) * high
    pen.frame(x - 1, y - 1, size[0] + 2, size[1] + 2, _UNDER, thick + 4)  # shows on any picture
    pen.frame(x, y, *size, color, thick)


def _bar(pen: _Pen, part: Part, x: int, y: int) -> None:
    text_width = pen.right(x + WIDTH, y, score_text(part.score), size=11, color=_MUTED)
    pen.text(x, y, term_text(part), size=11, color=_MUTED, width=WIDTH - text_width - 6)
    pen.area(x, y + 15, WIDTH, 3, _TRACK)
    pen.area(x, y + 15, WIDTH * bar_length(part), 3, _UNLIKED if part.negated else _LIKED)


def _font(file: str | Path | None, size: int) -> Font:
    try:
        return (
            ImageFont.load_default(size * SCALE) if file is None else ImageFont.truetype(file, size * SCALE)
        )
    except OSError as error:
        raise QueryError(f"{file} is no font that can be read: {error}") from error


def _cut(text: str, font: Font, width: float) -> str:
    if font.getlength(text) <= width:
        return text
    length, limit = 0, len(text)
    while length + 1 < limit:  # the longest beginning that fits, by halving
        middle = (length + limit) // 2
        length, limit = (middle, limit) if font.getlength(f"{text[:middle]}…") <= width else (length, middle)
    return f"{text[:length].rstrip()}…"
