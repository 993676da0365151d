"""A query as a piece of Python that runs where it is pasted."""

from __future__ import annotations

from ..query import Fuse, Query

__all__ = ["python_code"]


def python_code(query: Query) -> str:
    """The lines that make the query: the import of its terms, then the expression.

    Examples
    --------
    >>> from toolkit.query import Term
    >>> print(python_code(Term("concept", "dog") & ~Term("input", "ab12")))
    from toolkit.terms import concept, input
    <BLANKLINE>
    query = concept('dog') & ~input('ab12')
    """
    names = {term.ranker for term in query.terms()}
    if any(isinstance(node, Fuse) for node in query.walk()):
        names.add("fuse")
    return f"from toolkit.terms import {', '.join(sorted(names))}\n\nquery = {query!r}"
