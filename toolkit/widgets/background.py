"""Background work of a widget: newer work replaces older work, whose result is dropped."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Lock

__all__ = ["Background"]


class Background:
    """One worker for what replaces itself, such as a search, and one for what stands aside.

    Threads start with the first work, so a widget that is only shown has none.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._latest = 0
        self._pools: dict[str, ThreadPoolExecutor] = {}

    def run(
        self, work: Callable[[], object], done: Callable[[object], None], turn: AbstractContextManager[object]
    ) -> None:
        """Do the work, then `done` with its result or its error, unless something else was run since.

        Parameters
        ----------
        work : callable
            Called without arguments, on another thread.
        done : callable
            Called on that thread with what the work returned, or with the exception it raised.
        turn : context manager
            Entered for `done`, and only then is it decided whether the result is still wanted.
        """
        with self._lock:
            self._latest += 1
            number = self._latest

        def worked() -> None:
            if number != self._latest:  # its result is not needed any more
                return
            try:
                result = work()
            except Exception as error:
                result = error
            with turn:
                if number == self._latest:
                    done(result)

        self._pool("run").submit(worked)

    def run_apart(self, work: Callable[[], None]) -> None:
        """Do work that neither replaces nor is replaced by other work."""
        self._pool("aside").submit(work)

    def cancel(self) -> None:
        """Drop the result of whatever runs."""
        with self._lock:
            self._latest += 1

    def close(self) -> None:
        """Take no more work; what runs is dropped when it ends."""
        self.cancel()
        with self._lock:
            for pool in self._pools.values():
                pool.shutdown(wait=False, cancel_futures=True)

    def _pool(self, name: str) -> ThreadPoolExecutor:
        with self._lock:
            if name not in self._pools:
                self._pools[name] = ThreadPoolExecutor(1, thread_name_prefix=f"toolkit-{name}")
            return self._pools[name]
