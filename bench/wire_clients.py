"""Clients of the wire in a process of their own.

Prints, for each number of clients, how long each request took, how long all of them together, and the processor time.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time


def main(face: str, port: int, counts: list[int], seconds: float, most: int, ids: list[str]) -> None:
    kind = {"gRPC": _Grpc, "REST": _Rest}[face]
    print(json.dumps([_asked(kind, port, count, seconds, most, ids) for count in counts]))


def _asked(kind, port, count, seconds, most, ids):
    """Seconds of each request, from the first one's beginning to the last one's end, and of the processor."""
    taken: list[float] = []
    began: list[tuple[float, float]] = []
    start = lambda: began.append((time.perf_counter(), time.process_time()))  # noqa: E731
    begin = threading.Barrier(count, timeout=60, action=start)

    def ask() -> None:
        client = kind(port, most)
        client.ask(ids[0])
        begin.wait()
        end = time.perf_counter() + seconds
        for id in _around(ids):
            start = time.perf_counter()
            if start >= end:
                break
            client.ask(id)
            taken.append(time.perf_counter() - start)

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ((start_time, start_work),) = began
    return taken, time.perf_counter() - start_time, time.process_time() - start_work


def _around(ids):
    while True:
        yield from ids


class _Rest:
    def __init__(self, port, most):
        self._most = most
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def ask(self, id):
        search = {"query": {"ranks": [{"annotation": {"input_id": id}}]}}
        body = json.dumps({"searches": [search], "pagination": {"per_page": self._most}})
        self._connection.request("POST", "/v2/annotations/searches", body, {"Authorization": "Key bench"})
        answer = json.loads(self._connection.getresponse().read())
        if len(answer["hits"]) != self._most:
            raise AssertionError(answer["status"])


class _Grpc:
    def __init__(self, port, most):
        self._most = most
        from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
        from clarifai_grpc.grpc.api import service_pb2
        from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub

        self._messages = service_pb2
        self._stub = V2Stub(ClarifaiChannel.get_insecure_grpc_channel(base="127.0.0.1", port=port))

    def ask(self, id):
        request = self._messages.PostAnnotationsSearchesRequest()
        request.searches.add().query.ranks.add().annotation.input_id = id
        request.pagination.per_page = self._most
        answer = self._stub.PostAnnotationsSearches(request, metadata=(("authorization", "Key bench"),))
        if len(answer.hits) != self._most:
            raise AssertionError(answer.status)


if __name__ == "__main__":
    _, face, port, counts, seconds, most, *ids = sys.argv
    main(face, int(port), [int(count) for count in counts.split(",")], float(seconds), int(most), ids)
