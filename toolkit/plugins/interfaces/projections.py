"""What lays out vectors on a plane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias, runtime_checkable

from ...values.types import FloatArray

__all__ = ["Progress", "Projection"]

Progress: TypeAlias = "Callable[[float], None]"


@runtime_checkable
class Projection(Protocol):
    """A way to lay out vectors on a plane, so that those that are alike lie together.

    Attributes
    ----------
    name : str
        As in ``photos.project("tsne")``.
    help : str
        One sentence.
    most : int
        How many vectors it lays out in a reasonable time; of more, others are placed beside their neighbors.
    """

    name: str
    help: str
    most: int

    def lay_out(self, vectors: FloatArray, *, seed: int, progress: Progress) -> FloatArray:
        """Places (m, 2) of unit vectors (m, d), finite; the same vectors and seed, the same places.

        Parameters
        ----------
        vectors : float32 (m, d)
            Three at least.
        seed : int
            Of whatever is drawn at random.
        progress : callable
            To be called with the share that is done, in [0, 1], now and then.
        """
        ...
