"""One similarity index that many threads ask, and that changes only while none of them does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, Lock
from typing import Protocol, cast

import numpy as np

from ..plugins.interfaces import SimilarityIndex
from ..snapshot import Space
from ..values.types import FloatArray
from .exact import ExactProduct

__all__ = ["SharedIndex"]

BLOCK = 65_536  # vectors compared at a time: comparing a million at once takes half a gigabyte


class _Incremental(Protocol):
    def partial_fit(self, X: FloatArray) -> object: ...  # noqa: N803  # scikit-learn's name


@dataclass(slots=True, eq=False)
class _Fitted:
    index: SimilarityIndex
    space: Space
    readers: int = 0


class SharedIndex:
    """The index of one space, as the space grows.

    Searches ask it at the same time. An index that takes more vectors is given them once no search is asking it;
    one that does not is replaced, and searches that are asking the earlier one finish there.

    Parameters
    ----------
    make : callable
        Makes an index without vectors.
    incremental : bool
        Whether such an index takes more vectors, by ``partial_fit``.
    costs_nothing : bool
        Whether it is fitted at once, so that no earlier one is looked at.
    """

    def __init__(
        self, make: Callable[[], SimilarityIndex], *, incremental: bool, costs_nothing: bool = False
    ) -> None:
        self._make = make
        self._incremental = incremental
        self._costs_nothing = costs_nothing
        self._fitted: _Fitted | None = None
        self._changed = Condition()  # of `_fitted` and of how many read it; held for a moment only
        self._preparing = Lock()  # held while an index is fitted or grows

    @contextmanager
    def over(self, space: Space) -> Iterator[SimilarityIndex]:
        """The index over exactly the vectors of a space; it stays as it is until the block ends.

        A search of an earlier snapshot than the index has grown to gets the exact product instead: fitting an
        index for a moment that has passed would cost far more.
        """
        fitted = self._borrowed(space)
        try:
            yield fitted.index
        finally:
            with self._changed:
                fitted.readers -= 1
                self._changed.notify_all()

    def _borrowed(self, space: Space) -> _Fitted:
        with self._changed:
            fitted = self._fitted
            if fitted is not None and fitted.space.vectors is space.vectors:
                fitted.readers += 1
                return fitted
        with self._preparing:
            fitted = self._prepared(space)
            with self._changed:
                fitted.readers += 1
        return fitted

    def _prepared(self, space: Space) -> _Fitted:
        known = None if self._costs_nothing else self._fitted
        if known is not None and _begins(space, known.space):
            is_all = len(space.vectors) == len(known.space.vectors)
            return known if is_all else _Fitted(ExactProduct(space.vectors), space)
        if known is not None and self._incremental and _begins(known.space, space):
            return self._grown(known, space)
        index = self._make()
        index.fit(space.vectors)
        self._fitted = _Fitted(index, space)
        return self._fitted

    def _grown(self, known: _Fitted, space: Space) -> _Fitted:
        with self._changed:
            self._fitted = None  # so that no search starts on it, nor ever does if growing fails halfway
            self._changed.wait_for(lambda: not known.readers)
        cast("_Incremental", known.index).partial_fit(space.vectors[len(known.space.vectors) :])
        self._fitted = _Fitted(known.index, space)
        return self._fitted


def _begins(before: Space, after: Space) -> bool:
    """Whether all that is in the one is in the other, in its place; reading both costs less than fitting again."""
    m = len(before.vectors)
    return (
        before.key == after.key
        and m <= len(after.vectors)
        and all(
            np.array_equal(
                before.vectors[start : start + BLOCK], after.vectors[start : min(start + BLOCK, m)]
            )
            for start in range(0, m, BLOCK)
        )
    )
