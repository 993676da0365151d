"""Queries as values: what operators make of terms. Nothing here knows who ranks.

A query never changes, equals another of the same structure, and can be a key. Its operators are ``&``, ``|``,
``+``, ``-``, ``~``, ``>>``, a number times a query, ``**``, and comparisons with a number; what they do to scores
stands in `toolkit.fusion.evaluate`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from ..errors import QueryError
from ..values.types import Json
from .checks import check_choice, finite_number, is_number

if TYPE_CHECKING:
    from .choices import Choice, Chosen
    from .frozen import Value
    from .leaves import Leaf
    from .reranked import Rerank
    from .term import Term

__all__ = [
    "AllOf",
    "AnyOf",
    "Comparison",
    "Not",
    "Query",
    "SumOf",
    "Threshold",
    "Weighted",
    "limit_depth",
]

Comparison = Literal[">=", ">", "<=", "<"]

DEEPEST = 100  # well inside Python's own limit for everything that recurses over a query
SHOWN = 60


class Query:
    """A term, or terms joined by operators."""

    __slots__ = ()
    _depth: int
    __array_ufunc__: ClassVar[None] = None  # so that numpy.float64(2) * query asks the query

    def __and__(self, other: Query) -> AllOf:
        return AllOf((self, other)) if isinstance(other, Query) else NotImplemented

    def __or__(self, other: Query) -> AnyOf:
        return AnyOf((self, other)) if isinstance(other, Query) else NotImplemented

    def __add__(self, other: Query) -> SumOf:
        return SumOf((self, other)) if isinstance(other, Query) else NotImplemented

    def __radd__(self, other: int) -> Query:
        return self if isinstance(other, int) and other == 0 else NotImplemented  # where sum() starts

    def __sub__(self, other: Query) -> SumOf:
        return SumOf((self, ~other)) if isinstance(other, Query) else NotImplemented

    def __rshift__(self, other: Query) -> Rerank | Chosen:
        return self.rerank(other) if isinstance(other, Query) else NotImplemented

    def rerank(self, by: Query, *, k: int | Choice | None = None) -> Rerank | Chosen:
        """The best `k` of this query ranked again by another, which looks at those alone: ``a >> b``.

        Parameters
        ----------
        by : Query
            What scores them.
        k : int, optional
            How many, 100 if it is left out; the others are no hits.

        Raises
        ------
        QueryError
            `k` is no whole number from 1.

        Examples
        --------
        >>> from toolkit.query import Term
        >>> Term("image", "q.jpg").rerank(Term("concept", "dog"), k=50)
        image('q.jpg').rerank(concept('dog'), k=50)
        """
        from .reranked import rerank

        return rerank(self, by, k=k)

    def __invert__(self) -> Query:
        return Not(self)

    def __neg__(self) -> Query:
        return ~self

    def __mul__(self, weight: float) -> Weighted:
        return Weighted(self, weight) if is_number(weight) else NotImplemented

    __rmul__ = __mul__
    __pow__ = __mul__

    def __ge__(self, value: float) -> Threshold:
        return Threshold(self, ">=", value) if is_number(value) else NotImplemented

    def __gt__(self, value: float) -> Threshold:
        return Threshold(self, ">", value) if is_number(value) else NotImplemented

    def __le__(self, value: float) -> Threshold:
        return Threshold(self, "<=", value) if is_number(value) else NotImplemented

    def __lt__(self, value: float) -> Threshold:
        return Threshold(self, "<", value) if is_number(value) else NotImplemented

    def __bool__(self) -> bool:
        raise QueryError(
            "a query is neither true nor false: write & for `and`, | for `or`, ~ for `not`, "
            "(query >= 0.2) & (query <= 0.8) for a range, and `query is not None` after `if`"
        )

    def __repr__(self) -> str:
        return self.text(None)

    def __str__(self) -> str:
        return self.text()

    def _repr_pretty_(self, printer: _Printer, cycle: bool) -> None:
        printer.text(str(self))

    @property
    def children(self) -> tuple[Query, ...]:
        """The queries it is made of, in order; none for a term."""
        raise NotImplementedError

    def walk(self) -> Iterator[Query]:
        """The query itself and everything inside it, each before its parts."""
        rest: list[Query] = [self]
        while rest:
            node = rest.pop()
            yield node
            rest += reversed(node.children)

    def terms(self) -> tuple[Term, ...]:
        """Its terms in order, equal ones once."""
        from .term import Term

        found: dict[Term, None] = {}
        rest: list[Query] = [self]
        while rest:
            node = rest.pop()
            if isinstance(node, Term):
                found[node] = None
            else:
                rest += reversed(node.children)
        return tuple(found)

    def leaves(self) -> tuple[Leaf, ...]:
        """Every place a term stands, in order: the term, its weight in its group, whether it is negated."""
        from .leaves import leaves

        return tuple(leaves(self))

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of its slots (``topic.NAME``), in order, each once; none if it can be ranked as it is."""
        from .filling import slots

        return slots(self)

    def fill(self, values: Mapping[str, object] | None = None, /, **more: object) -> Query:
        """The query with a value in each of its slots.

        Parameters
        ----------
        values : mapping of str to object, optional
            By the name of the slot. What no slot asks for is left aside.
        **more : object
            The same by keyword.

        Raises
        ------
        QueryError
            A slot is left empty, or a value cannot be part of a query.

        Examples
        --------
        >>> from toolkit.query import Term, topic
        >>> Term("image", topic.photo).fill(photo="q.jpg")
        image('q.jpg')
        """
        from .filling import fill

        return fill(self, {**(values or {}), **more})

    @property
    def choices(self) -> dict[str, tuple[Value, ...]]:
        """The choices (`toolkit.query.choose`) that it leaves open, by name; none if it can be ranked as it is."""
        from .choosing import choices

        return choices(self)

    def with_choices(self, picks: Mapping[str, object] | None = None, /, **more: object) -> Query:
        """The query with its choices made.

        Parameters
        ----------
        picks : mapping of str to object, optional
            The value of each choice.
        **more : object
            The same by keyword.

        Raises
        ------
        QueryError
            A choice is not made, or not of one of its values.
        """
        from .choosing import resolved

        return resolved(self, {**(picks or {}), **more})

    def text(self, limit: int | None = SHOWN) -> str:
        """The query as Python code; values longer than `limit` characters are shortened, none if it is None.

        ``repr(query)`` is exact and rebuilds the query, however long a vector or a picture in it is;
        ``str(query)`` and what a notebook shows are for the eye.
        """
        from .writing import python_text

        return python_text(self, limit=limit)

    def to_dict(self) -> dict[str, Json]:
        """A JSON object that `toolkit.query.from_dict` reads back."""
        from .serial import to_dict

        return to_dict(self)

    def to_json(self) -> str:
        """JSON text that `toolkit.query.from_json` reads back."""
        # ASCII: a file name may hold what UTF-8 cannot.
        return json.dumps(self.to_dict(), allow_nan=False)


