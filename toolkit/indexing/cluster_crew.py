"""Batches computed on a cluster: lost ones again; no picture fails for what the cluster did, no wait is endless."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from contextlib import closing
from functools import lru_cache
from pickle import loads
from time import monotonic

from ..errors import ClusterError, ToolkitError
from .apart import Answer, Apart, Outcomes, answer, packed
from .clusters import Cluster
from .computing import Worker
from .crews import AHEAD, UnderWay
from .job import Job

__all__ = ["ClusterCrew"]

ATTEMPTS = 4  # the first, and three apart: a worker that is lost then is lost by chance
LOOK = 2.0  # seconds between two looks at whether anybody is there
PATIENCE = 120.0  # seconds without a worker, in which a cluster may start some
STALLED = 900.0  # seconds in which no batch comes back; the one that is waited for is then sent again


class ClusterCrew:
    """The workers of a cluster.

    A batch that comes back as an error, whatever the error, is computed again on a worker, each picture in a process
    apart: a picture that ends that process is a failure, and the worker lives. No other error is ever a picture's.

    Parameters
    ----------
    worker : Worker
        What computes a batch; it pickles.
    cluster : Cluster
        Where.
    """

    def __init__(self, worker: Worker, cluster: Cluster) -> None:
        self._worker = packed(worker)
        self._cluster = cluster
        self.capacity = AHEAD * max(cluster.workers, 1)
        self._heard = monotonic()

    def start(self, batch: Sequence[Job]) -> UnderWay:
        """Have a batch computed."""
        sent = self._sent(computed_there, batch)
        return UnderWay(batch, sent, lambda: self._outcomes(sent, batch))

    def close(self) -> None:
        """Stop; what is under way is left undone."""
        self._cluster.close()

    def _sent(
        self, compute: Callable[[bytes, Sequence[Job]], Answer], batch: Sequence[Job]
    ) -> Future[Answer]:
        try:
            sent = self._cluster.submit(compute, self._worker, batch)
        except Exception as error:  # a client that is closed, a scheduler that is gone
            failed: Future[Answer] = Future()
            failed.set_exception(error)
            return failed
        sent.add_done_callback(self._hear)
        return sent

    def _hear(self, _: object) -> None:
        self._heard = monotonic()

    def _outcomes(self, sent: Future[Answer], batch: Sequence[Job]) -> Outcomes:
        lost: Exception | None = None
        for attempt in range(ATTEMPTS):
            try:
                return self._received(self._sent(computed_apart, batch) if attempt else sent)
            except ToolkitError:
                raise
            except Exception as error:  # whatever a cluster raises, it is not the picture's
                lost = error
        what = f"{type(lost).__name__}: {str(lost)[:500]}"
        raise ClusterError(
            f"the workers of the cluster do not compute: {what}; what was done before is stored"
        ) from lost

    def _received(self, sent: Future[Answer]) -> Outcomes:
        begun = seen = monotonic()
        while not wait([sent], timeout=LOOK).done:
            now = monotonic()
            if self._cluster.workers:
                seen = now
            elif now - seen > PATIENCE:
                raise ClusterError(
                    f"no worker with what is asked of it has run in the cluster for {PATIENCE:.0f} s; "
                    "what was done before is stored: start workers, then add again"
                )
            if now - max(begun, self._heard) > STALLED:
                sent.cancel()
                raise TimeoutError(f"no batch came back for {STALLED:.0f} s")
        received = sent.result()
        if isinstance(received, ToolkitError):
            raise received
        return received


def computed_there(worker: bytes, jobs: Sequence[Job]) -> Answer:
    """What comes of jobs where this runs.

    Parameters
    ----------
    worker : bytes
        What `packed` returned.
    jobs : sequence of Job
        What to compute.
    """
    return answer(_unpacked(worker), jobs)


def computed_apart(worker: bytes, jobs: Sequence[Job]) -> Answer:
    """The same, each in a process apart.

    Parameters
    ----------
    worker : bytes
        What `packed` returned.
    jobs : sequence of Job
        What to compute.
    """
    try:
        with closing(Apart(worker)) as apart:
            return apart.outcomes(jobs)
    except ToolkitError as error:
        return error


@lru_cache(maxsize=2)  # a network is loaded once a worker, not once a batch
def _unpacked(worker: bytes) -> Worker:
    unpacked: Worker = loads(worker)  # noqa: S301  (from the process that sends the work)
    return unpacked
