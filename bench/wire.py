"""Requests per second and the 99th percentile over the wire, beside the same search called in-process.

The clients run in a process of their own, as they would; on few cores they take time from the server all the same.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import toolkit
from toolkit.query import Term
from toolkit.store import NewInput

from .figure import Figure
from .similarity import clustered

__all__ = ["run"]

CLIENTS = (1, 8, 64)
SECONDS = 3.0
DIMENSION = 128
HITS = 20
SPACE = "bench@1"
IN_PROCESS = "the same search in-process, one after another"


def run(rows: int) -> list[Figure]:
    """The figures of a rank by an input's id over some rows."""
    from toolkit_wire import serve

    seconds = SECONDS if rows >= 10_000 else 0.3
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photos.db"
        ids = _write(path, rows)
        with toolkit.open(path, workflow="none") as photos:
            alone = _in_process(photos, ids, seconds)
            figures = [Figure(IN_PROCESS, alone, "requests/s")]
            with serve(photos, grpc_port=0, rest_port=0) as server:
                for face, port in (("gRPC", server.grpc_port), ("REST", server.rest_port)):
                    figures += _figures(face, port, seconds, ids, alone)
    return figures


def _write(path: Path, rows: int) -> list[str]:
    vectors = clustered(rows, DIMENSION)
    with toolkit.open(path, workflow="none") as photos:
        store = photos._resources.store
        with store.write() as batch:
            batch.spaces.add(SPACE, embedder="bench", dimension=DIMENSION)
            new = [
                NewInput(uri=f"/{i}.jpg", sha256=f"{i:064x}", width=4, height=3, id=f"{i}")
                for i in range(rows)
            ]
            added = batch.inputs.add(new)
            batch.embeddings.put(SPACE, [place.region_key for place in added], vectors.astype(np.float32))
        photos.snapshot()
    return [one.id for one in added[:1000]]


def _in_process(photos: toolkit.Collection, ids: list[str], seconds: float) -> float:
    photos.search(Term("input", ids[0]), limit=HITS, level="region")  # fits the index
    end, count = time.perf_counter() + seconds, 0
    start = time.perf_counter()
    while time.perf_counter() < end:
        photos.search(Term("input", ids[count % len(ids)]), limit=HITS, level="region")
        count += 1
    return count / (time.perf_counter() - start)


def _figures(face: str, port: int, seconds: float, ids: list[str], alone: float) -> list[Figure]:
    counts = ",".join(map(str, CLIENTS))
    command = [
        sys.executable,
        "-m",
        "bench.wire_clients",
        face,
        str(port),
        counts,
        str(seconds),
        str(HITS),
        *ids[:50],
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    figures = []
    for clients, (taken, elapsed) in zip(CLIENTS, json.loads(done.stdout), strict=True):
        rate, slowest = len(taken) / elapsed, float(np.quantile(taken, 0.99))
        name = f"{face}, {clients} client{'s' if clients > 1 else ''}"
        figures += [
            Figure(name, rate, "requests/s", IN_PROCESS, rate / alone),
            Figure(f"{name}: p99", slowest * 1000, "ms", IN_PROCESS, slowest * alone),
        ]
    return figures
