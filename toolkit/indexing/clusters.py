"""Clusters that batches are sent to: Dask, Ray and Spark, each through its own public calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from typing import Any, Protocol, TypeVar, cast
from uuid import uuid4

__all__ = ["CLUSTERS", "Cluster", "Dask", "Ray", "Spark"]

Result = TypeVar("Result")
ANSWER = 30.0  # seconds in which a scheduler answers; one that hangs must not be waited for
LOST = "the worker that ran it was lost"


class Cluster(Protocol):
    """Workers on other machines."""

    @property
    def workers(self) -> int:
        """How many calls run at once now; 0 if no worker can take any."""

    def submit(self, function: Callable[..., Result], /, *arguments: object) -> Future[Result]:
        """What will come of a call; an error if the worker that ran it is lost.

        Parameters
        ----------
        function : callable
            Found by its name where the workers run.
        *arguments : object
            What it is given; they pickle.
        """

    def close(self) -> None:
        """Give back what this one started; the cluster itself stays."""


class Dask:
    """The workers of a Dask client.

    Dask itself runs a call whose worker was lost on three workers more, and would lose those too. Here the second of
    them refuses: each call leaves a mark with the scheduler when it begins.

    Parameters
    ----------
    backend : object
        joblib's, of the name ``"dask"``: with its client, and what that is asked for every call, such as
        ``resources={"GPU": 1}``.
    """

    def __init__(self, backend: object) -> None:
        self._client = backend.client  # type: ignore[attr-defined]
        self._options: Mapping[str, object] = backend.submit_kwargs  # type: ignore[attr-defined]
        self._executor = self._client.get_executor(pure=False)

    @property
    def workers(self) -> int:
        """How many threads its workers have, of those that run and have the resources that are asked."""
        known = self._client.sync(self._client.scheduler.identity, callback_timeout=ANSWER)
        asked = cast("Mapping[str, float]", self._options.get("resources") or {})
        return sum(
            worker["nthreads"]
            for worker in known["workers"].values()
            if worker["status"] == "running"  # a paused one takes nothing: its memory is full
            and all(worker["resources"].get(name, 0) >= need for name, need in asked.items())
        )

    def submit(self, function: Callable[..., Result], /, *arguments: object) -> Future[Result]:
        """What will come of a call.

        Parameters
        ----------
        function : callable
            Found by its name where the workers run.
        *arguments : object
            What it is given; they pickle.
        """
        future: Future[Result] = self._executor.submit(
            _once, uuid4().hex, function, *arguments, **self._options
        )
        return future

    def close(self) -> None:
        """Cancel what is under way."""
        if self._client.status != "running":  # it has cancelled all of it itself
            return
        cancelling = Thread(target=self._executor.shutdown, kwargs={"wait": False}, daemon=True)
        cancelling.start()
        cancelling.join(ANSWER)


class Ray:
    """The workers of a Ray cluster: of the one that is connected, of ``RAY_ADDRESS``, or of this machine.

    Parameters
    ----------
    backend : object
        joblib's, of the name ``"ray"``, with ``ray_remote_args``, such as ``{"num_gpus": 1}``.
    """

    def __init__(self, backend: object) -> None:
        import ray

        if not ray.is_initialized():
            ray.init()
        asked = backend.ray_remote_args or {}  # type: ignore[attr-defined]
        self._ray = ray
        self._needs = {"CPU": asked.get("num_cpus", 1), "GPU": asked.get("num_gpus", 0)}
        self._call = ray.remote(_call).options(**{"max_retries": 0, **asked})

    @property
    def workers(self) -> int:
        """How many calls its processors and GPUs have room for."""
        there = self._ray.cluster_resources()
        return min(int(there.get(name, 0) / need) for name, need in self._needs.items() if need)

    def submit(self, function: Callable[..., Result], /, *arguments: object) -> Future[Result]:
        """What will come of a call.

        Parameters
        ----------
        function : callable
            Found by its name where the workers run.
        *arguments : object
            What it is given; they pickle.
        """
        reference = self._call.remote(function, *arguments)
        future: Future[Result] = reference.future()
        future.add_done_callback(lambda done: done.cancelled() and self._ray.cancel(reference, force=True))
        return future

    def close(self) -> None:
        """Nothing was started that stays."""


class Spark:
    """The executors of a Spark session, each call a job of one task; the second attempt at one gives nothing.

    Parameters
    ----------
    backend : object
        joblib's, of the name ``"spark"``; what a task needs stands in the session, such as
        ``spark.task.resource.gpu.amount``.
    """

    _GROUP = "rank-toolkit"

    def __init__(self, backend: object) -> None:
        from pyspark.sql import SparkSession

        self._context = SparkSession.builder.getOrCreate().sparkContext
        self._threads = ThreadPoolExecutor(max(2 * self.workers, 1))

    @property
    def workers(self) -> int:
        """How many tasks run at once."""
        tasks = cast("int", self._context.defaultParallelism)
        if self._context.master.startswith("local"):
            return tasks
        # Spark's own Python has no word for it; the driver is one of those that are counted.
        executors = self._context._jsc.sc().getExecutorMemoryStatus().size() - 1
        return tasks if executors else 0

    def submit(self, function: Callable[..., Result], /, *arguments: object) -> Future[Result]:
        """What will come of a call.

        Parameters
        ----------
        function : callable
            Found by its name where the workers run.
        *arguments : object
            What it is given; they pickle.
        """
        return self._threads.submit(self._run, function, arguments)

    def _run(self, function: Callable[..., Result], arguments: tuple[object, ...]) -> Result:
        self._context.setJobGroup(self._GROUP, "computing pictures")
        results = self._context.parallelize([0], 1).flatMap(lambda _: _first(function, arguments)).collect()
        if not results:
            raise RuntimeError(LOST)
        return cast("Result", results[0])

    def close(self) -> None:
        """Cancel what is under way."""
        self._context.cancelJobGroup(self._GROUP)
        self._threads.shutdown(cancel_futures=True)


def _once(name: str, function: Callable[..., Result], *arguments: object) -> Result:
    import distributed

    event: Callable[[str], Any] = distributed.Event  # the package has no types for it
    begun = event(f"rank-toolkit-{name}")
    if begun.is_set():
        begun.clear()
        raise RuntimeError(LOST)
    begun.set()
    try:
        return function(*arguments)
    finally:
        begun.clear()


def _first(function: Callable[..., Result], arguments: tuple[object, ...]) -> list[Result]:
    from pyspark import TaskContext

    context = TaskContext.get()
    return [function(*arguments)] if context is None or context.attemptNumber() == 0 else []


def _call(function: Callable[..., Result], *arguments: object) -> Result:
    return function(*arguments)


CLUSTERS: Mapping[str, Callable[[object], Cluster]] = {"dask": Dask, "ray": Ray, "spark": Spark}
