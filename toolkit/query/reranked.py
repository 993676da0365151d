"""The best of one query, ranked again by another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, cast

from ..errors import QueryError
from .choices import Choice, Chosen, spread
from .nodes import Query, limit_depth

__all__ = ["BEST", "Rerank", "rerank"]

BEST: Final = 100  # how many of the first are ranked again, unless another number is given


@dataclass(frozen=True, slots=True, repr=False)
class Rerank(Query):
    """``first >> second``: the best k hits of the first, scored by the second; the others are no hits.

    Made by ``first >> second`` and ``first.rerank(second, k=50)``.

    Parameters
    ----------
    first : Query
        What finds the k.
    second : Query
        What scores them, as if there were only those k; itself without a ``>>``.
    k : int
        How many, at least 1.

    Raises
    ------
    QueryError
        `k` is no such number, or something ranks again inside of what ranks again.
    """

    first: Query
    second: Query
    k: int = BEST
    _depth: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if isinstance(self.k, bool) or not isinstance(self.k, int) or self.k < 1:
            raise QueryError(f"k={self.k!r}: how many are ranked again, a whole number from 1")
        limit_depth(self)
        if any(isinstance(node, Rerank) for node in self.second.walk()):
            raise QueryError("what ranks again has no >> inside; write one after the other: a >> b >> c")

    @property
    def children(self) -> tuple[Query, ...]:
        """What finds, and what ranks again."""
        return self.first, self.second


def rerank(first: Query, second: Query, *, k: int | Choice | None = None) -> Rerank | Chosen:
    """The best of one query ranked again by another; where `k` is a choice, the choice between those.

    ``a >> (b >> c)`` is ``a >> b >> c``.

    Parameters
    ----------
    first, second : Query
        What finds, and what ranks again.
    k : int, optional
        How many; `BEST` if None.
    """
    if isinstance(second, Rerank):
        return rerank(first, second.first, k=k).rerank(second.second, k=second.k)
    options = {"k": BEST if k is None else k}
    made = spread(lambda chosen: Rerank(first, second, **chosen), options)  # type: ignore[arg-type]
    return cast("Rerank | Chosen", made)
