"""Filters that leave few inputs, found by the database: how a collection too large for a snapshot is filtered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ...values.types import IntArray

if TYPE_CHECKING:
    from .rankers import Arguments, Context

__all__ = ["BestRanker", "Narrowing", "NarrowingFilter"]


class Narrowing(Protocol):
    """What the store finds without looking at all of it."""

    def in_datasets(self, names: Sequence[str], *, most: int) -> IntArray | None:
        """The keys of the inputs of some datasets, int64 (k,) ascending; None if there are more than `most`.

        Parameters
        ----------
        names : sequence of str
            Of datasets.
        most : int
            How many are few.
        """
        ...

    def with_concepts(self, ids: Sequence[str], *, most: int) -> IntArray | None:
        """The keys of the inputs of which anything is said about some concepts; None if there are more than `most`.

        Parameters
        ----------
        ids : sequence of str
            Of concepts.
        most : int
            How many are few.
        """
        ...

    def best_of(self, ids: Sequence[str], k: int) -> tuple[IntArray, float]:
        """The rows of the k highest values that anybody gives to some concepts: keys int64 (m,), ascending.

        And what no value of another row goes beyond: 0 where there is none.

        Parameters
        ----------
        ids : sequence of str
            Of concepts.
        k : int
            How many values.
        """
        ...

    def of_ids(self, inputs: Sequence[str], regions: Sequence[str]) -> IntArray:
        """The keys of some inputs, and of those that some regions are on, int64 (k,) ascending.

        Parameters
        ----------
        inputs, regions : sequence of str
            Their ids.
        """
        ...


@runtime_checkable
class NarrowingFilter(Protocol):
    """A filter that can say which inputs it may hold on without a snapshot of them all."""

    def narrowed(self, term: Arguments, context: Context, *, most: int) -> IntArray | None:
        """Keys of inputs, int64 (k,): all on which it holds, and maybe others. None if they may be more than `most`.

        Parameters
        ----------
        term : Arguments
            The term, with a value for every parameter.
        context : Context
            What it may ask: meanings of words, `Context.narrowing`.
        most : int
            How many are few.
        """
        ...


@runtime_checkable
class BestRanker(Protocol):
    """A ranker that can find its best rows without a snapshot of them all."""

    def best(self, term: Arguments, context: Context, k: int) -> tuple[IntArray, float] | None:
        """The keys of the best rows of a term, and the most that any other can have; None where it cannot say.

        Parameters
        ----------
        term : Arguments
            The term, with a value for every parameter.
        context : Context
            What it may ask: meanings of words, `Context.narrowing`.
        k : int
            About how many.
        """
        ...
