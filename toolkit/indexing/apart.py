"""A process of its own for pictures that were lost with their worker: the one that ends it is a failure.

It is a plain child with two pipes, for a worker of a cluster may start none through `multiprocessing`: Dask's are
daemonic.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import IO, TypeAlias

from ..errors import ClusterError, ToolkitError
from ..plugins.cores import environment
from .computing import Computed, Worker
from .job import Job
from .report import Failure

__all__ = ["LOST", "Answer", "Apart", "Outcomes", "answer", "packed", "serve"]

LOST = "it ended the process that read it: out of memory, or a decoder that crashed"
_PROGRAM = "from toolkit.indexing.apart import serve; serve()"

Outcomes: TypeAlias = "list[Computed | Failure]"
Answer: TypeAlias = "Outcomes | ToolkitError"


def packed(worker: Worker) -> bytes:
    """A worker as bytes, for another process; what a notebook's cell defines travels too."""
    import cloudpickle

    packed: bytes = cloudpickle.dumps(worker)
    return packed


def answer(worker: Worker, jobs: Sequence[Job]) -> Answer:
    """What comes of jobs, one outcome each; or the error that ends the run, as a value.

    An error that is raised where a worker runs is then the cluster's, and never that of a model.

    Parameters
    ----------
    worker : Worker
        What computes them.
    jobs : sequence of Job
        What to compute.
    """
    try:
        return worker.compute(jobs)
    except ToolkitError as error:
        return error


class Apart:
    """Computes pictures one at a time in a process of its own, which is replaced when one of them ends it.

    Parameters
    ----------
    worker : bytes
        What `packed` returned.
    """

    def __init__(self, worker: bytes) -> None:
        self._worker = worker
        self._process: subprocess.Popen[bytes] | None = None

    def outcomes(self, jobs: Sequence[Job]) -> Outcomes:
        """What comes of jobs, one outcome each.

        Raises
        ------
        ClusterError
            No process can be started.
        ToolkitError
            A model broke its contract.
        """
        return [outcome for job in jobs for outcome in self._outcome(job)]

    def _outcome(self, job: Job) -> Outcomes:
        if self._process is None:
            self._process = self._started()
        try:
            _send(_pipe(self._process.stdin), [job])
            answer = _received(_pipe(self._process.stdout))
        except (OSError, EOFError, pickle.UnpicklingError):
            self.close()
            return [Failure(job.uri, LOST)]
        if isinstance(answer, ToolkitError):
            raise answer
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        # It finds what this process does, wherever that was started.
        around = {**os.environ, **environment(), "PYTHONPATH": os.pathsep.join(sys.path)}
        process = subprocess.Popen(  # noqa: S603  (this Python, and a line of our own)
            [sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=around
        )
        try:
            _pipe(process.stdin).write(self._worker)
            _pipe(process.stdin).flush()
            first = _received(_pipe(process.stdout))
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            _end(process)
            raise ClusterError("a process to compute pictures apart does not start on a worker") from error
        if isinstance(first, ToolkitError):
            _end(process)
            raise first
        return process

    def close(self) -> None:
        """End the process, whatever it is at."""
        if self._process is not None:
            _end(self._process)
            self._process = None


def serve() -> None:
    """Compute what comes in through the standard input until it ends; run in the process apart."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it is interrupted, and ends it
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a model that prints must not write into the answers
    questions = sys.stdin.buffer
    try:
        worker: Worker = pickle.load(questions)  # noqa: S301  (from the process that started this one)
    except Exception as error:  # whatever a model does where it is unpacked
        _send(
            answers, ClusterError(f"models cannot be unpacked on a worker: {type(error).__name__}: {error}")
        )
        return
    _send(answers, [])
    while True:
        try:
            jobs: Sequence[Job] = pickle.load(questions)  # noqa: S301
        except EOFError:
            return
        _send(answers, answer(worker, jobs))


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        try:
            _pipe(pipe).close()
        except OSError:  # what was not written yet has nowhere to go
            continue


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("no pipe")
    return pipe


def _send(pipe: IO[bytes], thing: object) -> None:
    import cloudpickle  # records may hold what a cell defines

    dump: Callable[[object, IO[bytes]], None] = cloudpickle.dump
    dump(thing, pipe)
    pipe.flush()


def _received(pipe: IO[bytes]) -> Answer:
    received: Answer = pickle.load(pipe)  # noqa: S301  (from a process that this one started)
    return received