class _Printer:
    """What IPython hands to ``_repr_pretty_``, as far as it is used."""

    def text(self, text: str) -> None:
        """Print."""


@dataclass(frozen=True, slots=True, repr=False)
class Weighted(Query):
    """A query that counts more or less than its neighbors; ``2 * a``, ``a * 2`` and ``a ** 2`` are the same.

    Parameters
    ----------
    part : Query
        What is weighted. A weight of a weighted query multiplies.
    weight : float
        Above 0. A group with a weight, even 1, keeps to itself: ``(a & b) ** 1 & c`` is not ``a & b & c``.
    """

    part: Query
    weight: float
    _depth: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        weight = finite_number("a weight", self.weight)
        if isinstance(self.part, Weighted):
            weight *= self.part.weight
            object.__setattr__(self, "part", self.part.part)
        if not 0 < weight < math.inf:
            raise QueryError(
                f"a weight is above 0 and finite, not {weight!r}; to count against, write ~query"
            )
        object.__setattr__(self, "weight", weight)
        limit_depth(self)

    def __invert__(self) -> Weighted:
        return Weighted(~self.part, self.weight)

    @property
    def children(self) -> tuple[Query, ...]:
        """The one part."""
        return (self.part,)


@dataclass(frozen=True, slots=True, repr=False)
class Not(Query):
    """The contrary of a query: ``~a``. Written so that ``~~a`` is ``a`` and a weight stands outside."""

    part: Query
    _depth: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if isinstance(self.part, Not | Weighted):
            raise QueryError("Not of a contrary or of a weighted query has a simpler form: write ~query")
        limit_depth(self)

    def __invert__(self) -> Query:
        return self.part

    @property
    def children(self) -> tuple[Query, ...]:
        """The one part."""
        return (self.part,)


@dataclass(frozen=True, slots=True, repr=False)
class Threshold(Query):
    """A filter: the rows whose score compares true with a number, as in ``a >= 0.8``."""

    part: Query
    operator: Comparison
    value: float
    _depth: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        check_choice("comparison", self.operator, get_args(Comparison))
        object.__setattr__(self, "value", finite_number("what a score is compared with", self.value))
        limit_depth(self)

    @property
    def children(self) -> tuple[Query, ...]:
        """The one part."""
        return (self.part,)


@dataclass(frozen=True, slots=True, repr=False)
class _Group(Query):
    """Two or more parts; a part that is a group of the same kind gives its own parts."""

    parts: tuple[Query, ...]
    _depth: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        kind = type(self)
        flat = [inner for part in self.parts for inner in (part.parts if isinstance(part, kind) else (part,))]
        if len(flat) < 2:
            raise QueryError(f"{kind.__name__} joins two or more queries, not {len(flat)}")
        object.__setattr__(self, "parts", tuple(flat))
        limit_depth(self)

    @property
    def children(self) -> tuple[Query, ...]:
        """The parts."""
        return self.parts


class AllOf(_Group):
    """``a & b``: a hit where every part is one."""

    __slots__ = ()


class AnyOf(_Group):
    """``a | b``: a hit where any part is one."""

    __slots__ = ()


class SumOf(_Group):
    """``a + b``: the mean, where a part that is missing counts 0."""

    __slots__ = ()


def limit_depth(query: Query) -> None:
    """Refuse what is no query, or too deep for whatever recurses; every node calls it once it is built.

    Raises
    ------
    QueryError
        A part is no query, or the query is too deep.
    """
    deepest = 0
    for part in query.children:
        if not isinstance(part, Query):
            raise QueryError(f"{type(query).__name__} is made of queries; {part!r} is none")
        deepest = max(deepest, part._depth)
    if deepest >= DEEPEST:
        raise QueryError(f"a query is at most {DEEPEST} levels deep")
    object.__setattr__(query, "_depth", deepest + 1)
