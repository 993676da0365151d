"""Terms as the API's requests make them: by the ranker's name, checked when they are bound."""

from __future__ import annotations

from typing import cast

from toolkit import Query
from toolkit.plugins import Term, Value

__all__ = ["make_term"]


def make_term(ranker: str, subject: object = None, **options: object) -> Query:
    """A term of a ranker, with a subject and options that JSON has a form for."""
    return Term(ranker, cast("Value", subject), cast("tuple[tuple[str, Value], ...]", options))
