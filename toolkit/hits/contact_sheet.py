"""Hits as a static page: pictures as data URLs, boxes over them, score bars under them. No script.

A fragment has inline styles only, and only such as JupyterLab leaves in a notebook that is not trusted (its
sanitizer drops ``<style>``, SVG, ``var()``, ``calc()``, ``color-mix()`` and ``aspect-ratio``; before 4.6 also
flex and grid properties). Hence sizes in pixels worked out here, floats, inline blocks, and grays that show
on light and dark.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..plain_text import shortened
from ..values.base64_text import to_base64
from ..values.types import Box, Hit, Input, Part
from .captions import box_text, contribution_text, display_name, score_text, term_text
from .markup import Markup, element

__all__ = ["Section", "Tile", "bar_length", "fitted", "fragment", "framed", "other_boxes", "page"]

WIDTH, HEIGHT = 166, 140  # of a picture's place, in pixels: two fit in a window of 400, seven in one of 1280
NAME = 22  # characters of a file name; both ends are kept, for the number is often the last
BARS = 4  # terms whose bar is always shown; the others are under "why"
ENLARGED = 64  # an image no longer than this shows its pixels as squares

_ELLIPSIS = "white-space:nowrap;overflow:hidden;text-overflow:ellipsis"
_MUTED = "opacity:0.72"
_PAINTED = "forced-color-adjust:none"  # bars and boxes are seen where the system's colors replace all others
_TRACK = f"height:3px;margin-top:2px;border-radius:2px;background-color:rgba(128,128,128,0.28);{_PAINTED}"
_LIKED, _UNLIKED = "#3b82c4", "#c8702a"  # 3:1 or more on white and on #111
_TILE = f"display:inline-block;vertical-align:top;width:{WIDTH}px;margin:0 12px 20px 0;text-align:left"
_PLACE = (
    f"position:relative;width:{WIDTH}px;height:{HEIGHT}px;overflow:hidden;border-radius:6px;"
    "background-color:rgba(128,128,128,0.12)"
)
# A light line beside a dark one shows on any picture.
_BOX = (
    "position:absolute;box-sizing:border-box;border:2px solid #ffd60a;outline:1px solid #1a1a1a;" + _PAINTED
)
_OTHER_BOX = (
    "position:absolute;box-sizing:border-box;border:1px dashed #ffffff;outline:1px solid #1a1a1a;" + _PAINTED
)

_PAGE_STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 1250px; padding: 24px 16px;
  color: #1c1d1f; background: #ffffff; overflow-wrap: break-word }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 16px }
h2 { font-size: 18px; margin: 40px 0 4px; padding-top: 20px; border-top: 1px solid rgba(128,128,128,0.3) }
p { margin: 0 0 8px; max-width: 75ch }
nav a { color: inherit; display: inline-block; margin: 0 16px 4px 0; text-underline-offset: 3px }
summary:focus-visible, a:focus-visible { outline: 2px solid #3b82c4; outline-offset: 2px }
@media (prefers-color-scheme: dark) { body { color: #e6e6e8; background: #141517 } }
"""
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Tile:
    """One hit and what is shown of it.

    Parameters
    ----------
    hit : Hit
        Gives the score, the boxes and the explanation.
    picture : bytes or None
        The thumbnail, a JPEG; None if there is none.
    view : str or None
        A plugin's own fragment (`toolkit_hit_view`), shown instead of the picture. It is not escaped.
    caption : str
        One more line under the name.
    """

    hit: Hit
    picture: bytes | None = None
    view: str | None = None
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The hits of one query.

    Parameters
    ----------
    tiles : sequence of Tile
        In the order they are shown.
    summary : str
        How many of how many, such as ``"20 of 1,409 hits"``.
    query : str
        As one would type it.
    milliseconds : float or None
        How long ranking took; None leaves it out, so that a notebook run again is the same to the byte.
    more : str
        The line after the last tile: how many follow and how to see them.
    heading, sentence : str
        Above the hits, on a page.
    """

    tiles: Sequence[Tile]
    summary: str
    query: str = ""
    milliseconds: float | None = None
    more: str = ""
    heading: str = ""
    sentence: str = ""


def fragment(section: Section) -> Markup:
    """The hits of one query as HTML that a notebook can keep."""
    return element(
        "div",
        element("div", *_summary(section), style="margin:0 0 12px;overflow-wrap:break-word"),
        element("div", *map(_tile, section.tiles)),
        element("div", section.more, style=f"margin:0 0 8px;{_MUTED}") if section.more else "",
        style="font-size:13px;line-height:1.45",
    )


def page(title: str, sections: Sequence[Section], *, about: str = "") -> Markup:
    """A whole page of hits, with a heading for each query; self-contained, and forbidden to load anything.

    Parameters
    ----------
    title : str
        Of the page.
    sections : sequence of Section
        The hits of each query, in order.
    about : str
        A sentence or two under the title.
    """
    introduction = element("p", about) if about else Markup()
    return framed(title, introduction, _contents(sections), *_sections(sections))


def framed(title: str, *content: Markup) -> Markup:
    """A whole page around some content; self-contained, and forbidden to load anything.

    Parameters
    ----------
    title : str
        Of the page, and its first heading.
    *content : Markup
        What follows the heading.
    """
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", **{"http-equiv": "Content-Security-Policy", "content": _POLICY}),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", Markup(_PAGE_STYLE)),
    )
    body = element("body", element("h1", title), *content)
    return Markup(f"<!doctype html>\n{element('html', head, body, lang='en')}\n")


def _contents(sections: Sequence[Section]) -> Markup:
    links = (element("a", each.heading, href=f"#{n}") for n, each in enumerate(sections, 1) if each.heading)
    return element("nav", *links) if len(sections) > 1 else Markup()


def _sections(sections: Sequence[Section]) -> Iterator[Markup]:
    for number, section in enumerate(sections, 1):
        yield element(
            "section",
            element("h2", section.heading, id=str(number)) if section.heading else "",
            element("p", section.sentence) if section.sentence else "",
            fragment(section),
        )


def _summary(section: Section) -> Iterator[str]:
    yield section.summary
    if section.query:
        yield " for "
        yield element("code", section.query)
    if section.milliseconds is not None:
        yield element("span", f" in {section.milliseconds:,.1f} ms", style=_MUTED)


def _tile(tile: Tile) -> Markup:
    hit = tile.hit
    score = element("strong", f"{hit.score:.3f}", style="float:right")
    first = element("div", score, element("span", str(hit.rank), style=_MUTED), style="margin-top:5px")
    name = element("bdi", shortened(display_name(hit.input), NAME))
    named = element("div", name, style=f"font-size:12px;{_ELLIPSIS}", title=shortened(hit.input.uri, 300))
    caption = (
        element("div", element("bdi", tile.caption), style=f"font-size:12px;{_MUTED}") if tile.caption else ""
    )
    shown = Markup(tile.view) if tile.view is not None else _picture(tile)
    under = element("figcaption", first, named, caption, *map(_bar, hit.ranks[:BARS]), _why(hit))
    return element("figure", shown, under, style=_TILE)


def _picture(tile: Tile) -> Markup:
    if tile.picture is None:
        note = element("div", "no picture stored", style=f"padding:58px 0;text-align:center;{_MUTED}")
        return element("div", note, style=_PLACE)
    image = tile.hit.input
    width, height = fitted(image)
    size = f"width:{width}px;height:{height}px"
    pixels = ";image-rendering:pixelated" if max(image.width, image.height) <= ENLARGED else ""
    picture = element(
        "img",
        src=f"data:image/jpeg;base64,{to_base64(tile.picture)}",
        alt=display_name(image) + (", one region marked" if tile.hit.box else ""),
        style=f"display:block;margin:0;{size}{pixels}",
    )
    margins = f"margin:0;left:{(WIDTH - width) // 2}px;top:{(HEIGHT - height) // 2}px"
    over = element("div", picture, *_boxes(tile.hit), style=f"position:absolute;{size};{margins}")
    return element("div", over, style=_PLACE)


def fitted(image: Input) -> tuple[int, int]:
    """Width and height in pixels at which the image fills its place."""
    width, height = max(image.width, 1), max(image.height, 1)
    factor = min(WIDTH / width, HEIGHT / height)
    return max(1, round(width * factor)), max(1, round(height * factor))


def other_boxes(hit: Hit) -> list[Box]:
    """The regions that single terms found, but for the hit's own; each once."""
    return list(dict.fromkeys(part.box for part in hit.parts if part.box and part.box != hit.box))


