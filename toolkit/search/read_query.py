"""Queries from expressions, text, JSON and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL.Image import Image

from ..errors import QueryError
from ..grammar import parse
from ..plugins.fusions import bind_fusion
from ..query import Query, Term, from_dict
from ..resources import Resources
from ..terms import Terms
from ..values.types import Json
from ..values.uris import in_object_store

__all__ = ["names_picture", "read_query"]

PICTURE: Final = "image"  # the ranker that a picture alone stands for
SCHEMES: Final = ("http://", "https://")
LONGEST_PATH: Final = 4096


def read_query(
    query: Query | str | Mapping[str, Json] | Path | bytes | Image | npt.NDArray[np.generic],
    resources: Resources,
) -> Query:
    """The query of an expression, of a line of text as on the command line, of JSON, or of a picture.

    Parameters
    ----------
    query : Query, str, mapping of str to JSON value, Path, bytes, PIL image or array
        An expression, a line of text, or a JSON object; a picture is ``image(...)`` of it, and so is text that is a
        URL, or the path of a file that is there.
    resources : Resources
        The open collection.

    Raises
    ------
    QueryError
        It is none of these, or cannot be read.
    """
    match query:
        case Query():
            return query
        case str() if not names_picture(query):
            rankers = {name: one.parameters for name, one in resources.registry.rankers.items()}
            return parse(
                query, rankers=rankers, check_fusion=lambda one: bind_fusion(one, resources.registry)
            )
        case Mapping():
            return from_dict(query)
        case str() | Path() | bytes() | Image() | np.ndarray():
            term: Term = getattr(Terms(resources.registry), PICTURE)(query)
            return term
    raise QueryError(
        f"a query is an expression such as concept('dog'), text, JSON or a picture; not {query!r:.80}"
    )


def names_picture(text: str) -> bool:
    """Whether a line of text is a URL, or the path of a file; one that is neither is a query."""
    if text.startswith(SCHEMES) or in_object_store(text):
        return " " not in text
    if len(text) > LONGEST_PATH or "\0" in text or "\n" in text:
        return False
    try:
        return Path(text).suffix != "" and Path(text).expanduser().is_file()
    except (OSError, RuntimeError):  # a name too long; a ~user who is not there
        return False
