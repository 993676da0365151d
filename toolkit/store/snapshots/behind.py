"""Work that is done while the next thing to work on is made."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["behind"]

WAITING = 4  # items: enough to even out a disk, few enough to hold

Item = TypeVar("Item")


def behind(work: Callable[[Item], None], items: Iterable[Item]) -> None:
    """Do work on items in their order, on a thread of its own, while the next ones are made on this one.

    What the work raises is raised here.

    Parameters
    ----------
    work : callable
        Such as writing: something that waits, or runs outside the interpreter.
    items : iterable
        Such as what a database gives.
    """
    if isinstance(items, tuple) and len(items) == 1:
        work(items[0])
        return
    under_way: deque[Future[None]] = deque()
    with ThreadPoolExecutor(1) as thread:
        for item in items:
            under_way.append(thread.submit(work, item))
            if len(under_way) > WAITING:
                under_way.popleft().result()
        for one in under_way:
            one.result()
