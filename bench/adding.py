"""``photos.add`` beside a bare loop and its limits, and by how many workers.

The bare loop hashes, decodes and embeds the same files on as many processes, and stores nothing. Its limits are
decoding alone and the network alone; on a processor both want the same cores, so what they leave together is the limit
there. Processor time is measured besides, for a machine that others keep busy.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from joblib import Parallel, cpu_count, delayed
from PIL import Image, ImageFilter

import toolkit
from toolkit.files.contents import sha256_of
from toolkit.images import decode
from toolkit.plugins.registry import default

from .figure import Figure

__all__ = ["COUNTS", "add_rate", "many_photos", "run"]

WORKERS = 2
BATCH = 32
DIFFERENT = 128  # photos that are made; to make each by itself would take minutes
COUNTS = 1, 2, 4, 8, 16
ATTEMPTS = 3


def run(rows: int) -> Iterator[Figure]:
    count = max(64, min(rows // 100, 4000))
    with tempfile.TemporaryDirectory() as folder:
        paths = many_photos(Path(folder) / "photos", count)
        yield from _beside_the_limits(paths, Path(folder))
        yield from _costs(paths[: min(count, 400)], Path(folder))
        yield from _by_workers(paths[: min(count, 400)], Path(folder))


def _beside_the_limits(paths: Sequence[Path], folder: Path) -> Iterator[Figure]:
    Parallel(n_jobs=WORKERS)(delayed(int)() for _ in range(WORKERS))  # all use these processes, warm
    bare, ours = "a bare loop: hash, draft decode, embed", "add, with the pixel workflow"
    some = paths[: max(64, len(paths) // 4)]  # what is the same for every photo
    best = _best(
        {
            bare: lambda _: _rate(_bare_batch, paths),
            ours: lambda at: add_rate(paths, folder / f"pixels-{at}.db", WORKERS),
            "decoding alone": lambda _: _rate(_decoded_batch, some),
            "the embedder alone": lambda _: _embedding_rate(some[:BATCH]),
        }
    )
    limits = [best["decoding alone"], best["the embedder alone"]]
    together = 1 / sum(1 / one for one in limits)
    yield Figure(bare, best[bare], "photos/s")
    for name, rate in zip(("decoding alone", "the embedder alone"), limits, strict=True):
        yield Figure(name, rate, "photos/s")
    yield Figure(ours, best[ours], "photos/s", "the bare loop", best[ours] / best[bare], ">= 0.9")
    yield Figure(
        ours, best[ours], "photos/s", "both limits on the same cores", best[ours] / together, ">= 0.8"
    )


def _costs(paths: Sequence[Path], folder: Path) -> Iterator[Figure]:
    """Milliseconds of one core a photo, of all threads together; nothing here starts a process."""
    costs: dict[str, list[float]] = {"the bare loop": [], "add": []}
    for attempt in range(ATTEMPTS):
        start = time.process_time()
        for first in range(0, len(paths), BATCH):
            _bare_batch(paths[first : first + BATCH])
        between = time.process_time()
        add_rate(paths, folder / f"cost-{attempt}.db", WORKERS)
        costs["the bare loop"].append(between - start)
        costs["add"].append(time.process_time() - between)
    bare, ours = (min(found) * 1000 / len(paths) for found in costs.values())
    yield Figure("processor time of the bare loop", bare, "ms/photo")
    yield Figure("processor time of add", ours, "ms/photo", "the bare loop", ours / bare, "<= 1.111")


def _by_workers(paths: Sequence[Path], folder: Path) -> Iterator[Figure]:
    rates = _best(
        {
            str(count): lambda at, count=count: add_rate(paths, folder / f"{count}-{at}.db", count)  # type: ignore[misc]
            for count in COUNTS
        }
    )
    before = 0.0
    for count, rate in rates.items():
        before = max(before, rate)
        name = f"add with {count} workers on {cpu_count()} cores, {len(paths)} photos"
        yield Figure(name, rate, "photos/s", "the most with fewer", rate / before, ">= 0.9")


def add_rate(
    paths: Sequence[Path],
    store: Path,
    workers: int,
    workflow: toolkit.Workflow = toolkit.Workflow(embedders=("pixels",)),  # noqa: B008
) -> float:
    """Photos a second."""
    with toolkit.open(store, workflow=workflow, settings=toolkit.Settings(workers=workers)) as photos:
        start = time.perf_counter()
        report = photos.add(list(paths), progress=False)
        seconds = time.perf_counter() - start
    if report.added != len(paths):
        raise AssertionError(str(report))
    return len(paths) / seconds


def many_photos(folder: Path, count: int) -> list[Path]:
    """Photos of 1.2 megapixels; they repeat, but for their last bytes."""
    folder.mkdir()
    made = [_photo(number, folder / "made.jpg") for number in range(min(count, DIFFERENT))]
    paths = [folder / f"{number:05}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(made[number % len(made)] + number.to_bytes(4, "big"))
    return paths


def _photo(seed: int, path: Path) -> bytes:
    """Soft noise, which compresses as photos do."""
    small = np.random.default_rng(seed).integers(0, 256, (30, 40, 3), np.uint8)
    picture = Image.fromarray(small).resize((1280, 960), Image.Resampling.BICUBIC)
    picture.filter(ImageFilter.UnsharpMask(3)).save(path, quality=88)
    encoded = path.read_bytes()
    path.unlink()
    return encoded


def _best(runs: dict[str, Callable[[int], float]]) -> dict[str, float]:
    """The highest rate of each, taken in turns so that a noisy moment hits them all."""
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for attempt in range(ATTEMPTS):
        for name, rate in runs.items():
            rates[name].append(rate(attempt))
    return {name: max(found) for name, found in rates.items()}


def _rate(batch: Callable[[Sequence[Path]], object], paths: Sequence[Path]) -> float:
    batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
    start = time.perf_counter()
    Parallel(n_jobs=WORKERS)(delayed(batch)(one) for one in batches)
    return len(paths) / (time.perf_counter() - start)


def _bare_batch(paths: Sequence[Path]) -> list[tuple[str, np.ndarray]]:
    encoded = [path.read_bytes() for path in paths]
    hashes = [sha256_of(one) for one in encoded]
    return list(zip(hashes, default().embedder("pixels").embed(_decoded(encoded)), strict=True))


def _decoded_batch(paths: Sequence[Path]) -> None:
    encoded = [path.read_bytes() for path in paths]
    [sha256_of(one) for one in encoded]
    _decoded(encoded)


def _decoded(encoded: Sequence[bytes]) -> list[Image.Image]:
    return [decode(one, uri="", working_size=512, max_pixels=10**9).image for one in encoded]


def _embedding_rate(paths: Sequence[Path]) -> float:
    """Of as many processes as the bare loop has, each on pictures of its own."""
    times = Parallel(n_jobs=WORKERS)(delayed(partial(_embedding_seconds, paths))() for _ in range(WORKERS))
    return sum(4 * len(paths) / seconds for seconds in times)


def _embedding_seconds(paths: Sequence[Path]) -> float:
    images, embedder = _decoded([path.read_bytes() for path in paths]), default().embedder("pixels")
    start = time.perf_counter()
    for _ in range(4):
        embedder.embed(images)
    return time.perf_counter() - start
