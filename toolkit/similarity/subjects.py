"""The vectors of pictures that queries asked about, so that the same picture is embedded once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from ..values.types import FloatArray

__all__ = ["Subjects"]

MOST = 1024  # of 2,048 numbers each they take 8 MiB


class Subjects:
    """The vectors of the latest subjects, by space, content and box. Safe to use from many threads.

    Parameters
    ----------
    most : int
        How many are remembered; the one not asked for the longest goes first.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._vectors: OrderedDict[Hashable, FloatArray] = OrderedDict()
        self._lock = Lock()

    def vector(self, key: Hashable, embed: Callable[[], FloatArray]) -> FloatArray:
        """The vector float32 (d,) of a subject, read-only; made if it is not remembered.

        Parameters
        ----------
        key : hashable
            Its space, content and box.
        embed : callable
            Makes the vector.
        """
        with self._lock:
            if key in self._vectors:
                self._vectors.move_to_end(key)
                return self._vectors[key]
        made = embed()  # without the lock: a network takes its time, and other subjects need not wait
        made.flags.writeable = False
        with self._lock:
            self._vectors[key] = made
            while len(self._vectors) > self._most:
                self._vectors.popitem(last=False)
        return made
