"""Who computes batches of jobs on this machine: threads, processes, or threads until processes are worth starting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from ..plugins.cores import process_count, thread_count, worker_count
from .apart import Answer, Outcomes
from .computing import Worker
from .job import Job
from .processes import Processes, can_travel

__all__ = ["AHEAD", "Crew", "GrowingCrew", "ProcessCrew", "ThreadCrew", "UnderWay"]

# Pictures from which processes are worth their start, a second or two of every core.
MANY = 1000
AHEAD = 2  # batches that wait for a worker while it is busy with another


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A batch that is being computed.

    Parameters
    ----------
    batch : sequence of Job
        Its jobs.
    future : Future
        Done when its outcomes can be had without waiting.
    outcomes : callable
        One outcome per job; waits for them.
    """

    batch: Sequence[Job]
    future: Future[Outcomes] | Future[Answer]
    outcomes: Callable[[], Outcomes]


class Crew(Protocol):
    """Who computes batches."""

    @property
    def capacity(self) -> int:
        """How many batches to have under way."""

    def start(self, batch: Sequence[Job]) -> UnderWay:
        """Have a batch computed."""

    def close(self) -> None:
        """Stop; what is under way is left undone."""


class ThreadCrew:
    """Threads of this process.

    Parameters
    ----------
    worker : Worker
        What computes a batch.
    count : int
        How many threads.
    """

    def __init__(self, worker: Worker, count: int) -> None:
        self._worker = worker
        self._threads = ThreadPoolExecutor(count)
        self.capacity = AHEAD * count

    def start(self, batch: Sequence[Job]) -> UnderWay:
        """Have a batch computed."""
        future: Future[Outcomes] = self._threads.submit(self._worker.compute, batch)
        return UnderWay(batch, future, future.result)

    def close(self) -> None:
        """Stop; what is under way is left undone."""
        self._threads.shutdown(cancel_futures=True)


class ProcessCrew:
    """Processes of this machine.

    Parameters
    ----------
    worker : Worker
        What computes a batch; it pickles.
    count : int
        How many processes.
    """

    def __init__(self, worker: Worker, count: int) -> None:
        self._processes = Processes(worker, count)
        self.capacity = AHEAD * count

    @property
    def is_ready(self) -> bool:
        """Whether a process has started and works."""
        return self._processes.are_ready

    def start(self, batch: Sequence[Job]) -> UnderWay:
        """Have a batch computed."""
        sent = self._processes.submit(batch)
        return UnderWay(batch, sent, lambda: self._processes.outcomes(sent, batch))

    def close(self) -> None:
        """Stop; what is under way is left undone."""
        self._processes.close()


class GrowingCrew:
    """Threads, and processes once they are worth it, if all models may run in them.

    Parameters
    ----------
    worker : Worker
        What computes a batch.
    total : int or None
        How many jobs there are at most, if that is known.
    """

    def __init__(self, worker: Worker, total: int | None) -> None:
        self._worker = worker
        self._total = total
        self._seen = 0
        self._threads = ThreadCrew(worker, thread_count(worker.settings.workers))
        self._processes: ProcessCrew | None = None
        workers = worker_count(worker.settings.workers)
        self._may_start = workers > 1 and worker.components.run_in_processes and worker.registry.is_installed
        self.capacity = AHEAD * workers

    def start(self, batch: Sequence[Job]) -> UnderWay:
        """Have a batch computed by whoever is best at it now."""
        if self._processes is None and self._may_start and self._are_many():
            self._may_start = can_travel(self._worker)
            if self._may_start:
                self._processes = ProcessCrew(self._worker, process_count(self._worker.settings.workers))
        self._seen += len(batch)
        if self._processes is not None and self._processes.is_ready:
            return self._processes.start(batch)
        return self._threads.start(batch)

    def _are_many(self) -> bool:
        """Whether enough is left to do: if nobody knows, as much again as has come already."""
        left = self._seen if self._total is None else self._total - self._seen
        return left >= MANY

    def close(self) -> None:
        """Stop; what is under way is left undone."""
        if self._processes is not None:
            self._processes.close()
        self._threads.close()
