"""Text for a terminal: hostile characters made visible, and small aligned tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

__all__ = ["printable", "shortened", "table"]

# Joiners are part of how Persian, Indic scripts and emoji are spelled; everything else invisible is shown.
_JOINERS = "\u200c\u200d"


def printable(text: str) -> str:
    r"""One line of text in which control characters, bidi overrides and lone surrogates are spelled out.

    Examples
    --------
    >>> print(printable("dog\n\x1b[31m.jpg"))
    dog\n\x1b[31m.jpg
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _JOINERS else repr(c)[1:-1] for c in text)


def shortened(text: str, limit: int) -> str:
    """The text with its middle left out, if it is longer than `limit` characters.

    Parameters
    ----------
    text : str
        Any text.
    limit : int
        The most characters of the result, the ellipsis included.

    Examples
    --------
    >>> shortened("a_very_long_name.jpg", 12)
    'a_very…e.jpg'
    """
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 2
    return f"{text[: limit - 1 - tail]}…{text[len(text) - tail :]}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[str] = ()) -> str:
    """Lines of aligned columns, without blanks at their ends.

    Parameters
    ----------
    header : sequence of str
        The names of the columns.
    rows : sequence of sequence of str
        The cells of each row.
    right : sequence of str
        The columns whose cells are aligned to the right.

    Examples
    --------
    >>> print(table(("rank", "name"), [("1", "犬.jpg"), ("12", "cat.jpg")], right=["rank"]))
    rank  name
       1  犬.jpg
      12  cat.jpg
    """
    lines = [tuple(header), *(tuple(map(printable, row)) for row in rows)]
    widths = [max(map(_columns, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            _padded(cell, width, flush_right=name in right)
            for cell, width, name in zip(line, widths, header, strict=True)
        ).rstrip()
        for line in lines
    )


def _padded(cell: str, width: int, *, flush_right: bool) -> str:
    blank = " " * (width - _columns(cell))
    return blank + cell if flush_right else cell + blank


def _columns(text: str) -> int:
    """How many columns a terminal gives it: two for a wide character, none for one that combines."""
    return sum(
        0 if unicodedata.combining(c) or c in _JOINERS else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )
