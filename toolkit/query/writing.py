"""Queries as text, with as few parentheses as the reader's precedence allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .choices import Chosen
from .frozen import literal
from .fused import Fuse
from .nodes import AllOf, AnyOf, Not, Query, SumOf, Term, Threshold, Weighted

__all__ = ["Style", "number_text", "python_text", "query_text"]

# How tightly Python binds, loosest first; comparisons stand at 0, below all of them.
ANY, ALL, SUM, FACTOR, POWER, ATOM = 1, 2, 3, 5, 6, 7


@dataclass(frozen=True, slots=True)
class Style:
    """How one notation differs from another.

    Parameters
    ----------
    term : callable
        The text of a term.
    fuse : callable
        The text of a fusion, given the texts of its parts.
    comparison : int
        How tightly a comparison binds.
    """

    term: Callable[[Term], str]
    fuse: Callable[[Fuse, list[str]], str]
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
    return query_text(query, Style(lambda term: _call(term, limit), _fuse_call, comparison=0))


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
        case AllOf(parts):
            return " & ".join(query_text(part, style, above=ALL + 1, power=True) for part in parts), ALL
        case AnyOf(parts):
            return " | ".join(query_text(part, style, above=ANY + 1, power=True) for part in parts), ANY
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


def _fuse_call(query: Fuse, parts: list[str]) -> str:
    options = [
        f"{name}={given!r}" if isinstance(given, str) else f"{name}={number_text(given)}"
        for name, given in query.options.items()
    ]
    return f"fuse([{', '.join(parts)}], {', '.join(options)})"
