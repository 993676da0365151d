"""Threads that work on requests: the one that worked last is asked first."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

__all__ = ["Workers"]

Answer = TypeVar("Answer")
Job = Callable[[], None]


class Workers:
    """A few threads, made when they are needed.

    `concurrent.futures` asks the thread that has waited longest, so that one client after another is answered by all of
    them in turn, each with its own database connection and memory: a search took a tenth longer than on one thread.

    Parameters
    ----------
    most : int
        How many there may be.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._idle: list[SimpleQueue[Job | None]] = []
        self._waiting: deque[Job] = deque()
        self._closed = False

    def submit(self, work: Callable[[], Answer]) -> Future[Answer]:
        """A future of what some work gives.

        Raises
        ------
        RuntimeError
            No more work is taken.
        """
        future: Future[Answer] = Future()

        def job() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except BaseException as error:
                    future.set_exception(error)

        with self._lock:
            if self._closed:
                raise RuntimeError("no more work is taken")
            if self._idle:
                self._idle.pop().put(job)
            elif len(self._threads) < self._most:
                self._start(job)
            else:
                self._waiting.append(job)
        return future

    def close(self) -> None:
        """Finish what is being worked on, and drop the rest."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
            for box in self._idle:
                box.put(None)
            threads = list(self._threads)
        for thread in threads:
            thread.join()

    def _start(self, first: Job) -> None:
        thread = threading.Thread(
            target=self._run, args=(first,), name=f"toolkit-wire-{len(self._threads)}", daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def _run(self, job: Job | None) -> None:
        box: SimpleQueue[Job | None] = SimpleQueue()
        while job is not None:
            job()
            del job  # with all that it holds, before the thread waits
            with self._lock:
                if self._waiting:
                    job = self._waiting.popleft()
                    continue
                if self._closed:
                    return
                self._idle.append(box)
            job = box.get()
