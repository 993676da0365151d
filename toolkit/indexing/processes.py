"""Worker processes: started aside, replaced when one dies, all together with the pixels that one may decode."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias, TypeVar

from ..images.budget import DECODING
from ..plugins.cores import environment
from .computing import Computed
from .job import Job
from .report import Failure

__all__ = ["Apart", "Processes", "can_travel"]

Result = TypeVar("Result")
Outcomes: TypeAlias = "list[Computed | Failure]"
Compute: TypeAlias = "Callable[[Sequence[Job]], list[Computed | Failure]]"

IDLE = 300  # seconds without work after which a process ends
LOST = "it ended the process that read it: out of memory, or a decoder that crashed"


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


class Apart:
    """A process of its own for batches that were lost with theirs: the picture that ends this one too is a failure."""

    def __init__(self) -> None:
        self._executor: _Executor | None = None

    def outcomes(self, compute: Compute, batch: Sequence[Job]) -> Outcomes:
        """What comes of a batch, a picture at a time, one outcome per job.

        Parameters
        ----------
        compute : callable
            From jobs to one outcome each; it pickles.
        batch : sequence of Job
            Its jobs.
        """
        return [outcome for job in batch for outcome in self._computed(compute, job)]

    def _computed(self, compute: Compute, job: Job) -> Outcomes:
        self._executor = self._executor or _executor(1)
        try:
            return self._executor.submit(compute, [job]).result()
        except BrokenExecutor:
            self.close()
            return [Failure(job.uri, LOST)]

    def close(self) -> None:
        """End the process, whatever it is at."""
        if self._executor is not None:
            self._executor.shutdown(kill_workers=True)
            self._executor = None


class Processes:
    """Some processes that compute batches of jobs. They start when they are made, which returns at once.

    A process that dies, for want of memory or in a decoder, takes down what was under way in all of them. Those
    batches are computed again, a picture at a time in a process apart: the one that ends it is a failure.

    Parameters
    ----------
    count : int
        How many.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._executor = _executor(count)
        self._first = self._executor.submit(int)
        self._apart = Apart()

    @property
    def are_ready(self) -> bool:
        """Whether a process has started and works."""
        return self._first.done()

    def submit(self, compute: Compute, batch: Sequence[Job]) -> Future[Outcomes]:
        """What will come of a batch; give it to `outcomes`.

        Parameters
        ----------
        compute : callable
            From jobs to one outcome each; it pickles.
        batch : sequence of Job
            Its jobs.
        """
        try:
            return self._executor.submit(compute, batch)
        except BrokenExecutor:
            self._executor.shutdown(kill_workers=True)
            self._executor = _executor(self._count)
            return self._executor.submit(compute, batch)

    def outcomes(self, future: Future[Outcomes], compute: Compute, batch: Sequence[Job]) -> Outcomes:
        """What came of a batch, one outcome per job; waits for it.

        Parameters
        ----------
        future : Future
            What `submit` returned.
        compute : callable
            What it was given.
        batch : sequence of Job
            What it was given.
        """
        try:
            return future.result()
        except BrokenExecutor:
            return self._apart.outcomes(compute, batch)

    def close(self) -> None:
        """End the processes, whatever they are at."""
        self._executor.shutdown(kill_workers=True)
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
