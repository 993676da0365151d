"""Requests per second and the 99th percentile over the wire, beside the same search called in-process.

The clients run in a process of their own, as they would; on few cores they take time from the server all the same.
One client waits for each answer, so that the processor time of both for a request, beside that of a search in-process,
says on a busy machine what the rates say on a quiet one.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from google.protobuf import json_format

import toolkit
from toolkit.query import Term
from toolkit.store import NewInput

from .figure import Figure
from .similarity import clustered

__all__ = ["run"]

CLIENTS = (1, 8, 64)
SECONDS = 3.0
ROUNDS = 5
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
            alone, _ = _in_process(photos, ids, seconds)
            figures = [Figure(IN_PROCESS, alone, "requests/s")]
            with serve(photos, grpc_port=0, rest_port=0) as server:
                faces = {"gRPC": server.grpc_port, "REST": server.rest_port}
                figures += _processor(faces, photos, ids, seconds / 2)
                for face, port in faces.items():
                    figures += _figures(face, port, seconds, ids, alone)
                figures += _a_thousand(server.rest_port, photos, ids)
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


def _in_process(photos: toolkit.Collection, ids: list[str], seconds: float) -> tuple[float, float]:
    """Searches a second, and processor seconds of one."""
    photos.search(Term("input", ids[0]), limit=HITS, level="region")  # fits the index
    end, count = time.perf_counter() + seconds, 0
    start, worked = time.perf_counter(), time.process_time()
    while time.perf_counter() < end:
        photos.search(Term("input", ids[count % len(ids)]), limit=HITS, level="region")
        count += 1
    return count / (time.perf_counter() - start), (time.process_time() - worked) / count


def _processor(
    faces: dict[str, int | None], photos: toolkit.Collection, ids: list[str], seconds: float
) -> list[Figure]:
    """The processor time of a search and of a request from one client, server and client; the least of some."""
    spent: dict[str, list[float]] = {IN_PROCESS: [], **{face: [] for face in faces}}
    for _ in range(ROUNDS):  # in turn, for what else the machine does changes
        spent[IN_PROCESS].append(_in_process(photos, ids, seconds)[1])
        for face, port in faces.items():
            before = time.process_time()
            ((taken, _, of_client),) = _asked(face, port, "1", seconds, ids)
            spent[face].append((time.process_time() - before + of_client) / len(taken))
    alone, name = min(spent.pop(IN_PROCESS)), f"{IN_PROCESS}: processor"
    return [
        Figure(name, alone * 1000, "ms"),
        *(
            Figure(f"{face}, 1 client: processor", min(each) * 1000, "ms", name, min(each) / alone)
            for face, each in spent.items()
        ),
    ]


def _a_thousand(port: int | None, photos: toolkit.Collection, ids: list[str]) -> list[Figure]:
    """A page of 1,000 hits: its search, and writing it as JSON."""
    from toolkit_wire.message_json import encode
    from toolkit_wire.methods import methods

    search = _worked(lambda: photos.search(Term("input", ids[0]), limit=1000, level="region"))
    connection = http.client.HTTPConnection("127.0.0.1", port)
    asked = {
        "searches": [{"query": {"ranks": [{"annotation": {"input_id": ids[0]}}]}}],
        "pagination": {"per_page": 1000},
    }
    connection.request("POST", "/v2/annotations/searches", json.dumps(asked))
    text = connection.getresponse().read()
    connection.close()
    answer = json_format.ParseDict(json.loads(text), methods()["PostAnnotationsSearches"].response())
    name = "1,000 hits: the search, processor"
    return [
        Figure(name, search * 1000, "ms"),
        Figure(
            "1,000 hits: as JSON, processor",
            (spent := _worked(lambda: encode(answer))) * 1000,
            "ms",
            name,
            spent / search,
        ),
    ]


def _worked(what: Callable[[], object]) -> float:
    """The median processor time of a call, in seconds."""
    what()
    taken = []
    for _ in range(11):
        before = time.process_time()
        what()
        taken.append(time.process_time() - before)
    return float(np.median(taken))


def _figures(face: str, port: int | None, seconds: float, ids: list[str], alone: float) -> list[Figure]:
    counts = ",".join(map(str, CLIENTS))
    figures = []
    answers = _asked(face, port, counts, seconds, ids)
    for clients, (taken, elapsed, _) in zip(CLIENTS, answers, strict=True):
        rate, slowest = len(taken) / elapsed, float(np.quantile(taken, 0.99))
        name = f"{face}, {clients} client{'s' if clients > 1 else ''}"
        figures += [
            Figure(name, rate, "requests/s", IN_PROCESS, rate / alone),
            Figure(f"{name}: p99", slowest * 1000, "ms", IN_PROCESS, slowest * alone),
        ]
    return figures


def _asked(
    face: str, port: int | None, counts: str, seconds: float, ids: list[str]
) -> list[tuple[list[float], float, float]]:
    """For each number of clients the seconds of each request, of all together, and of the clients' processor."""
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
    asked: list[tuple[list[float], float, float]] = json.loads(done.stdout)
    return asked
