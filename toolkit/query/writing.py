"""Queries as text, with as few parentheses as the reader's precedence allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .choices import Chosen
from .frozen import Value, literal
from .fused import Fuse
from .nodes import AllOf, AnyOf, Not, Query, SumOf, Threshold, Weighted
from .reranked import BEST, Rerank
from .term import Term

__all__ = ["Style", "number_text", "python_text", "query_text", "then_text"]

# How tightly Python binds, loosest first; comparisons stand at 0, below all of them.
ANY, ALL, THEN, SUM, FACTOR, POWER, ATOM = 1, 2, 3, 4, 6, 7, 8


@dataclass(frozen=True, slots=True)
class Style:
    """How one notation differs from another.

    Parameters
    ----------
    term : callable
        The text of a term.
    fuse : callable
        The text of a fusion, given the texts of its parts.
    rerank : callable
        The text of ``a.rerank(b, k=50)`` for the number and the texts of both, and how tightly it binds.
    comparison : int
        How tightly a comparison binds.
    """

    term: Callable[[Term], str]
    fuse: Callable[[Fuse, list[str]], str]
    rerank: Callable[[Rerank], tuple[str, int]]
    comparison: int


def python_text(query: Query, *, limit: int | None) -> str:
    """The query as Python code, exact if `limit` is None.

    Parameters
    ----------
    query : Query
        What to write.
    limit : int or None
        Characters of a value beyond which it is shortened for the eye.
    """
    style = Style(
        lambda term: _call(term, limit),
        lambda query, parts: _fuse_call(query, parts, limit),
        lambda query: _rerank_call(query, style),
        comparison=0,
    )
    return query_text(query, style)


def query_text(query: Query, style: Style, *, above: int = 0, power: bool = False) -> str:
    """The text of a query, in parentheses if it binds less tightly than `above`.

    `power` says that a weight is written ``a ** 2``, as inside ``&`` and ``|``, and not ``2 * a``.

    Parameters
    ----------
    query : Query
        What to write.
    style : Style
        How terms and fused queries are written.
    above : int
        How tightly the operator around it binds.
    power : bool
        Whether a weight is written ``a ** 2``, as inside ``&`` and ``|``, and not ``2 * a``.
    """
    text, level = _written(query, style, power=power)
    return f"({text})" if level < above else text


def _written(query: Query, style: Style, *, power: bool) -> tuple[str, int]:  # noqa: PLR0911  # one per node
    match query:
        case Term():
            return style.term(query), ATOM
        case Fuse(parts):
            return style.fuse(query, [query_text(part, style) for part in parts]), ATOM
        case Chosen(name, values, queries):
            made = ["None" if one is None else query_text(one, style) for one in queries]
            return f"choose({name!r}, [{', '.join(map(literal, values))}], [{', '.join(made)}])", ATOM
        case Weighted(part, weight) if power:
            return f"{query_text(part, style, above=ATOM)} ** {number_text(weight)}", POWER
        case Weighted(part, weight):
            return f"{number_text(weight)} * {query_text(part, style, above=FACTOR)}", FACTOR
        case Not(part):
            return f"~{query_text(part, style, above=FACTOR + 1)}", FACTOR
        case Threshold(part, operator, value):
            # Python does without them, but `a & b >= 0.5` deceives the reader: a group gets parentheses.
            return (
                f"{query_text(part, style, above=FACTOR)} {operator} {number_text(value)}",
                style.comparison,
            )
        case Rerank():
            return style.rerank(query)
        case AllOf(parts):
            return " & ".join([query_text(part, style, above=ALL + 1, power=True) for part in parts]), ALL
        case AnyOf(parts):
            return " | ".join([query_text(part, style, above=ANY + 1, power=True) for part in parts]), ANY
        case SumOf(parts):
            return _sum(parts, style), SUM
        case _:
            raise NotImplementedError(type(query).__name__)


def _sum(parts: tuple[Query, ...], style: Style) -> str:
    texts = [query_text(parts[0], style, above=SUM + 1)]
    for part in parts[1:]:
        negated = isinstance(part.part if isinstance(part, Weighted) else part, Not)
        texts.append(
            f"- {query_text(~part, style, above=FACTOR)}"
            if negated
            else f"+ {query_text(part, style, above=SUM + 1)}"
        )
    return " ".join(texts)


def number_text(value: float) -> str:
    """A finite number as one would type it: ``2`` for 2.0."""
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _call(term: Term, limit: int | None) -> str:
    subject = [] if term.subject is None else [literal(term.subject, limit=limit)]
    options = [f"{name}={literal(value, limit=limit)}" for name, value in term.options]
    return f"{term.ranker}({', '.join(subject + options)})"


def _fuse_call(query: Fuse, parts: list[str], limit: int | None) -> str:
    options = [f"{name}={_option(given, limit)}" for name, given in query.options.items()]
    return f"fuse([{', '.join(parts)}], {', '.join(options)})"


def _option(given: Value, limit: int | None) -> str:
    return number_text(given) if isinstance(given, float) else literal(given, limit=limit)


def _rerank_call(query: Rerank, style: Style) -> tuple[str, int]:
    if query.k == BEST:
        return then_text(query, style, ">>")
    first = query_text(query.first, style, above=ATOM)
    return f"{first}.rerank({query_text(query.second, style)}, k={query.k})", ATOM


def then_text(query: Rerank, style: Style, sign: str) -> tuple[str, int]:
    """The text ``a >> b``, and how tightly it binds.

    Parameters
    ----------
    query : Rerank
        What to write.
    style : Style
        How terms and fused queries are written.
    sign : str
        The operator.
    """
    first, second = (
        query_text(part, style, above=least, power=True)
        for part, least in ((query.first, THEN), (query.second, THEN + 1))
    )
    return f"{first} {sign} {second}", THEN
