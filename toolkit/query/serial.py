"""Queries as JSON. Reading is strict: whatever is not understood is refused with the path to it.

===========================  =======================================================================
``a``                        ``{"term": "concept", "subject": "Hund", "options": {"language": "de"}}``
``a & b``, ``|``, ``+``      ``{"all": [a, b]}``, ``{"any": [a, b]}``, ``{"sum": [a, b]}``
``~a``                       ``{"not": a}``
``2 * a``                    ``{"weight": 2.0, "of": a}``
``a >= 0.8``                 ``{"at_least": 0.8, "of": a}``; ``above``, ``at_most`` and ``below`` for the others
``image(topic.photo)``       ``{"term": "image", "subject": {"topic": "photo"}}``
``choose("w", [0, 1]) * a``  ``{"choose": "w", "values": [0, 1], "of": [null, a]}``
``fuse([a, b])``             ``{"fuse": [a, b], "method": "sum", "norm": "sum", "missing": "zero"}``
``a >> b``                   ``{"rerank": a, "by": b, "k": 100}``
===========================  =======================================================================
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, cast

from ..errors import QueryError
from ..values.types import Json
from .choices import Chosen
from .frozen import freeze, thaw, thawed_back
from .fused import FUSE_WORDS, Fuse, fuse
from .nodes import DEEPEST, AllOf, AnyOf, Comparison, Not, Query, SumOf, Threshold, Weighted
from .reranked import BEST, Rerank, rerank
from .term import Term

__all__ = ["from_dict", "from_json", "to_dict"]

LONGEST: Final = 64 * 2**20  # characters; a picture by its bytes is a few million
MOST_PARTS: Final = 10_000

GROUPS: Final = {"all": AllOf, "any": AnyOf, "sum": SumOf}
COMPARISONS: Final[Mapping[str, Comparison]] = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}
BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "term": ("subject", "options"),
    **dict.fromkeys((*GROUPS, "not"), ()),
    **dict.fromkeys(("weight", *COMPARISONS), ("of",)),
    "fuse": ("method", "norm", "missing"),  # and the parameters of the method, whatever they are
    "rerank": ("by", "k"),
    "choose": ("values", "of"),
}


def to_dict(query: Query) -> dict[str, Json]:  # noqa: PLR0911  # one per node
    """A JSON object that `from_dict` reads back."""
    match query:
        case Term():
            return _term_to_dict(query)
        case Weighted(part, weight):
            return {"weight": weight, "of": to_dict(part)}
        case Not(part):
            return {"not": to_dict(part)}
        case Threshold(part, operator, value):
            return {_name_of(operator, COMPARISONS): value, "of": to_dict(part)}
        case Fuse():
            return _fuse_to_dict(query)
        case Rerank(first, second, k):
            return {"rerank": to_dict(first), "by": to_dict(second), "k": k}
        case Chosen(name, values, queries):
            made: list[Json] = [None if one is None else to_dict(one) for one in queries]
            return {"choose": name, "values": [thaw(value) for value in values], "of": made}
        case _:
            return {_name_of(type(query), GROUPS): [to_dict(part) for part in query.children]}


def _name_of(value: object, names: Mapping[str, object]) -> str:
    return next(name for name, named in names.items() if named == value)


def _term_to_dict(term: Term) -> dict[str, Json]:
    written: dict[str, Json] = {"term": term.ranker}
    if term.subject is not None:
        written["subject"] = thaw(term.subject)
    if term.options:
        written["options"] = {name: thaw(value) for name, value in term.options}
    return written


def _fuse_to_dict(query: Fuse) -> dict[str, Json]:
    written: dict[str, Json] = {"fuse": [to_dict(part) for part in query.parts], "method": query.method}
    if query.norm is not None:
        written["norm"] = query.norm
    written["missing"] = query.missing
    return written | {name: thaw(value) for name, value in query.parameters}


def from_json(text: str | bytes) -> Query:
    """The query that JSON text describes.

    Raises
    ------
    QueryError
        Not JSON, or not a query; the message has the path, such as ``all[1].not``.

    Examples
    --------
    >>> from_json('{"all": [{"term": "concept", "subject": "dog"}, {"not": {"term": "where"}}]}')
    concept('dog') & ~where()
    """
    if len(text) > LONGEST:
        raise QueryError(f"the query is longer than {LONGEST:,} characters")
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        raise QueryError("the query is nested too deeply") from None
    except QueryError:
        raise
    except ValueError as error:
        raise QueryError(f"the query is not JSON: {error}") from None
    return from_dict(value)


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise QueryError("the query has an object with one key twice")
    return members


def _no_constant(word: str) -> float:
    raise QueryError(f"the query has {word}; numbers are finite")


def from_dict(value: object) -> Query:
    """The query that a JSON object describes; a group of one is that one.

    Raises
    ------
    QueryError
        An unknown key, a wrong type, more than 100 levels or 10,000 parts; with the path to it.
    """
    return _Reader().query(value, "")


@dataclass(slots=True)
class _Reader:
    """Counts the parts read, so that a small bomb cannot become a large query."""

    parts: int = 0
    depth: int = 0

    def query(self, value: object, path: str) -> Query:
        kind, members = _kind(value, path)
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise _refusal(path, f"the query has more than {MOST_PARTS:,} parts")
        if self.depth > DEEPEST:
            raise _refusal(path, f"the query is more than {DEEPEST} levels deep")
        self.depth += 1
        read = self._built(kind, members, path)
        self.depth -= 1
        return read

    def _built(self, kind: str, members: Mapping[str, Json], path: str) -> Query:  # noqa: PLR0911  # one per node
        here = f"{path}.{kind}" if path else kind
        if kind == "term":
            return _term(members, path)
        if kind in GROUPS:
            parts = self._list(members[kind], here)
            with _at(path):
                return GROUPS[kind](parts) if len(parts) > 1 else parts[0]
        if kind == "fuse":
            return _fuse(self._list(members[kind], here), members, path)
        if kind == "choose":
            return self._chosen(members, path)
        if kind == "rerank":
            return self._reranked(members, path)
        if kind == "not":
            part = self.query(members[kind], here)
            with _at(path):
                return ~part
        part = self.query(members.get("of"), f"{path}.of" if path else "of")
        amount = cast(float, members[kind])
        with _at(path):
            return Weighted(part, amount) if kind == "weight" else Threshold(part, COMPARISONS[kind], amount)

    def _chosen(self, members: Mapping[str, Json], path: str) -> Query:
        of, values = members.get("of"), members.get("values")
        if not isinstance(of, list | tuple) or not isinstance(values, list | tuple):
            raise _refusal(path, "choose goes with values and of, two lists")
        queries = [
            None if one is None else self.query(one, f"{path}.of[{index}]" if path else f"of[{index}]")
            for index, one in enumerate(of)
        ]
        with _at(path):
            return Chosen(cast(str, members["choose"]), tuple(map(freeze, values)), tuple(queries))

    def _reranked(self, members: Mapping[str, Json], path: str) -> Query:
        first, second = (
            self.query(members.get(name), f"{path}.{name}" if path else name) for name in ("rerank", "by")
        )
        with _at(path):
            return rerank(first, second, k=cast(int, members.get("k", BEST)))

    def _list(self, value: Json, path: str) -> tuple[Query, ...]:
        if not isinstance(value, list | tuple) or not value:
            raise _refusal(path, f"expected a list of queries, got {_described(value)}")
        return tuple(self.query(part, f"{path}[{index}]") for index, part in enumerate(value))


def _kind(value: object, path: str) -> tuple[str, Mapping[str, Json]]:
    if not isinstance(value, Mapping):
        raise _refusal(path, f"expected an object with one of {', '.join(BESIDE)}; got {_described(value)}")
    if "fuse" in value:  # beside it stand the parameters of its method, whatever their names
        return "fuse", value
    kinds = [key for key in value if key in BESIDE]
    if len(kinds) != 1:
        raise _refusal(
            path, f"expected exactly one of {', '.join(BESIDE)}; got {', '.join(map(repr, value)) or '{}'}"
        )
    unknown = [key for key in value if key != kinds[0] and key not in BESIDE[kinds[0]]]
    if unknown:
        allowed = ", ".join(BESIDE[kinds[0]]) or "nothing"
        raise _refusal(path, f"{kinds[0]!r} goes with {allowed}, not with {', '.join(map(repr, unknown))}")
    return kinds[0], value


def _term(members: Mapping[str, Json], path: str) -> Term:
    options = members.get("options", {})
    if not isinstance(options, Mapping):
        raise _refusal(path, f"options is an object, got {_described(options)}")
    with _at(path):
        # The node checks each, here and below.
        given = tuple((name, thawed_back(value)) for name, value in options.items())
        return Term(members["term"], thawed_back(members.get("subject")), given)  # type: ignore[arg-type]


def _fuse(parts: tuple[Query, ...], members: Mapping[str, Json], path: str) -> Fuse:
    known = {name: members[name] for name in FUSE_WORDS if name in members}
    others = {name: value for name, value in members.items() if name not in {"fuse", *known}}
    with _at(path):
        parameters = {name: thawed_back(value) for name, value in others.items()}
        return cast(Fuse, fuse(parts, **known, **parameters))  # type: ignore[arg-type]


@contextmanager
def _at(path: str) -> Iterator[None]:
    try:
        yield
    except QueryError as error:
        raise _refusal(path, str(error)) from None


def _refusal(path: str, reason: str) -> QueryError:
    return QueryError(f"{path or 'the query'}: {reason}")


def _described(value: object) -> str:
    names = {"dict": "an object", "list": "an empty list" if value == [] else "a list", "NoneType": "nothing"}
    return names.get(type(value).__name__, f"{type(value).__name__} {str(value)[:40]!r}")
