"""Shell patterns of paths, such as ``photos/**/*.jpg``, as regular expressions."""

from __future__ import annotations

import re
from functools import cache

__all__ = ["is_pattern", "pattern"]

_MAGIC = re.compile(r"[*?\[]")
_ANY = {"*": "[^/]*", "?": "[^/]"}
_PART = re.compile(r"\*\*/|\*\*|\*|\?|\[[!^]?\]?[^\]/]*\]|.", re.DOTALL)


def is_pattern(text: str) -> bool:
    """Whether a text has one of the characters ``*``, ``?`` and ``[``."""
    return _MAGIC.search(text) is not None


@cache
def pattern(text: str) -> re.Pattern[str]:
    """What the paths that match a pattern are matched by; ``**`` stands for any number of folders.

    Examples
    --------
    >>> [bool(pattern("/a/**/*.jpg").fullmatch(path)) for path in ("/a/b.jpg", "/a/b/c.jpg", "/b.jpg")]
    [True, True, False]
    """
    return re.compile("".join(_regular(part) for part in _PART.findall(text)), re.DOTALL)


def _regular(part: str) -> str:
    if part == "**/":
        return "(?:[^/]*/)*"
    if part == "**":
        return ".*"
    if len(part) > 1:
        inside = part[1:-1]
        negated = inside[:1] in ("!", "^")
        chosen = inside[1:] if negated else inside
        return f"[{'^' if negated else ''}{re.escape(chosen).replace(chr(92) + '-', '-')}]"
    return _ANY.get(part, re.escape(part))
