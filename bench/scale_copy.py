"""Collections copied between SQLite and PostgreSQL, and pictures added from an object store on this machine.

moto's server answers as S3 does, in a process of its own; it is written in Python, and slower than what it stands for.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
from PIL import Image

import toolkit
from toolkit.store import AnnotationStore, NewAnnotation, NewInput

from .figure import Figure
from .postgres import own_server

__all__ = ["run"]

INPUTS = 10_000
DIMENSION = 512
THUMBNAIL = 5_600  # bytes, as a photo's
CONCEPTS = 4  # of every input
PICTURES = 512
SERVER = """
import logging, time
from moto.server import ThreadedMotoServer
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print("http://{}:{}".format(*server.get_host_and_port()), flush=True)
time.sleep(3600)
"""


def run(rows: int) -> Iterator[Figure]:
    """Figures of copies of at most 10,000 inputs, and of adding from an object store.

    Parameters
    ----------
    rows : int
        How many inputs at most.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        yield from _copies(min(rows, INPUTS), Path(directory))
    with TemporaryDirectory() as directory:
        yield from _from_a_bucket(min(rows, PICTURES), Path(directory))


def _copies(rows: int, folder: Path) -> Iterator[Figure]:
    source = folder / "source.db"
    _fill(source, rows)
    with own_server() as address:
        for name, start, end in (
            ("SQLite to SQLite", source, folder / "copy.db"),
            ("SQLite to PostgreSQL", source, address),
            ("PostgreSQL to SQLite", address, folder / "back.db"),
        ):
            with toolkit.open(start, workflow="none") as photos:
                seconds, worked = _timed(partial(photos.copy, end, progress=False))
            yield Figure(f"copy, {name}, {rows:,} inputs", rows / seconds, "inputs/s")
            yield Figure(f"copy, {name}, time of processors", worked, "s")


def _fill(path: Path, rows: int) -> None:
    """A collection with a thumbnail, a vector and some concepts for every input."""
    random = np.random.default_rng(0)
    with AnnotationStore.open(path) as store, store.write() as batch:
        added = batch.inputs.add(
            [
                NewInput(
                    uri=f"/photos/{at}.jpg",
                    sha256=f"{at:064x}",
                    width=800,
                    height=600,
                    id=f"input-{at}",
                    thumbnail=random.bytes(THUMBNAIL),
                )
                for at in range(rows)
            ]
        )
        keys = [one.region_key for one in added]
        vectors = random.standard_normal((rows, DIMENSION)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        batch.spaces.add("bench@1", embedder="bench", dimension=DIMENSION)
        batch.embeddings.put("bench@1", keys, vectors)
        concepts = [{f"concept {at}": 0.5 for at in random.integers(0, 1000, CONCEPTS)} for _ in keys]
        said = [NewAnnotation(key, concepts=one) for key, one in zip(keys, concepts, strict=True)]
        batch.annotations.add_many(said, source="model:bench@1")


def _from_a_bucket(count: int, folder: Path) -> Iterator[Figure]:
    pictures = [_photo(at) for at in range(count)]
    (folder / "pictures").mkdir()
    for at, picture in enumerate(pictures):
        (folder / "pictures" / f"{at}.jpg").write_bytes(picture)
    with _bucket() as bucket:
        import s3fs

        system = s3fs.S3FileSystem()
        system.pipe({f"{bucket}/photos/{at}.jpg": picture for at, picture in enumerate(pictures)})
        seconds, _ = _timed(lambda: [system.cat_file(f"{bucket}/photos/{at}.jpg") for at in range(count)])
        yield Figure("reading the objects one by one", count / seconds, "photos/s")
        for name, origin, place in (
            ("add, pixels, from a folder", folder / "pictures", None),
            ("add, pixels, from s3 (moto)", f"{bucket}/photos/", None),
            ("add, pixels, bytes with their originals in s3 (moto)", pictures, f"{bucket}/originals"),
        ):
            with toolkit.open(folder / f"{name.split()[-2]}-{place is None}.db", workflow="pixels") as photos:
                if place is not None:
                    photos.move_originals(place)
                seconds, worked = _timed(partial(photos.add, origin, progress=False))
            yield Figure(name, count / seconds, "photos/s")
            yield Figure(f"{name}, time of processors", worked / count * 1000, "ms/photo")


def _photo(at: int) -> bytes:
    small = Image.fromarray(np.random.default_rng(at).integers(0, 256, (12, 16, 3), np.uint8))
    encoded = BytesIO()
    small.resize((800, 600), Image.Resampling.BICUBIC).save(encoded, "JPEG", quality=85)
    return encoded.getvalue()


@contextmanager
def _bucket() -> Iterator[str]:
    """The address of an empty bucket, on a server of its own."""
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        keys = {
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        try:
            with patch.dict(os.environ, keys | {"AWS_ENDPOINT_URL": server.stdout.readline().strip()}):
                import s3fs

                s3fs.S3FileSystem().mkdir("bench-bucket")
                yield "s3://bench-bucket"
        finally:
            server.kill()


def _timed(do: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of this process's work."""
    start, worked = time.perf_counter(), time.process_time()
    do()
    return time.perf_counter() - start, time.process_time() - worked
