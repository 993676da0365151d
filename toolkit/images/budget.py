"""How many pixels are decoded at the same moment, over all processes: who would be too many waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Condition

__all__ = ["DECODING", "PixelBudget"]


class PixelBudget:
    """Pixels that may be in work at once. A picture larger than all of them has its turn alone.

    Parameters
    ----------
    most : int
        How many.

    Examples
    --------
    >>> budget = PixelBudget(100)
    >>> with budget.reserved(60), budget.reserved(40):
    ...     budget.reserved_pixels
    100
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._turn: AbstractContextManager[object] = nullcontext()
        self._changed = Condition()
        self.reserved_pixels = 0

    def become_share(self, processes: int, turn: AbstractContextManager[object]) -> None:
        """Divide the budget among processes; of the pictures larger than a share one is decoded at a time.

        Parameters
        ----------
        processes : int
            How many share it.
        turn : context manager
            A lock that all of them have.
        """
        self._most = max(self._most // processes, 1)
        self._turn = turn

    @contextmanager
    def reserved(self, pixels: int) -> Iterator[None]:
        """While the block runs, its pixels are counted; it begins when there is room for them."""
        with self._turn if pixels > self._most else nullcontext():
            with self._changed:
                self._changed.wait_for(
                    lambda: not self.reserved_pixels or self.reserved_pixels + pixels <= self._most
                )
                self.reserved_pixels += pixels
            try:
                yield
            finally:
                with self._changed:
                    self.reserved_pixels -= pixels
                    self._changed.notify_all()


# Pillow takes four bytes for a pixel, and eight while a transparent one is made smaller: about a gigabyte in all.
DECODING = PixelBudget(2**27)
