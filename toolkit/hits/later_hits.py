"""Hits of which everything was read, and that become objects when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

import numpy as np

from ..values.types import FloatArray, Hit

__all__ = ["LaterHits"]


class LaterHits(Sequence[Hit]):
    """Hits that are made, all at once, when one is first looked at; their ids and scores are there before.

    What they are made of was read as of one moment, so they are the same whenever they are made.

    Parameters
    ----------
    ids : sequence of str
        The ids of the inputs, in rank order.
    scores : float (k,)
        Theirs.
    make : callable
        Makes the hits; asked once, or once by each of several threads.

    Examples
    --------
    >>> from toolkit.values.types import Input
    >>> rex = Input("ab12", "/photos/rex.jpg", "", 4, 3)
    >>> hits = LaterHits(["ab12"], np.array([0.9]), lambda: [Hit(1, 0.9, rex, None, "ab12", None, ())])
    >>> len(hits), hits.ids, hits[0].input.uri
    (1, ['ab12'], '/photos/rex.jpg')
    """

    def __init__(self, ids: Sequence[str], scores: FloatArray, make: Callable[[], Sequence[Hit]]) -> None:
        self.ids, self.scores = list(ids), scores.astype(np.float32)
        self._make: Callable[[], Sequence[Hit]] | None = make
        self._made: tuple[Hit, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        make = self._make
        if make is not None:
            self._made = tuple(make())
            self._make = None  # and with it what they were made of
        return self._made[index]
