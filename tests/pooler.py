"""A pooler before the server of the tests, which lends its connections for one transaction at a time."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from databases import TEMPORARY
from sqlalchemy import URL, make_url

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CONNECTIONS = 3  # to the server, fewer than clients have

SETTINGS = """
[databases]
* = {server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {users}
pool_mode = transaction
default_pool_size = {connections}
"""


@contextmanager
def pooled(url: str) -> Iterator[str]:
    """The address of a database behind the pooler.

    Parameters
    ----------
    url : str
        Its own address.
    """
    server = make_url(url)
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="tests-pooler-", dir=TEMPORARY) as folder:
        users, settings = Path(folder, "users"), Path(folder, "settings")
        users.write_text(f'"{server.username}" ""\n')
        settings.write_text(
            SETTINGS.format(server=_server(server), port=port, users=users, connections=CONNECTIONS)
        )
        Path(folder).chmod(0o755)
        # It refuses to run as root; whoever has the server's socket may use it.
        other = ["-u", _owner(server)] if os.geteuid() == 0 else []
        with subprocess.Popen(
            [PGBOUNCER, "--quiet", *other, settings], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as running:
            try:
                behind = server.set(host="127.0.0.1", port=port, password=None, query={})
                address = behind.render_as_string(hide_password=False)
                _wait(address, running)
                yield address
            finally:
                running.terminate()


def _owner(url: URL) -> str:
    folder = url.query.get("host")
    return Path(folder).owner() if isinstance(folder, str) and Path(folder).is_dir() else "nobody"


def _server(url: URL) -> str:
    given = {
        "host": url.host or url.query.get("host"),
        "port": url.port or url.query.get("port"),
        "password": url.password,
    }
    return " ".join(f"{name}={value}" for name, value in given.items() if value)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _wait(address: str, running: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            if running.poll() is not None or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return
