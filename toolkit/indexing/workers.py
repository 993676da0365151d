"""Jobs handed out to threads, processes or other machines, whichever joblib is set to use."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from .computing import Worker
from .job import Job
from .jobs import chunks
from .recording import Done

if TYPE_CHECKING:
    from joblib import Parallel

__all__ = ["work"]

BATCH = 32
# Threads beyond these wait for one another more than they decode: on 16 cores and a GPU, 432 pictures a second
# with 8 and 150 with 16. Who names a number of workers gets that number.
MOST_THREADS = 8


def work(jobs: Iterator[Job], worker: Worker) -> Iterator[Sequence[Done]]:
    """Batches of jobs with what came of each, in their order; jobs are taken as workers have time for them.

    ``joblib.parallel_config(backend=..., n_jobs=...)`` chooses who works; without it, as many threads as
    ``Settings.workers`` says: they have nothing to start and nothing to send. Processes take a seventh less time
    over thousands of pictures, on two idle cores.

    Parameters
    ----------
    jobs : iterator of Job
        What to compute.
    worker : Worker
        What computes it.

    Raises
    ------
    ContractError
        A model broke its contract.
    """
    first = list(islice(jobs, BATCH + 1))
    if len(first) <= BATCH:  # joblib takes longer to import than a picture takes to index
        if first:
            yield list(zip(first, worker.compute(first), strict=True))
        return
    from joblib import delayed

    sent: deque[list[Job]] = deque()  # kept here, so that workers need not send pictures back

    def tasks() -> Iterator[object]:
        for batch in chunks(chain(first, jobs), BATCH):
            sent.append(batch)
            yield delayed(worker.compute)(batch)

    for outcomes in _parallel(worker.settings.workers)(tasks()):
        yield list(zip(sent.popleft(), outcomes, strict=True))


def _parallel(workers: int) -> Parallel:
    from joblib import Parallel, cpu_count
    from joblib.parallel import get_active_backend

    _, configured = get_active_backend()
    usual = min(cpu_count(), MOST_THREADS) if workers == -1 else workers
    count = usual if configured is None else configured
    return Parallel(n_jobs=count, prefer="threads", return_as="generator")
