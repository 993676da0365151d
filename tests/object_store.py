"""A real object store for the tests: moto's server, which speaks S3 over HTTP on this machine."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator

import pytest
from moto.server import ThreadedMotoServer

_numbers = itertools.count()


@pytest.fixture(scope="session")
def object_store() -> Iterator[str]:
    """The address of a server, whose keys are in the environment."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address)
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        forget_connections()
        yield address
    forget_connections()
    server.stop()


@pytest.fixture
def bucket(object_store) -> str:
    """The address of an empty bucket."""
    name = f"bucket-{next(_numbers)}"
    file_system().mkdir(name)
    return f"s3://{name}"


def file_system():
    """The object store, as whoever has the keys of the environment sees it."""
    import s3fs

    return s3fs.S3FileSystem()


def forget_connections() -> None:
    """Have the next to open an address read the environment anew."""
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()


def keys_in(address: str) -> list[str]:
    """The names of everything below an address, in order."""
    system = file_system()
    system.invalidate_cache()
    bucket = address.removeprefix("s3://").split("/")[0]
    return sorted(path.removeprefix(f"{bucket}/") for path in system.find(address.removeprefix("s3://")))
