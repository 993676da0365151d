"""Requests per second and the 99th percentile over the wire, beside the same search called in-process.

The clients run in a process of their own, as they would; on few cores they take time from the server all the same.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
import threading
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
                    for clients in CLIENTS:
                        figures += _figures(face, port, clients, seconds, ids, alone)
    return figures


def _write(path: Path, rows: int) -> list[str]:
    vectors = clustered(rows, DIMENSION)
    with toolkit.open(path, workflow="none") as photos:
        store = photos._resources.store
        with store.write() as batch:
            batch.add_space(SPACE, embedder="bench", dimension=DIMENSION)
            new = [
                NewInput(uri=f"/{i}.jpg", sha256=f"{i:064x}", width=4, height=3, id=f"{i}")
                for i in range(rows)
            ]
            added = batch.add_inputs(new)
            batch.put_embeddings(SPACE, [place.region_key for place in added], vectors.astype(np.float32))
        photos.snapshot()
    return [one.id for one in added[:1000]]


def _in_process(photos: toolkit.Collection, ids: list[str], seconds: float) -> float:
    end, count = time.perf_counter() + seconds, 0
    start = time.perf_counter()
    while time.perf_counter() < end:
        photos.search(Term("input", ids[count % len(ids)]), limit=HITS, level="region")
        count += 1
    return count / (time.perf_counter() - start)


def _figures(
    face: str, port: int, clients: int, seconds: float, ids: list[str], alone: float
) -> list[Figure]:
    command = [sys.executable, "-m", "bench.wire", face, str(port), str(clients), str(seconds), *ids[:50]]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    taken = np.array(json.loads(done.stdout))
    rate = len(taken) / seconds
    name = f"{face}, {clients} client{'s' if clients > 1 else ''}"
    return [
        Figure(name, rate, "requests/s", IN_PROCESS, rate / alone),
        Figure(
            f"{name}: p99",
            float(np.quantile(taken, 0.99)) * 1000,
            "ms",
            IN_PROCESS,
            float(np.quantile(taken, 0.99)) * alone,
        ),
    ]


def _clients(face: str, port: int, clients: int, seconds: float, ids: list[str]) -> list[float]:
    """Seconds of every request that some clients made, each one after another."""
    taken: list[float] = []
    begin = threading.Barrier(clients)

    def ask() -> None:
        client = (_Grpc if face == "gRPC" else _Rest)(port)
        client.ask(ids[0])
        begin.wait()
        end = time.perf_counter() + seconds
        for id in _around(ids):
            start = time.perf_counter()
            if start >= end:
                break
            client.ask(id)
            taken.append(time.perf_counter() - start)

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def _around(ids):
    while True:
        yield from ids


class _Rest:
    def __init__(self, port):
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def ask(self, id):
        search = {"query": {"ranks": [{"annotation": {"input_id": id}}]}}
        body = json.dumps({"searches": [search], "pagination": {"per_page": HITS}})
        self._connection.request("POST", "/v2/annotations/searches", body, {"Authorization": "Key bench"})
        answer = json.loads(self._connection.getresponse().read())
        if len(answer["hits"]) != HITS:
            raise AssertionError(answer["status"])


class _Grpc:
    def __init__(self, port):
        from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
        from clarifai_grpc.grpc.api import service_pb2
        from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub

        self._messages = service_pb2
        self._stub = V2Stub(ClarifaiChannel.get_insecure_grpc_channel(base="127.0.0.1", port=port))

    def ask(self, id):
        request = self._messages.PostAnnotationsSearchesRequest()
        request.searches.add().query.ranks.add().annotation.input_id = id
        request.pagination.per_page = HITS
        answer = self._stub.PostAnnotationsSearches(request, metadata=(("authorization", "Key bench"),))
        if len(answer.hits) != HITS:
            raise AssertionError(answer.status)


if __name__ == "__main__":
    _, face, port, clients, seconds, *ids = sys.argv
    print(json.dumps(_clients(face, int(port), int(clients), float(seconds), ids)))
