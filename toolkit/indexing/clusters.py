"""Clusters that batches are sent to: Dask, Ray and Spark, each through its own public calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar, cast

__all__ = ["CLUSTERS", "Cluster", "Dask", "Ray", "Spark"]

Result = TypeVar("Result")


class Cluster(Protocol):
    """Workers on other machines."""

    @property
    def workers(self) -> int:
        """How many calls run at once now; 0 if nobody is there."""

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
        """How many threads its workers have."""
        return sum(self._client.ncores().values())

    def submit(self, function: Callable[..., Result], /, *arguments: object) -> Future[Result]:
        """What will come of a call. Dask tries it on four workers before it gives up.

        Parameters
        ----------
        function : callable
            Found by its name where the workers run.
        *arguments : object
            What it is given; they pickle.
        """
        future: Future[Result] = self._executor.submit(function, *arguments, **self._options)
        return future

    def close(self) -> None:
        """Cancel what is under way."""
        if self._client.status == "running":  # else it has cancelled all of it itself
            self._executor.shutdown(wait=False)


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
    """The executors of a Spark session, each call a job of one task.

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
        (result,) = self._context.parallelize([0], 1).map(lambda _: function(*arguments)).collect()
        return cast("Result", result)

    def close(self) -> None:
        """Cancel what is under way."""
        self._context.cancelJobGroup(self._GROUP)
        self._threads.shutdown(cancel_futures=True)


def _call(function: Callable[..., Result], *arguments: object) -> Result:
    return function(*arguments)


CLUSTERS: Mapping[str, Callable[[object], Cluster]] = {"dask": Dask, "ray": Ray, "spark": Spark}
