"""Queries as a person reads them: names in the place of ids, and of files in the place of addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from ..collection.collection import Collection
from ..errors import ToolkitError
from ..hits.captions import box_text, display_name
from ..query import Query, Term
from ..query.rewriting import rewrite

__all__ = ["NameOf", "file_name", "input_name", "readable"]

NameOf = Callable[[bytes], str]


def readable(query: Query, photos: Collection, name_of: NameOf = lambda _: "") -> Query:
    """The same query with names instead of ids; only to be shown, for it cannot be searched for.

    Parameters
    ----------
    query : Query
        What is asked.
    photos : Collection
        Where inputs, regions and concepts have their names.
    name_of : callable
        From the bytes of a picture to the name of its file; empty if it has none.
    """

    def named(part: Query) -> Query:
        if not isinstance(part, Term):
            return part
        if part.ranker == "lasso":  # its corners are drawn on the map; as numbers they say nothing
            return replace(part, subject=None, options=())
        name = _name(part, photos, name_of)
        return replace(part, subject=name) if name else part

    return rewrite(query, named)


def input_name(id: str, photos: Collection) -> str:
    """The name of an input's file; empty if there is no such input.

    Parameters
    ----------
    id : str
        Of the input.
    photos : Collection
        Where it is.
    """
    try:
        return display_name(photos[id])
    except ToolkitError:
        return ""


def file_name(address: str) -> str:
    """The last part of a path or of a URL.

    Examples
    --------
    >>> file_name("https://example.org/a%20dog.jpg?size=2"), file_name("/photos/cat.jpg")
    ('a dog.jpg', 'cat.jpg')
    """
    path = urlsplit(address).path if "://" in address else address
    return unquote(PurePath(path).name) or address


def _name(term: Term, photos: Collection, name_of: NameOf) -> str:  # noqa: PLR0911  # one per kind of term
    match term:
        case Term(subject=bytes() as encoded):
            return name_of(encoded)
        case Term(subject=Mapping() as origin) if isinstance(origin.get("input"), str):
            return input_name(str(origin["input"]), photos)
        case Term(ranker="input", subject=str(id)):
            return input_name(id, photos)
        case Term(ranker="image", subject=str(address)):
            return file_name(address)
        case Term(ranker="region", subject=str(id)):
            return _region_name(id, photos)
        case Term(ranker="concept" | "label", subject=str(word)):
            return photos.concepts.title(word)
    return ""


def _region_name(id: str, photos: Collection) -> str:
    try:
        box = box_text(photos.regions[id])
        return f"{input_name(id.rpartition('/')[0], photos)} {box}"
    except ToolkitError:
        return ""
