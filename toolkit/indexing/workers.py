"""Jobs handed out to threads and processes, or to whatever joblib is set to use; outcomes come back in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from time import monotonic
from typing import TypeAlias

from ..plugins.cores import one_thread, process_count, thread_count, worker_count
from .computing import Computed, Worker
from .deferred_error import DeferredError
from .job import Job
from .jobs import chunks
from .processes import Apart, Processes, can_travel
from .recording import Done
from .report import Failure

__all__ = ["work"]

BATCH = 32
# Pictures from which processes are worth their start, a second or two of every core.
MANY = 1000
TRANSACTION = 256  # pictures: a larger one is hardly quicker
MOMENT = 0.5  # seconds of work that a killed run may lose
AHEAD = 2  # batches that wait for a worker while it is busy with another

Outcomes: TypeAlias = "list[Computed | Failure]"


def work(jobs: Iterator[Job], worker: Worker, *, total: int | None = None) -> Iterator[Sequence[Done]]:
    """Batches of jobs with what came of each, in their order; jobs are taken as workers have time for them.

    A few pictures are computed here, more of them in threads. From a thousand on processes are started as well, and
    take over when they are ready, if all models may run in them.
    ``joblib.parallel_config(backend=..., n_jobs=...)`` chooses something else.

    Parameters
    ----------
    jobs : iterator of Job
        What to compute.
    worker : Worker
        What computes it.
    total : int, optional
        How many jobs there are at most, if that is known.

    Raises
    ------
    ContractError
        A model broke its contract.
    """
    first = list(islice(jobs, BATCH + 1))
    if len(first) <= BATCH:  # threads take longer to start than a picture takes to index
        if first:
            yield list(zip(first, worker.compute(first), strict=True))
        return
    from joblib.parallel import get_active_backend

    batches = chunks(chain(first, jobs), BATCH)
    _, configured = get_active_backend()
    if configured is not None:
        yield from _gathered(_by_joblib(batches, worker, configured))
        return
    with one_thread(), _Crew(worker, total) as crew:
        yield from _gathered(_in_order(batches, crew))


def _gathered(batches: Iterable[Sequence[Done]]) -> Iterator[Sequence[Done]]:
    """Batches put together, for each is written in one transaction; what came before an error is not lost with it."""
    gathered: list[Done] = []
    since = monotonic()
    deferred = DeferredError(batches)
    for batch in deferred:
        gathered += batch
        if len(gathered) >= TRANSACTION or monotonic() - since >= MOMENT:
            yield gathered
            gathered, since = [], monotonic()
    if gathered:
        yield gathered
    deferred.raise_error()


@dataclass(frozen=True, slots=True)
class _UnderWay:
    batch: Sequence[Job]
    future: Future[Outcomes]
    outcomes: Callable[[], Outcomes]


def _in_order(batches: Iterable[list[Job]], crew: _Crew) -> Iterator[Sequence[Done]]:
    under_way: deque[_UnderWay] = deque()
    try:
        for batch in batches:
            under_way.append(crew.start(batch))
            while len(under_way) > crew.capacity or (under_way and under_way[0].future.done()):
                yield _done(under_way.popleft())
        while under_way:
            yield _done(under_way.popleft())
    finally:
        for one in under_way:
            one.future.cancel()


def _done(one: _UnderWay) -> Sequence[Done]:
    return list(zip(one.batch, one.outcomes(), strict=True))


class _Crew:
    """Threads, and processes once they are worth it."""

    def __init__(self, worker: Worker, total: int | None) -> None:
        self._worker = worker
        self._workers = worker_count(worker.settings.workers)
        self._total = total
        self._seen = 0
        self._threads = ThreadPoolExecutor(thread_count(worker.settings.workers))
        self._processes: Processes | None = None
        self._may_start = (
            self._workers > 1 and worker.components.run_in_processes and worker.registry.is_installed
        )
        self.capacity = AHEAD * self._workers

    def __enter__(self) -> _Crew:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._processes is not None:
            self._processes.close()
        self._threads.shutdown(cancel_futures=True)

    def start(self, batch: Sequence[Job]) -> _UnderWay:
        """Have a batch computed by whoever is best at it now."""
        if self._processes is None and self._may_start and self._are_many():
            self._may_start = can_travel(self._worker)
            if self._may_start:
                self._processes = Processes(process_count(self._worker.settings.workers))
        self._seen += len(batch)
        processes = self._processes
        if processes is None or not processes.are_ready:
            future = self._threads.submit(self._worker.compute, batch)
            return _UnderWay(batch, future, future.result)
        compute = self._worker.compute
        sent = processes.submit(compute, batch)
        return _UnderWay(batch, sent, lambda: processes.outcomes(sent, compute, batch))

    def _are_many(self) -> bool:
        """Whether enough is left to do: if nobody knows, as much again as has come already."""
        left = self._seen if self._total is None else self._total - self._seen
        return left >= MANY


def _by_joblib(batches: Iterable[list[Job]], worker: Worker, count: int) -> Iterator[Sequence[Done]]:
    """What comes of batches on the workers of joblib; those that were lost with a worker are computed apart."""
    from joblib import Parallel, delayed

    batches = iter(batches)
    sent: deque[list[Job]] = deque()  # stays here, so that workers need not send pictures back

    def tasks() -> Generator[object]:
        for batch in batches:
            sent.append(batch)
            yield delayed(worker.compute)(batch)

    with closing(Apart()) as apart:
        while True:
            given = tasks()
            try:
                for outcomes in Parallel(n_jobs=count, prefer="threads", return_as="generator")(given):
                    yield list(zip(sent.popleft(), outcomes, strict=True))
            except BrokenExecutor:  # joblib gives up on all that is under way
                given.close()
                while sent:
                    batch = sent.popleft()
                    yield list(zip(batch, apart.outcomes(worker.compute, batch), strict=True))
            else:
                return
