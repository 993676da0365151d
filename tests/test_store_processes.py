"""Several threads and several processes on one store, and processes that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from stores import add, new_input

from toolkit.store import AnnotationStore

TESTS = Path(__file__).parent

WRITER = """
import sys
from stores import new_input
from toolkit.store import AnnotationStore, NewAnnotation

path, name, batches = sys.argv[1:]
with AnnotationStore.open(path) as store:
    for n in range(int(batches)):
        with store.write() as batch:
            added = batch.inputs.add([new_input(f"{name}-{n}-{i}") for i in range(8)])
            said = [NewAnnotation(one.region_key, {"dog": 1.0}) for one in added]
            batch.annotations.add_many(said, source=f"human:{name}")
        print(n, flush=True)
"""

READER = """
import sys, time
from toolkit.store import AnnotationStore

with AnnotationStore.open(sys.argv[1]) as store:
    while (counts := store.counts())["inputs"] < int(sys.argv[2]):
        assert counts["inputs"] == counts["regions"] == counts["annotations"], counts
        assert counts["inputs"] % 8 == 0, counts
        time.sleep(0.005)
"""


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    paths = [str(TESTS), *sys.path]
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(params=["file", "server"])
def path(request, tmp_path) -> Path | str:
    """Where several processes share a store: a file, or a database of a server."""
    return tmp_path / "photos.db" if request.param == "file" else request.getfixturevalue("server_url")


def test_two_writers_and_two_readers_never_see_a_lock_or_half_a_batch(path):
    AnnotationStore.open(path).close()
    workers = [start(WRITER, path, name, 10) for name in ("ada", "bob")]
    workers += [start(READER, path, 2 * 10 * 8) for _ in range(2)]
    complaints = [worker.communicate(timeout=100)[1] for worker in workers]
    assert complaints == ["", "", "", ""]
    with AnnotationStore.open(path) as store:
        assert (store.counts()["annotations"], store.revision(), store.check()) == (160, 20, [])


def test_threads_write_and_read_side_by_side(target):
    with AnnotationStore.open(target) as store:

        def write(thread: int) -> None:
            for n in range(10):
                with store.write() as batch:
                    added = batch.inputs.add([new_input(f"{thread}-{n}-{i}") for i in range(4)])
                    for one in added:
                        batch.annotations.add(one.region_key, source="human:me", concepts={"dog": 1.0})

        def read(_: int) -> list[int]:
            counts = store.counts()
            return [counts["inputs"], counts["annotations"]]

        with ThreadPoolExecutor(8) as threads:
            writers = [threads.submit(write, n) for n in range(4)]
            readers = [threads.submit(read, n) for n in range(80)]
            seen = [reader.result() for reader in readers]
            [writer.result() for writer in writers]
        assert all(inputs == annotations and inputs % 4 == 0 for inputs, annotations in seen)
        assert (store.counts()["inputs"], store.revision(), store.check()) == (160, 40, [])


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
def test_a_killed_writer_loses_nothing_committed_and_leaves_no_half_batch(path):
    acknowledged = 0
    for run in range(3):
        writer = start(WRITER, path, f"run{run}", 10_000)
        for _ in range(5 + run):
            writer.stdout.readline()
        writer.kill()
        rest = writer.communicate()[0]
        acknowledged += 5 + run + rest.count("\n")
        with AnnotationStore.open(path) as store:
            counts = store.counts()
            assert store.check() == []
            assert counts["inputs"] == counts["annotations"] == store.revision() * 8
            assert acknowledged <= store.revision() <= acknowledged + run + 1
    with AnnotationStore.open(path) as store:
        assert len(add(store, "after")) == 1
