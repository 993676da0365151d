"""How an input, a box, a score and what a term gave are written beside a hit: the same in a table and on a page."""

from __future__ import annotations

import math
import re
from urllib.parse import unquote

from ..values.types import Box, Input, Part

__all__ = ["box_text", "contribution_text", "display_name", "score_text", "term_text"]


def display_name(image: Input) -> str:
    """The display name of an input: the last part of its URI, or its id if it came as bytes.

    Examples
    --------
    >>> display_name(Input("ab12", "https://example.org/a%20dog.jpg?size=2", "", 1, 1))
    'a dog.jpg'
    """
    if image.uri.startswith("bytes:"):
        return image.id
    _, is_url, rest = image.uri.partition("://")
    # A path may hold "?", "#" and "%"; only in a URL do they mean something. `urlsplit` refuses some: "http://[x".
    path = re.split("[?#]", rest)[0].partition("/")[2] if is_url else image.uri.replace("\\", "/")
    name = path.rstrip("/").rpartition("/")[2]
    return (unquote(name) if is_url else name) or image.id


def box_text(box: Box | None) -> str:
    """Top row, left column, bottom row and right column in short numbers; empty for a whole image."""
    return " ".join(f"{side:.2f}" for side in box) if box else ""


def score_text(score: float) -> str:
    """A score to three digits; ``none`` where there is none."""
    return "none" if math.isnan(score) else f"{score:.3f}"


def term_text(part: Part) -> str:
    """The text of a term, with "not" if it is negated."""
    return f"not {part.term}" if part.negated else part.term


def contribution_text(part: Part) -> str:
    """The contribution of a term: its score, or whether its filter holds.

    Examples
    --------
    >>> contribution_text(Part("concept('dog')", 0.93))
    '0.930'
    >>> contribution_text(Part("where(source='human')", math.nan, negated=True, is_filter=True))
    'holds'
    """
    if not part.is_filter:
        return score_text(part.score)
    return "holds" if math.isnan(part.score) == part.negated else "does not hold"
