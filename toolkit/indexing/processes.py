"""Worker processes: started aside, replaced when one dies, all together with the pixels that one may decode."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from ..images.budget import DECODING
from ..plugins.cores import environment
from .apart import Apart, Outcomes, packed
from .computing import Worker
from .job import Job

__all__ = ["Processes", "can_travel"]

Result = TypeVar("Result")

IDLE = 300  # seconds without work after which a process ends


class _Executor(Protocol):
    def submit(self, function: Callable[..., Result], /, *arguments: object) -> Future[Result]: ...

    def shutdown(self, *, kill_workers: bool) -> None: ...


def can_travel(thing: object) -> bool:
    """Whether something can be sent to another process; what a notebook's cell defines can, a lock cannot."""
    import cloudpickle

    try:
        cloudpickle.dumps(thing)
    except Exception:  # a model of anybody's may raise anything here
        return False
    return True


class Processes:
    """Some processes that compute batches of jobs. They start when they are made, which returns at once.

    A process that dies, for want of memory or in a decoder, takes down what was under way in all of them. Those
    batches are computed again, a picture at a time in a process apart: the one that ends it is a failure.

    Parameters
    ----------
    worker : Worker
        What computes a batch; it pickles.
    count : int
        How many.
    """

    def __init__(self, worker: Worker, count: int) -> None:
        self._worker = worker
        self._count = count
        self._executor = _executor(count)
        self._first = self._executor.submit(int)
        self._apart: Apart | None = None

    @property
    def are_ready(self) -> bool:
        """Whether a process has started and works."""
        return self._first.done()

    def submit(self, batch: Sequence[Job]) -> Future[Outcomes]:
        """What will come of a batch; give it to `outcomes`."""
        try:
            return self._executor.submit(self._worker.compute, batch)
        except BrokenExecutor:
            self._executor.shutdown(kill_workers=True)
            self._executor = _executor(self._count)
            return self._executor.submit(self._worker.compute, batch)

    def outcomes(self, future: Future[Outcomes], batch: Sequence[Job]) -> Outcomes:
        """What came of a batch, one outcome per job; waits for it.

        Parameters
        ----------
        future : Future
            What `submit` returned.
        batch : sequence of Job
            What it was given.
        """
        try:
            return future.result()
        except BrokenExecutor:
            self._apart = self._apart or Apart(packed(self._worker))
            return self._apart.outcomes(batch)

    def close(self) -> None:
        """End the processes, whatever they are at."""
        self._executor.shutdown(kill_workers=True)
        if self._apart is not None:
            self._apart.close()


def _executor(count: int) -> _Executor:
    # Its processes need no ``if __name__ == "__main__"`` in the user's script, as those of the standard library do.
    from loky import ProcessPoolExecutor
    from loky.backend import get_context

    context = get_context("loky")
    executor: _Executor = ProcessPoolExecutor(
        count,
        context=context,
        timeout=IDLE,
        initializer=_start,
        initargs=(context.Lock(), count),
        env=environment(),
    )
    return executor


def _start(turn: AbstractContextManager[object], count: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the collection's process is interrupted, and ends this one
    DECODING.become_share(count, turn)
