"""The gRPC and REST servers of one collection, started and stopped together."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from toolkit import Collection
from toolkit.plugins import QueryError, StoreError

from .extra import wire_extra
from .limits import Limits
from .tls import Certificate

if TYPE_CHECKING:
    import grpc
    import uvicorn

    from .gateway import Gateway

__all__ = ["GRPC_PORT", "REST_PORT", "Server", "serve"]

GRPC_PORT, REST_PORT = 18080, 18081  # the first is where the API's own clients look for a local server
LOOPBACK = ("127.0.0.1", "localhost", "::1")
GRACE_SECONDS = 5.0


def serve(
    photos: Collection,
    *,
    host: str = "127.0.0.1",
    grpc_port: int | None = GRPC_PORT,
    rest_port: int | None = REST_PORT,
    token: str | None = None,
    certificate: Certificate | None = None,
    allow_urls: Sequence[str] = (),
    url_files: Mapping[str, Path] | None = None,
    allow_origins: Sequence[str] = (),
    allow_hosts: Sequence[str] = (),
    apps: Path | None = None,
    limits: Limits | None = None,
) -> Server:
    """A running server; use it in a ``with`` block, or `stop` it.

    Parameters
    ----------
    photos : Collection
        What is asked about. It must stay open as long as the server runs.
    host : str
        The address to listen on. Any but this machine's own needs a token.
    grpc_port, rest_port : int or None
        0 for any that is free; None to leave that face away.
    token : str, optional
        What callers must send as ``Authorization: Key <token>``; without, any key will do.
    certificate : Certificate, optional
        Speak TLS on both ports.
    allow_urls : sequence of str
        URL prefixes of pictures that may be fetched although they lead to a private or loopback address.
    url_files : mapping of str to Path, optional
        Files to read instead of fetching a URL.
    allow_origins : sequence of str
        Of whose web pages scripts may ask, besides pages from this machine.
    allow_hosts : sequence of str
        Names besides ``localhost`` under which this machine may be asked over REST, such as that of a tunnel.
    apps : Path, optional
        The folder for the collections of applications that clients make; without, they are in memory.
    limits : Limits, optional
        How much one client may ask for.

    Raises
    ------
    QueryError
        An address that others can reach, and no token; or no port at all.
    StoreError
        A port is taken.
    MissingExtraError
        The extra ``[wire]`` is not installed.
    """
    _check_faces(host, token, grpc_port, rest_port)
    gateway = _gateway(photos, limits or Limits(), token, allow_urls, url_files or {}, apps)
    server = Server(gateway, host)
    try:
        if grpc_port is not None:
            server.start_grpc(grpc_port, certificate)
        if rest_port is not None:
            server.start_rest(rest_port, certificate, allow_origins, allow_hosts)
    except BaseException:
        server.stop()
        raise
    return server


def _check_faces(host: str, token: str | None, grpc_port: int | None, rest_port: int | None) -> None:
    if host not in LOOPBACK and not token:
        raise QueryError(
            f"others can reach {host!r}: give a token that they must send, or leave the host away"
        )
    if grpc_port is None and rest_port is None:
        raise QueryError("there is nothing to serve: give grpc_port, rest_port, or both")


def _gateway(
    photos: Collection,
    limits: Limits,
    token: str | None,
    allow_urls: Sequence[str],
    url_files: Mapping[str, Path],
    apps: Path | None,
) -> Gateway:
    with wire_extra("the wire"):
        from .apps import Apps
        from .gateway import Gateway
        from .pictures import Pictures
    pictures = Pictures(limits, allow=(*photos.settings.allow_urls, *allow_urls), files=url_files)
    collections = Apps(photos, folder=apps, most=limits.apps)
    return Gateway(collections, pictures, limits=limits, token=token)


class Server:
    """A running server; made by `serve`.

    Attributes
    ----------
    host : str
        Where it listens.
    grpc_port, rest_port : int or None
        The ports; None for a server that is not started.
    """

    def __init__(self, gateway: Gateway, host: str) -> None:
        self.host = host
        self.grpc_port: int | None = None
        self.rest_port: int | None = None
        self._gateway = gateway
        self._grpc: grpc.Server | None = None
        self._rest: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()

    def start_grpc(self, port: int, certificate: Certificate | None) -> None:
        """Listen for gRPC.

        Parameters
        ----------
        port : int
            0 for a free one.
        certificate : Certificate or None
            For TLS; None for plain text.

        Raises
        ------
        StoreError
            The port is taken.
        """
        import grpc

        from .servicer import grpc_server

        server = grpc_server(self._gateway)
        address = f"[{self.host}]:{port}" if ":" in self.host else f"{self.host}:{port}"
        try:
            if certificate is None:
                self.grpc_port = server.add_insecure_port(address)
            else:
                cert, key = certificate.read()
                credentials = grpc.ssl_server_credentials([(key, cert)])
                self.grpc_port = server.add_secure_port(address, credentials)
        except RuntimeError as error:
            raise StoreError(f"cannot listen on {address}: is the port taken?") from error
        server.start()
        self._grpc = server

    def start_rest(
        self, port: int, certificate: Certificate | None, origins: Sequence[str], hosts: Sequence[str] = ()
    ) -> None:
        """Listen for REST, on a thread of its own.

        Parameters
        ----------
        port : int
            0 for a free one.
        certificate : Certificate or None
            For TLS; None for plain text.
        origins : sequence of str
            Origins of web pages whose scripts may ask, besides those of this machine.
        hosts : sequence of str
            Names under which this machine may be asked, besides its own.
        """
        import uvicorn

        from .rest import rest_app

        listening = _listening(self.host, port)
        self.rest_port = listening.getsockname()[1]
        # Whoever may be reached by others asks for a token, which a foreign page does not have.
        named = [*LOOPBACK, *hosts] if self.host in LOOPBACK else ["*"]
        limits = self._gateway.limits
        config = uvicorn.Config(
            rest_app(self._gateway, hosts=named, origins=origins),
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            limit_concurrency=limits.connections,
            http="httptools",
            ws="none",
            timeout_graceful_shutdown=int(GRACE_SECONDS),
            ssl_certfile=str(certificate.cert) if certificate else None,
            ssl_keyfile=str(certificate.key) if certificate else None,
        )
        self._rest = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._rest.run, args=([listening],), name="toolkit-rest", daemon=True
        )
        self._thread.start()
        while not self._rest.started and self._thread.is_alive():
            time.sleep(0.005)

    def wait(self) -> None:
        """Wait until `stop` or `announce_stop` is called."""
        while not self._stopped.wait(0.5):
            pass

    def announce_stop(self) -> None:
        """Let `wait` return; all that a signal handler may do."""
        self._stopped.set()

    def stop(self, *, grace: float = GRACE_SECONDS) -> None:
        """Finish the running calls and close the ports; stopping twice is allowed."""
        self._stopped.set()
        stopping = self._grpc.stop(grace) if self._grpc else None
        if self._rest and self._thread:
            self._rest.should_exit = True
            self._thread.join(grace + 1)
        if stopping:
            stopping.wait(grace + 1)
        self._gateway.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sets TCP_NODELAY on what it accepts. Without, a request on a connection that is
    # kept open took 56 ms instead of 13 (medians of 55 on loopback); one on a fresh connection was no slower.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise StoreError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    return listening
