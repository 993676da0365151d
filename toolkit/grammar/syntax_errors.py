"""Why a line of text is not a query: the place, what was expected there, and what to type."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ..errors import QueryError

__all__ = ["pointed", "syntax_error"]

CONTEXT: Final = 50  # characters shown on either side of the place

# What each terminal is called; those not named go without saying where one that is named is allowed.
NAMES: Final = {
    "WORD": "a term such as concept:dog",
    "VBAR": "an operator such as &",
    "NUMBER": "a number",
    "NAME": "name=value",
    "SCALAR": "a value",
    "KEY": "a key",
    "COMMA": "a comma",
    "RPAR": ")",
    "RSQB": "]",
    "RBRACE": "}",
}
WORDS: Final = {"and": "&", "or": "|", "not": "~"}


def syntax_error(text: str, error: UnexpectedInput) -> QueryError:
    """What to raise for text that the parser could not read.

    Parameters
    ----------
    text : str
        What was to be parsed.
    error : UnexpectedInput
        The parser's own error.
    """
    place = len(text.rstrip()) if _at_the_end(error) else error.pos_in_stream or 0
    wanted = " or ".join(name for terminal, name in NAMES.items() if terminal in _allowed(error))
    word = re.match(r"\w+|\S|", text[place:])
    found = repr(word.group()) if word and word.group() else "the end"
    return pointed(text, place, f"expected {wanted or 'the end'}, found {found}{_hint(text, place)}")


def _at_the_end(error: UnexpectedInput) -> bool:
    return isinstance(error, UnexpectedToken) and error.token.type == "$END"


def _allowed(error: UnexpectedInput) -> set[str]:
    if isinstance(error, UnexpectedToken):
        return set(error.accepts or error.expected)
    return set(error.allowed or ()) if isinstance(error, UnexpectedCharacters) else set()


def _hint(text: str, place: int) -> str:
    before, after = text[:place], text[place:]
    word = re.match(r"(and|or|not)\b", after) or re.search(r"\b(and|or|not)\s*$", before)
    if word:
        return f"; write {WORDS[word[1]]} for {word[1]!r}"
    if after[:1] in {'"', "'"}:
        return "; a quote is closed by the same quote"
    if re.match(r"\w", after) and re.search(r"\w\s+$", before):
        return "; a name with spaces is quoted, as 'hot dog', and plain words as text:'a red car'"
    return ""


def pointed(text: str, place: int, reason: str) -> QueryError:
    """An error that shows the text with a caret under a place in it.

    Parameters
    ----------
    text : str
        What was to be parsed.
    place : int
        Index of the character to point at; the length of the text for its end.
    reason : str
        The first line of the message.

    Examples
    --------
    >>> print(pointed("hot dog", 4, "expected an operator"))
    expected an operator
      hot dog
          ^
    """
    start = max(place - CONTEXT, 0)
    shown = "".join(char if char.isprintable() else " " for char in text[start : place + CONTEXT])
    before = ("…" if start else "") + shown[: place - start]
    after = shown[place - start :] + ("…" if place + CONTEXT < len(text) else "")
    return QueryError(reason, f"\n  {before}{after}\n  {' ' * _columns(before)}^")


def _columns(text: str) -> int:
    """How many columns of a terminal the text takes; 犬 takes two."""
    return sum(
        2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char) for char in text
    )
