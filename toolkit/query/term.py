"""The smallest query: one thing to rank by, and the name of who ranks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..errors import QueryError
from .checks import identifier
from .frozen import Value, freeze
from .nodes import Query

__all__ = ["Term"]


@dataclass(frozen=True, slots=True, repr=False)
class Term(Query):
    """One thing to rank by.

    Parameters
    ----------
    ranker : str
        Who scores it: the name of a registered ranker.
    subject : Value
        What is asked for: a concept, an image; None if the ranker needs no subject.
    options : tuple of (str, Value)
        The options, ordered by name. A mapping is accepted too.

    Raises
    ------
    QueryError
        A name that Python could not take as an argument, or a value that JSON has no form for.

    Examples
    --------
    >>> dog = Term("concept", "Hund", {"language": "de"})
    >>> dog & ~Term("concept", "cat")
    concept('Hund', language='de') & ~concept('cat')
    """

    ranker: str = field(hash=False)
    subject: Value = field(default=None, hash=False)
    options: tuple[tuple[str, Value], ...] = field(default=(), hash=False)
    _depth: int = field(default=1, init=False, compare=False)
    # All that is hashed, made once: a search looks a term up some eighty times, and vectors are long.
    _hash: int = field(init=False, compare=False, hash=True)

    def __post_init__(self) -> None:
        identifier("ranker", self.ranker)
        given = self.options.items() if isinstance(self.options, Mapping) else self.options
        frozen: dict[str, Value] = {}
        for name, value in given:
            option = identifier("option", name)
            frozen[option] = freeze(value, where=f"{self.ranker}'s option {name!r}")
        if len(frozen) != len(given):
            raise QueryError(f"{self.ranker}: an option is given twice")
        object.__setattr__(self, "subject", freeze(self.subject, where=f"{self.ranker}'s subject"))
        object.__setattr__(self, "options", tuple(sorted(frozen.items())))
        object.__setattr__(self, "_hash", hash((self.ranker, self.subject, self.options)))

    def __reduce__(self) -> tuple[type[Term], tuple[str, Value, tuple[tuple[str, Value], ...]]]:
        # Built anew where it is read: the hash of a text is another one in every process.
        return Term, (self.ranker, self.subject, self.options)

    @property
    def children(self) -> tuple[Query, ...]:
        """None."""
        return ()
