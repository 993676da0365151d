"""``photos.add`` on all cores and a GPU, beside the two limits: decoding alone, and the network alone.

Made for a machine with a GPU; without one it measures the workers only. The network is MobileNetV2, with
random weights if the folder ``DEVICE_MODEL`` of the environment holds no others.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

import toolkit
from toolkit.indexing.job import Job
from toolkit.indexing.opening import open_pictures
from toolkit.plugins import Record
from toolkit.plugins.cores import MOST_THREADS
from toolkit.plugins.registry import default
from toolkit.store import SeenFile
from toolkit.values.settings import Settings

from .adding import COUNTS, add_rate, many_photos
from .figure import Figure

__all__ = ["run"]

VECTORS = 64


def run(rows: int) -> Iterator[Figure]:
    count = max(128, min(rows // 25, 8000))
    with tempfile.TemporaryDirectory() as folder:
        paths = many_photos(Path(folder) / "photos", count)
        yield from _workers(paths, Path(folder))
        if _gpu():
            yield from _device(paths, Path(folder))
        else:
            print("no GPU here: the rows of the device are not measured")


def _workers(paths: Sequence[Path], folder: Path) -> Iterator[Figure]:
    """Photos a second with pixels, by how many workers."""
    best = 0.0
    for workers in COUNTS:
        some = paths[: max(128, min(len(paths), len(paths) * workers // (os.cpu_count() or 1)))]
        rate = add_rate(some, folder / f"pixels-{workers}.db", workers)
        best = max(best, rate)
        goal = "" if workers < 16 else ">= 0.9"
        name = f"add with pixels, {workers} workers, {len(some)} photos"
        yield Figure(name, rate, "photos/s", "the most so far", rate / best, goal)


def _device(paths: Sequence[Path], folder: Path) -> Iterator[Figure]:
    import torch

    model = _model(folder)
    embedder = default().embedder(model)
    decoding = _opened(paths)
    pixels = np.random.default_rng(0).integers(0, 256, (256, 224, 224, 3), np.uint8)
    forward = embedder._network().network._forward
    forward(pixels)
    network = 256 * 40 / _seconds(lambda: [forward(pixels) for _ in range(40)])
    torch.cuda.reset_peak_memory_stats()
    yield Figure("hash, decode, thumbnail in as many threads", decoding, "photos/s")
    yield Figure("the network alone, 256 photos at a time", network, "photos/s")
    limit = min(decoding, network)
    for name, workflow in {
        "add with a timm network": toolkit.Workflow(embedders=(model,)),
        "the same and its classes": toolkit.Workflow(embedders=(model,), concept_models=(model,)),
    }.items():
        rate = add_rate(paths, folder / f"{name}.db", -1, workflow)
        yield Figure(name, rate, "photos/s", "the smaller limit", rate / limit, ">= 0.8")
    yield Figure("peak memory of the GPU", torch.cuda.max_memory_allocated() / 2**30, "GiB")
    yield Figure("least cosine to a processor's vectors", _alike(paths, folder, model), "")


def _opened(paths: Sequence[Path]) -> float:
    settings, registry = Settings(), default()
    jobs = [Job(Record(str(path)), SeenFile(str(path), 0, 0), ()) for path in paths]
    with ThreadPoolExecutor(MOST_THREADS) as threads:
        seconds = _seconds(
            lambda: list(threads.map(lambda job: open_pictures([job], settings, registry), jobs))
        )
    return len(paths) / seconds


def _model(folder: Path) -> str:
    if given := os.environ.get("DEVICE_MODEL"):
        return f"timm:local-dir:{Path(given).resolve()}"
    import timm
    from timm.models._hub import save_for_hf

    target = folder / "mobilenetv2_100"
    save_for_hf(timm.create_model("mobilenetv2_100", num_classes=1000), target, safe_serialization=True)
    return f"timm:local-dir:{target}"


def _alike(paths: Sequence[Path], folder: Path, model: str) -> float:
    """The least cosine between vectors of the device and of a process that sees none."""
    from PIL import Image

    images = [Image.open(path).convert("RGB") for path in paths[:VECTORS]]
    ours = default().embedder(model).embed(images)
    code = (
        "import sys, numpy as np\nfrom PIL import Image\nfrom toolkit.plugins.registry import default\n"
        "images = [Image.open(path).convert('RGB') for path in sys.argv[3:]]\n"
        "np.save(sys.argv[1], default().embedder(sys.argv[2]).embed(images))"
    )
    target = folder / "vectors.npy"
    command = [sys.executable, "-c", code, str(target), model, *map(str, paths[:VECTORS])]
    subprocess.run(command, check=True, env={**os.environ, "CUDA_VISIBLE_DEVICES": ""})
    theirs = np.load(target)
    both = np.einsum("ij,ij->i", ours, theirs, dtype=np.float64)
    return float((both / np.linalg.norm(ours, axis=1) / np.linalg.norm(theirs, axis=1)).min())


def _gpu() -> bool:
    try:
        import torch
    except ImportError:
        return False
    return bool(torch.cuda.is_available())


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
