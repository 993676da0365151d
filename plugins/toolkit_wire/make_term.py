"""Terms by the name of a ranker; their parameters are checked when the query is planned."""

from __future__ import annotations

from typing import cast

from toolkit import Query
from toolkit.plugins import Term, Value

__all__ = ["make_term"]


def make_term(ranker: str, subject: object = None, **options: object) -> Query:
    """A term of a ranker, with a subject and options.

    Parameters
    ----------
    ranker : str
        The ranker's name.
    subject : object, optional
        What the term is about.
    **options : object
        Other parameters of the ranker.
    """
    return Term(ranker, cast("Value", subject), cast("tuple[tuple[str, Value], ...]", options))
