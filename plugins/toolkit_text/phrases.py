"""What a person types before the thing itself: "a photo of a red car" asks for a red car."""

from __future__ import annotations

import re

__all__ = ["bare_phrase"]

_BEFORE = re.compile(
    r"(?:(?:please|show|find|give|search|look(?:ing)?|me|for|i want|i need|i am|i'm|all|some|any|every)\s+)*"
    r"(?:(?:an?|the|my)?\s*(?:photo(?:graph)?|picture|image|pic|shot|snapshot|drawing)s?\s+(?:of|with|showing)\s+)?"
    r"(?:(?:an?|the|some|any)\s+)?",
    re.IGNORECASE,
)


def bare_phrase(text: str) -> str:
    """The text without what only asks for a picture, and without an article before; blanks made one.

    Parameters
    ----------
    text : str
        As a person wrote it.

    Examples
    --------
    >>> bare_phrase("looking for a photo of a red  car")
    'red car'
    >>> bare_phrase("a photo of")
    'a photo of'
    """
    written = " ".join(text.split()).strip(" .?!")
    start = _BEFORE.match(f"{written} ")
    return written[start.end() if start else 0 :] or written
