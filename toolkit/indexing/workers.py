"""Jobs handed out to threads and processes, or to whatever joblib is set to use; outcomes come back in order."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain, islice
from time import monotonic

from ..errors import ClusterError
from ..plugins.cores import one_thread
from ..values.chunks import chunks
from .cluster_crew import ClusterCrew
from .clusters import CLUSTERS
from .computing import Worker
from .crews import Crew, GrowingCrew, ProcessCrew, ThreadCrew, UnderWay
from .deferred_error import DeferredError
from .job import Job
from .recording import Done

__all__ = ["work"]

BATCH = 32
TRANSACTION = 256  # pictures: a larger one is hardly quicker
MOMENT = 0.5  # seconds of work that a killed run may lose
# joblib's names for the workers of this machine.
_HERE: Mapping[str, Callable[[Worker, int], Crew]] = {
    "loky": ProcessCrew,
    "multiprocessing": ProcessCrew,
    "threading": ThreadCrew,
    "sequential": ThreadCrew,
}


def work(jobs: Iterator[Job], worker: Worker, *, total: int | None = None) -> Iterator[Sequence[Done]]:
    """Batches of jobs with what came of each, in their order; jobs are taken as workers have time for them.

    A few pictures are computed here, more of them in threads. From a thousand on processes are started as well, and
    take over when they are ready, if all models may run in them. ``joblib.parallel_config(backend=..., n_jobs=...)``
    chooses something else; a cluster, ``"dask"``, ``"ray"`` or ``"spark"``, gets all pictures, however few they are.

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
    ClusterError
        joblib is set to use what pictures cannot be sent to, or no worker of a cluster is left.
    """
    first = list(islice(jobs, BATCH + 1))
    if not first:
        return
    name, backend, count = _configured()
    # Threads take longer to start than a picture takes to index; a cluster is asked for because of what it has.
    if len(first) <= BATCH and name not in CLUSTERS:
        yield list(zip(first, worker.compute(first), strict=True))
        return
    crew = _crew(worker, name, backend, count) if name else GrowingCrew(worker, total)
    with one_thread(), closing(crew):
        yield from _gathered(_in_order(chunks(chain(first, jobs), BATCH), crew))


def _configured() -> tuple[str, object, int | None]:
    """What joblib is set to use: the name of a backend, empty if nothing was set; the backend; how many jobs."""
    parallel = sys.modules.get("joblib.parallel")  # who set anything has imported it
    if parallel is None:
        return "", None, None
    backend, count = parallel.get_active_backend()
    names = [name for name, factory in parallel.BACKENDS.items() if type(backend) is factory]
    name = names[0] if names else type(backend).__name__
    return (
        (name, backend, count) if count is not None or name != parallel.DEFAULT_BACKEND else ("", None, None)
    )


def _crew(worker: Worker, name: str, backend: object, count: int | None) -> Crew:
    if name in CLUSTERS:
        return ClusterCrew(worker, CLUSTERS[name](backend))
    if name not in _HERE:
        raise ClusterError(
            f"pictures are not sent to joblib's backend {name!r}, but to {', '.join(sorted({*CLUSTERS, *_HERE}))}"
        )
    wanted = backend.default_n_jobs if count is None else count  # type: ignore[attr-defined]
    return _HERE[name](worker, backend.effective_n_jobs(wanted))  # type: ignore[attr-defined]


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


def _in_order(batches: Iterable[list[Job]], crew: Crew) -> Iterator[Sequence[Done]]:
    under_way: deque[UnderWay] = deque()
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


def _done(one: UnderWay) -> Sequence[Done]:
    return list(zip(one.batch, one.outcomes(), strict=True))
