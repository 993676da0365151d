"""``photos.add`` on a cluster of this machine beside threads, and how long a picture that ends its worker takes.

Dask with two workers of one thread each, warm: its processes have imported what they need; they allocate memory as
docs/scaling.md says. Processor time is that of the workers and of the process that adds, all together.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import joblib
import numpy as np
from PIL import Image

import toolkit
from toolkit.plugins.registry import Registry

from .adding import add_rate, many_photos
from .figure import Figure

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["run"]

WORKERS = 2
ATTEMPTS = 3
WIDTH = 13  # of the picture that ends its worker
MEMORY = {
    "distributed.nanny.pre-spawn-environ.MALLOC_MMAP_THRESHOLD_": 32 * 1024**2
}  # as docs/scaling.md says


class Deadly:
    """Embeds a size; the picture of that width ends the process it is looked at in."""

    name, version, dimension, runs_in_processes = "deadly", "1", 2, True

    def embed(self, images: Sequence[Image.Image]) -> np.ndarray:
        if any(image.width == WIDTH for image in images):
            os._exit(1)
        return np.array([image.size for image in images], np.float32)


def run(rows: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        paths = many_photos(Path(folder) / "photos", max(64, min(rows // 250, 600)))
        poison = Path(folder) / "poison.png"
        Image.new("RGB", (WIDTH, 9)).save(poison)
        mixed = [*paths[:40], poison, *paths[40:64]]
        yield _poison(joblib.parallel_config(backend="loky", n_jobs=WORKERS), "loky", mixed)
        if find_spec("distributed"):
            import dask
            from distributed import Client, LocalCluster

            with (
                dask.config.set(MEMORY),
                LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None) as cluster,
                Client(cluster) as client,
            ):
                yield from _beside_threads(paths, Path(folder), client)
                yield _poison(joblib.parallel_config(backend="dask"), "dask", mixed)


def _beside_threads(paths: Sequence[Path], folder: Path, client: Client) -> Iterator[Figure]:
    rates: dict[str, list[float]] = {"threads": [], "dask": []}
    costs: dict[str, list[float]] = {"threads": [], "dask": []}
    with joblib.parallel_config(backend="dask"):
        add_rate(paths[:64], folder / "warm.db", WORKERS)
    for attempt in range(ATTEMPTS):
        for name in rates:
            before = _processor_seconds(client)
            with joblib.parallel_config(backend="dask") if name == "dask" else nullcontext():
                rates[name].append(add_rate(paths, folder / f"{name}-{attempt}.db", WORKERS))
            costs[name].append((_processor_seconds(client) - before) * 1000 / len(paths))
    threads, dask = (max(rates[name]) for name in ("threads", "dask"))
    yield Figure(f"add in {WORKERS} threads, {len(paths)} photos", threads, "photos/s")
    yield Figure(
        f"add on {WORKERS} workers of Dask, warm", dask, "photos/s", "threads", dask / threads, ">= 0.9"
    )
    less, more = (min(costs[name]) for name in ("threads", "dask"))
    yield Figure("processor time in threads", less, "ms/photo")
    yield Figure(
        "processor time on Dask, all processes", more, "ms/photo", "threads", more / less, "<= 1.111"
    )


def _processor_seconds(client: Client) -> float:
    """Of this process and of the workers."""
    return time.process_time() + sum(client.run(time.process_time).values())


def _poison(configured: AbstractContextManager[object], name: str, paths: Sequence[Path]) -> Figure:
    """Seconds until all but one of some pictures are added."""
    registry = Registry.discover()
    registry.add(Deadly)
    with (
        configured,
        toolkit.open(workflow=toolkit.Workflow(embedders=("deadly",)), registry=registry) as photos,
    ):
        start = time.perf_counter()
        report = photos.add(list(paths), progress=False)
        seconds = time.perf_counter() - start
    if (report.added, len(report.failed)) != (len(paths) - 1, 1):
        raise AssertionError(str(report))
    return Figure(f"a picture that ends its worker among {len(paths)}, {name}", seconds, "s", goal="<= 60")
