"""Choices: parameters of a query that are left open, for tuning to decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import overload

from ..errors import QueryError
from .checks import identifier, is_number
from .frozen import Value, freeze, literal
from .nodes import Query, limit_depth

__all__ = ["Choice", "Chosen", "choose", "spread"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Choice:
    """A value that is one of several: a weight, an option of a term or of `fuse`, what a score is compared with.

    Parameters
    ----------
    name : str
        What it is called, an ASCII Python identifier.
    values : tuple of Value
        At least one, each once.

    Raises
    ------
    QueryError
        It has no values, or the same twice.
    """

    name: str
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        identifier("choice", self.name)
        values = tuple(freeze(value, where=f"choice {self.name!r}") for value in self.values)
        if not values or len(dict.fromkeys(map(repr, values))) < len(values):
            raise QueryError(
                f"choice {self.name!r} is between different values, one at least; got {values!r}"
            )
        object.__setattr__(self, "values", values)

    def __mul__(self, query: Query) -> Chosen:
        if not isinstance(query, Query):
            return NotImplemented
        return self.of(lambda weight: None if weight == 0 else query * _number(self.name, weight))

    __rmul__ = __mul__
    __rpow__ = __mul__

    def __le__(self, query: Query) -> Chosen:  # what Python asks for `query >= choice`
        return self.of(lambda value: query >= _number(self.name, value))

    def __lt__(self, query: Query) -> Chosen:
        return self.of(lambda value: query > _number(self.name, value))

    def __ge__(self, query: Query) -> Chosen:
        return self.of(lambda value: query <= _number(self.name, value))

    def __gt__(self, query: Query) -> Chosen:
        return self.of(lambda value: query < _number(self.name, value))

    def of(self, make: Callable[[Value], Query | None]) -> Chosen:
        """The choice between the queries that its values make."""
        return Chosen(self.name, self.values, tuple(map(make, self.values)))

    def __repr__(self) -> str:
        return f"choose({self.name!r}, [{', '.join(map(literal, self.values))}])"


@dataclass(frozen=True, slots=True, repr=False)
class Chosen(Query):
    """One of several queries, by the value of a choice; it is ranked once the choice is made.

    Parameters
    ----------
    name : str
        Of the choice.
    values : tuple of Value
        What it is between.
    queries : tuple of (Query or None)
        What each value makes; None leaves the part out, as a weight of 0 does.
    """

    name: str
    values: tuple[Value, ...]
    queries: tuple[Query | None, ...]
    _depth: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", Choice(self.name, self.values).values)
        object.__setattr__(self, "queries", tuple(self.queries))
        if len(self.values) != len(self.queries) or not self.children:
            raise QueryError(f"choice {self.name!r} makes a query of each of its values, one at least")
        limit_depth(self)

    @property
    def children(self) -> tuple[Query, ...]:
        """The queries that it makes."""
        return tuple(query for query in self.queries if query is not None)

    def __invert__(self) -> Chosen:
        return Chosen(
            self.name, self.values, tuple(None if query is None else ~query for query in self.queries)
        )


@overload
def choose(name: str, values: Iterable[object]) -> Choice: ...
@overload
def choose(name: str, values: Iterable[object], queries: Iterable[Query | None]) -> Chosen: ...
def choose(
    name: str, values: Iterable[object], queries: Iterable[Query | None] | None = None
) -> Choice | Chosen:
    """A parameter left open: one of some values, or with queries given one of those.

    Parameters
    ----------
    name : str
        What it is called.
    values : iterable
        What JSON can hold; as a weight, 0 leaves the part out.
    queries : iterable of (Query or None), optional
        What each value stands for.

    Raises
    ------
    QueryError
        There are no values, or the same twice.

    Examples
    --------
    >>> from toolkit.query import Term
    >>> query = Term("image", "q.jpg") + choose("w", [0, 0.5, 1]) * Term("concept", "dog")
    >>> query.choices, query.with_choices(w=0), query.with_choices(w=0.5)
    ({'w': (0, 0.5, 1)}, image('q.jpg'), image('q.jpg') + 0.5 * concept('dog'))
    """
    given = tuple(freeze(value, where=f"choice {name!r}") for value in values)
    return Choice(name, given) if queries is None else Chosen(name, given, tuple(queries))


def spread(make: Callable[[Mapping[str, object]], Query], options: Mapping[str, object]) -> Query:
    """What a function makes of some options; where one of them is a choice, the choice between what it makes.

    Parameters
    ----------
    make : callable
        From options to a query.
    options : mapping
        Some of them choices.
    """
    for name, given in options.items():
        if isinstance(given, Choice):
            return given.of(lambda value, name=name: spread(make, {**options, name: value}))  # type: ignore[misc]
    return make(options)


def _number(name: str, value: Value) -> float:
    if not is_number(value) or not isinstance(value, int | float):
        raise QueryError(f"choice {name!r} stands for a number; {literal(value)} is none")
    return value
