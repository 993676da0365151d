"""What a chip says: the word, the name of the file, or the sentence of a filter, short enough for a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ..collection.collection import Collection
from ..plain_text import shortened
from ..query import Query, Term
from .readable import file_name, input_name

__all__ = ["chip_text"]

LONGEST: Final = 32


def chip_text(query: Query, photos: Collection, name_of: Callable[[bytes], str]) -> str:
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
    return shortened(_text(query, photos, name_of) or "picture", LONGEST)


def _text(query: Query, photos: Collection, name_of: Callable[[bytes], str]) -> str:
    match query:
        case Term(subject=bytes() as encoded):
            return name_of(encoded)
        case Term(subject={"input": str(id)}) | Term(ranker="input", subject=str(id)):
            return input_name(id, photos)
        case Term(ranker="image", subject=str(address)):
            return file_name(address)
        case Term(ranker="region"):
            return "part of a picture"
        case Term(ranker="concept" | "text", subject=str(words)):
            return words
        case Term(ranker="where", subject=None):
            return ", ".join(f"{name} {value}" for name, value in query.options)
        case Term(subject=str(words)):
            return f"{query.ranker} {words}"
    return query.text()

