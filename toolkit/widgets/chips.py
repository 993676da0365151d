"""What a chip says: the word, the name of the file, or the sentence of a filter, short enough for a line."""

from __future__ import annotations

from typing import Final

from ..collection.collection import Collection
from ..plain_text import shortened
from ..query import Query, Term
from .readable import NameOf, readable

__all__ = ["chip_text"]

LONGEST: Final = 32
THEMSELVES: Final = frozenset(
    {"concept", "text", "image", "input", "region"}
)  # what they are asked says which


def chip_text(query: Query, photos: Collection, name_of: NameOf) -> str:
    """What stands for a row of the query.

    Parameters
    ----------
    query : Query
        Of the row.
    photos : Collection
        Where inputs have their names.
    name_of : callable
        From the bytes of a picture that was dropped to the name of its file; empty if it has none.
    """
    shown = readable(query, photos, name_of)
    return shortened(_text(shown) if isinstance(shown, Term) else shown.text(), LONGEST)


def _text(term: Term) -> str:
    if isinstance(term.subject, str):
        return term.subject if term.ranker in THEMSELVES else f"{term.ranker} {term.subject}"
    if term.subject is None:
        return ", ".join(f"{name} {value!r}" for name, value in term.options) or term.ranker
    return "picture" if term.ranker == "image" else term.text()