def bar_length(part: Part) -> float:
    """The share of its track that the bar of a term fills, in [0, 1]."""
    return 0.0 if math.isnan(part.score) else min(max(part.score, 0.0), 1.0)


def _boxes(hit: Hit) -> Iterator[Markup]:
    """The hit's own region, over those that other terms found."""
    yield from (element("div", style=f"{_OTHER_BOX};{_where(box)}") for box in other_boxes(hit))
    if hit.box:
        yield element("div", style=f"{_BOX};{_where(hit.box)}")


def _where(box: Box) -> str:
    sides = {
        "left": box.left_col,
        "top": box.top_row,
        "width": box.right_col - box.left_col,
        "height": box.bottom_row - box.top_row,
    }
    return ";".join(f"{side}:{100 * share:.2f}%" for side, share in sides.items())


def _bar(part: Part) -> Markup:
    length = bar_length(part)
    color = _UNLIKED if part.negated else _LIKED
    fill = f"height:3px;width:{100 * length:.1f}%;border-radius:2px;background-color:{color}"
    return element(
        "div",
        element("span", score_text(part.score), style=f"float:right;margin-left:6px;{_MUTED}"),
        element("div", element("bdi", term_text(part)), style=f"{_ELLIPSIS};{_MUTED}", title=part.term),
        element("div", element("div", style=fill), style=_TRACK),
        style="font-size:11px;margin-top:4px",
    )


def _why(hit: Hit) -> Markup:
    lines = [hit.input.uri, f"input {hit.input.id}"]
    if hit.box:
        lines.append(f"region {hit.region_id} at {box_text(hit.box)}")
    if hit.annotation:
        lines.append(f"annotated by {hit.annotation.source}")
    lines.extend(line for part in hit.parts for line in _part_notes(part))
    summary = element("summary", "why", style=f"cursor:pointer;{_MUTED}")
    rows = (element("div", element("bdi", line), style="margin-top:3px") for line in lines)
    return element("details", summary, *rows, style="font-size:11px;margin-top:6px;overflow-wrap:break-word")


def _part_notes(part: Part) -> Iterator[str]:
    weight = f", weight {part.weight:g}" if part.weight != 1 and not part.is_filter else ""
    where = f", at {box_text(part.box)}" if part.box else ""
    yield f"{term_text(part)}: {contribution_text(part)}{weight}{where}"
    yield from part.notes
