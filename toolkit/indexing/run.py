"""One run: jobs go to workers, outcomes to the store, and a report comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from threading import Lock

from ..progress import progress_bar
from .computing import Worker
from .deferred_error import DeferredError
from .job import Job, KnownInput
from .jobs import CHUNK
from .recording import Recorder
from .report import Failure, Report
from .workers import work

__all__ = ["run"]

KNOWN_CHUNK = 512  # stored inputs written in one transaction, where their records hold no pictures


def run(
    todo: Iterable[Job | KnownInput | Failure],
    worker: Worker,
    recorder: Recorder,
    *,
    verb: str,
    total: int | None,
    progress: bool,
    report: Callable[[float], None] | None = None,
) -> Report:
    """Run jobs, record their results, and return the report.

    Parameters
    ----------
    todo : iterable
        Jobs, and what needs no work: inputs that are there, files known to be bad.
    worker : Worker
        Does the jobs.
    recorder : Recorder
        Writes what came of them.
    verb : str
        The text of the progress bar.
    total : int or None
        How many there are, if that is known.
    progress : bool
        Whether to show a bar, if it takes longer than two seconds.
    report : callable, optional
        Called with the share that is done, in [0, 1], after each batch, where `total` is known.
    """
    reports: list[Report] = []
    lock, done = Lock(), 0
    with progress_bar(verb, total, unit=" images", show=progress) as bar:

        def settle(settled: Report, count: int) -> None:
            nonlocal done
            reports.append(settled)
            with lock:  # joblib asks for the next jobs on threads of its own
                bar.update(count)
                done += count
            if report is not None and total:
                report(min(done / total, 1.0))

        jobs = DeferredError(_jobs(todo, recorder, settle))
        for batch in work(iter(jobs), worker, total=total):
            settle(recorder.record(batch), len(batch))
        jobs.raise_error()
    return Report.of(reports)


def _jobs(
    todo: Iterable[Job | KnownInput | Failure], recorder: Recorder, settle: Callable[[Report, int], None]
) -> Iterator[Job]:
    """The jobs; what needs no work is settled on the way."""
    known: list[KnownInput] = []
    is_small = True
    deferred = DeferredError(todo)
    for one in deferred:
        if isinstance(one, Job):
            yield one
        elif isinstance(one, Failure):
            settle(Report.of_failures([one]), 1)
        else:
            known.append(one)
            is_small = is_small and isinstance(one.record.origin, str)
            if len(known) >= (KNOWN_CHUNK if is_small else CHUNK):
                settle(recorder.record_known(known), len(known))
                known, is_small = [], True
    if known:
        settle(recorder.record_known(known), len(known))
    deferred.raise_error()
