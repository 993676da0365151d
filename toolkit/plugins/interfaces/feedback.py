"""What ranks again after a person marked some of what was shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ...values.types import FloatArray, IntArray

__all__ = ["Feedback", "Marks"]


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What a person asked for, and what was marked so far.

    Parameters
    ----------
    vectors : float32 (m, d)
        Of every picture, unit length.
    query : float32 (d,)
        Of what was asked for, unit length.
    relevant, irrelevant : int (k,), int (l,)
        Positions of the pictures that were marked, in the order in which they were shown.
    """

    vectors: FloatArray
    query: FloatArray
    relevant: IntArray
    irrelevant: IntArray


@runtime_checkable
class Feedback(Protocol):
    """A way to rank again by what a person marked.

    Attributes
    ----------
    name : str
        As in ``photos.simulate(["rocchio"], ...)``.
    help : str
        One sentence.
    """

    name: str
    help: str

    def rank_again(self, marks: Marks) -> FloatArray:
        """Values float (m,), higher is better; there may be no marks of one kind.

        Parameters
        ----------
        marks : Marks
            The pictures, the query, and what was marked.
        """
        ...
