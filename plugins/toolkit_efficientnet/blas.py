"""Matrix products held to one thread while networks run: the toolkit already runs a worker a core.

The threads of two workers' products would wait for each other, and badly so on a busy machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

__all__ = ["ONE_THREAD"]


class _OneThread:
    """Counts who asks for it: the limit is of the whole process, and the last one out lifts it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._users = 0

    @cached_property
    def _libraries(self) -> ThreadpoolController:
        from threadpoolctl import ThreadpoolController

        return ThreadpoolController()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Within it, products run on the thread that asks for them."""
        with self._lock:
            if not self._users:
                self._limit = self._libraries.limit(limits=1, user_api="blas")
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    self._limit.restore_original_limits()


ONE_THREAD = _OneThread()
