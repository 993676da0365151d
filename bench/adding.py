"""``photos.add`` beside a bare loop that hashes, decodes and embeds the same files on as many processes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from PIL import Image, ImageFilter

import toolkit
from toolkit.files.contents import sha256_of
from toolkit.images import decode
from toolkit.plugins.registry import default

from .figure import Figure

__all__ = ["run"]

WORKERS = 2
BATCH = 32


def run(rows: int) -> list[Figure]:
    count = max(64, min(rows // 100, 2000))
    with tempfile.TemporaryDirectory() as folder:
        paths = _photos(Path(folder) / "photos", count)
        Parallel(n_jobs=WORKERS)(delayed(int)() for _ in range(WORKERS))  # both use these processes, warm
        bare, added = [], []
        for attempt in range(3):
            bare.append(count / _seconds(lambda: _bare(paths)))
            added.append(
                count / _seconds(lambda attempt=attempt: _add(paths, Path(folder) / f"{attempt}.db"))
            )
    against = "a bare loop: hash, draft decode, embed"
    return [
        Figure(against, max(bare), "images/s"),
        Figure(
            "add, with the pixel workflow", max(added), "images/s", against, max(added) / max(bare), ">= 0.8"
        ),
    ]


def _photos(folder: Path, count: int) -> list[Path]:
    """Soft noise of 1.2 megapixels, which compresses as photos do."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    paths = [folder / f"{index:05}.jpg" for index in range(count)]
    for path in paths:
        small = rng.integers(0, 256, (30, 40, 3), np.uint8)
        picture = Image.fromarray(small).resize((1280, 960), Image.Resampling.BICUBIC)
        picture.filter(ImageFilter.UnsharpMask(3)).save(path, quality=88)
    return paths


def _bare(paths: Sequence[Path]) -> None:
    batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
    Parallel(n_jobs=WORKERS)(delayed(_bare_batch)(batch) for batch in batches)


def _bare_batch(paths: Sequence[Path]) -> list[tuple[str, np.ndarray]]:
    encoded = [path.read_bytes() for path in paths]
    hashes = [sha256_of(one) for one in encoded]
    pictures = [decode(one, uri="", working_size=512, max_pixels=10**9).image for one in encoded]
    return list(zip(hashes, default().embedder("pixels").embed(pictures), strict=True))


def _add(paths: Sequence[Path], store: Path) -> None:
    workflow = toolkit.Workflow(embedders=("pixels",))
    with toolkit.open(store, workflow=workflow, settings=toolkit.Settings(workers=WORKERS)) as photos:
        report = photos.add(list(paths), progress=False)
    if report.added != len(paths):
        raise AssertionError(str(report))


def _seconds(run: object) -> float:
    start = time.perf_counter()
    run()  # type: ignore[operator]
    return time.perf_counter() - start
