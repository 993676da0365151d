"""Near-duplicates: how much memory and time it takes to find them."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator

import numpy as np

from toolkit.similarity.duplicate_groups import find_duplicates
from toolkit.similarity.near_duplicates import Evidence

from .figure import Figure
from .similarity import clustered

__all__ = ["run"]

DIMENSION, WARM = 64, 500
MEBIBYTE = 2**20


def run(rows: int) -> Iterator[Figure]:
    """The figures of finding one picture in twenty, edited, among rows x 64."""
    vectors = clustered(rows, DIMENSION)
    copies = rows // 20
    noise = np.random.default_rng(0).normal(size=(copies, DIMENSION)).astype(np.float32)
    vectors[rows - copies :] = vectors[:copies] + 0.02 * noise
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    _found(vectors[:WARM])
    before, start = _peak(), time.process_time()
    _found(vectors)
    taken, grown = time.process_time() - start, _peak() - before
    yield Figure(f"near-duplicates among {rows:,} x {DIMENSION}, processor", taken, "s")
    yield Figure("the same, extra memory", grown / MEBIBYTE, "MiB", goal="<= 100")


def _found(vectors) -> int:
    every = np.arange(len(vectors))
    evidence = [Evidence.of("made up", vectors, is_pixels=False)]
    return len(find_duplicates(evidence, every, every, precision=0.98).groups)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
