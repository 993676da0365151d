"""What a person types in the one box, as terms: words, words to leave out, an address or a path of a picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ..collection.collection import Collection
from ..errors import ToolkitError
from ..query import Query
from ..search import names_picture

__all__ = ["read_words"]

SYNTAX: Final = re.compile(r"[()&|~:'>]")  # of a query as the command line takes it
WORD: Final = re.compile(r'-?"[^"]+"|[^\s"]+')


def read_words(text: str, photos: Collection, read: Callable[[str], Query]) -> list[Query]:
    """The terms of a line of plain words, each to be a row of its own.

    Parameters
    ----------
    text : str
        ``dog``, ``犬``, ``a red car``, ``dog -cat``, ``dog, beach``, a URL or a path of a picture, or a query as the
        command line takes it.
    photos : Collection
        Whose concepts decide whether several words are the name of one.
    read : callable
        From a query as text to the query.

    Raises
    ------
    QueryError
        It cannot be read.
    """
    text = text.strip()
    if names_picture(text):
        return [photos.terms.image(text)]
    if SYNTAX.search(text):
        return [read(text)]
    return [term for phrase in text.split(",") for term in _phrase(phrase, photos, read)]


def _phrase(text: str, photos: Collection, read: Callable[[str], Query]) -> list[Query]:
    """What is meant to be there as one term, then a term for each word that is not to be."""
    words = WORD.findall(text)
    wanted = " ".join(word.strip('"') for word in words if not _is_against(word))
    against = [word[1:].strip('"') for word in words if _is_against(word)]
    terms = [_meant(wanted, photos, read)] if wanted else []
    return [*terms, *(~_meant(word, photos, read) for word in against)]


def _is_against(word: str) -> bool:
    return word.startswith("-") and len(word) > 1


def _meant(words: str, photos: Collection, read: Callable[[str], Query]) -> Query:
    """A concept where the words are its name, else what the words describe."""
    try:
        photos.concepts.meanings(words)
    except ToolkitError:
        return read(words) if " " in words else photos.terms.concept(words)
    return photos.terms.concept(words)
