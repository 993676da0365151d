"""The text that `parse` reads back as the same query."""

from __future__ import annotations

import json
import re
from typing import Final

from ..errors import QueryError
from ..query import FrozenMapping, Fuse, Query, Rerank, Slot, Term, Value
from ..query.reranked import BEST
from ..query.writing import Style, query_text, then_text
from ..values.base64_text import to_base64

__all__ = ["to_text"]

COMPARISON: Final = 5  # binds tighter than + here, looser than a weight

# No @: it might be read as a shorthand.
_BARE = re.compile(r"""[^\s()\[\]<>|*"',@]+(,+[^\s()\[\]<>|*"',@]+)*""")
_SLOT = re.compile(r"\{[^\W\d]\w*\}")
_PLAIN_WORD = re.compile(r"(?!(true|false|null)$)[A-Za-z_][\w./-]*", re.ASCII)


def to_text(query: Query) -> str:
    """The query as one line of the command line's language; `parse` reads the same query from it.

    Raises
    ------
    QueryError
        It has open choices, which the language has no form for.

    Examples
    --------
    >>> to_text((Term("concept", "hot dog", {"language": "en"}) >= 0.8) & ~Term("image", "a.jpg"))
    "concept:'hot dog'[language=en] >= 0.8 & ~image:a.jpg"
    """
    if query.choices:
        raise QueryError(
            "a query with choices has no text; write it as JSON, or make them: query.with_choices(...)"
        )
    return query_text(query, STYLE)


def _term(term: Term) -> str:
    entries = [f"{name}={_value(value)}" for name, value in term.options]
    match term.subject:
        case None:
            return f"{term.ranker}[{', '.join(entries)}]"
        case Slot(name):
            return f"{term.ranker}:{{{name}}}" + (f"[{', '.join(entries)}]" if entries else "")
        case str(subject):
            written = subject if _is_bare(subject) else _quoted(subject)
            return f"{term.ranker}:{written}" + (f"[{', '.join(entries)}]" if entries else "")
        case subject:
            return f"{term.ranker}[{', '.join([_value(subject), *entries])}]"


def _fuse(query: Fuse, parts: list[str]) -> str:
    entries = [f"{name}={_value(given)}" for name, given in query.options.items()]
    return f"fuse[{', '.join(entries)}]({', '.join(parts)})"


def _rerank(query: Rerank) -> tuple[str, int]:
    return then_text(query, STYLE, ">>" if query.k == BEST else f">>[k={query.k}]")


STYLE: Final = Style(_term, _fuse, _rerank, comparison=COMPARISON)


def _is_bare(text: str) -> bool:
    """Whether a subject needs no quotes; one that reads as a slot does."""
    return _BARE.fullmatch(text) is not None and _SLOT.fullmatch(text) is None


def _value(value: Value) -> str:
    match value:
        case Slot(name):
            return f"{{{name}}}"
        case str():
            return value if _PLAIN_WORD.fullmatch(value) else _quoted(value)
        case tuple():
            return f"[{', '.join(map(_value, value))}]"
        case FrozenMapping():
            return f"{{{', '.join(f'{_quoted(name)}: {_value(item)}' for name, item in value.items())}}}"
        case bytes():
            return _value(FrozenMapping((("base64", to_base64(value)),)))
        case _:
            return json.dumps(value)


def _quoted(text: str) -> str:
    # Single quotes first: the shell's own are mostly double.
    quote = '"' if "'" in text and '"' not in text else "'"
    return f"{quote}{text.replace(quote, quote * 2)}{quote}"
