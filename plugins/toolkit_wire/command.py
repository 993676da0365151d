"""``toolkit serve``."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.plugins import QueryError, StoreError

if TYPE_CHECKING:
    from .tls import Certificate

__all__ = ["serve_command"]


@click.command("serve")
@click.argument("collection", metavar="COLLECTION", type=click.Path(dir_okay=False))
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; any other needs a token."
)
@click.option("--grpc-port", default=18080, show_default=True, help="Port for gRPC; 0 for any that is free.")
@click.option("--rest-port", default=18081, show_default=True, help="Port for REST; 0 for any that is free.")
@click.option("--token", envvar="TOOLKIT_WIRE_TOKEN", help="What callers send as 'Authorization: Key ...'.")
@click.option("--tls", is_flag=True, help="Speak TLS, with a certificate made for this machine.")
@click.option("--cert", type=click.Path(path_type=Path), help="Speak TLS with this certificate (PEM).")
@click.option("--key", type=click.Path(path_type=Path), help="The private key of --cert (PEM).")
@click.option("--allow-url-prefix", multiple=True, metavar="URL", help="Fetch below it though it is private.")
@click.option(
    "--url-map", type=click.Path(path_type=Path), help="JSON of URLs and the files to read instead."
)
@click.option(
    "--allow-origin", multiple=True, metavar="ORIGIN", help="Let scripts of its pages ask; * for all."
)
@click.option(
    "--allow-host", multiple=True, metavar="NAME", help="Answer REST under this name, too; * for any."
)
@click.option("--timeout", default=60.0, show_default=True, help="Seconds that an answer may take.")
@click.option("--workers", default=8, show_default=True, help="Requests worked on at once.")
def serve_command(
    collection: str,
    host: str,
    grpc_port: int,
    rest_port: int,
    token: str | None,
    tls: bool,
    cert: Path | None,
    key: Path | None,
    allow_url_prefix: tuple[str, ...],
    url_map: Path | None,
    allow_origin: tuple[str, ...],
    allow_host: tuple[str, ...],
    timeout: float,
    workers: int,
) -> None:
    r"""Serve COLLECTION to clients of the public API, over gRPC and REST.

    \b
    curl -d '{"searches":[{"query":{"ranks":[{"annotation":
      {"data":{"concepts":[{"name":"bright"}]}}}]}}]}' \
      http://127.0.0.1:18081/v2/inputs/searches
    """
    from toolkit import Settings
    from toolkit import open as open_collection

    from .extra import wire_extra
    from .limits import Limits
    from .server import serve as start

    with wire_extra("toolkit serve"):
        import grpc  # noqa: F401  # the servers import it when they start
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401

        from .pictures import url_map as read_url_map
        from .warming import warm

    if "://" not in collection and not Path(collection).expanduser().is_file():
        raise StoreError(
            f"there is no collection {collection!r}; make one with: toolkit add {collection} FOLDER"
        )
    limits = Limits(answer_seconds=timeout, workers=workers)
    settings = Settings(max_bytes=limits.picture_bytes, max_pixels=limits.picture_pixels)
    certificate = _certificate(cert, key, collection, host) if tls or cert or key else None
    with open_collection(collection, settings=settings) as photos:
        warm(photos)
        server = start(
            photos,
            host=host,
            grpc_port=grpc_port,
            rest_port=rest_port,
            token=token,
            certificate=certificate,
            allow_urls=allow_url_prefix,
            url_files=read_url_map(url_map) if url_map else None,
            allow_origins=allow_origin,
            allow_hosts=allow_host,
            apps=_beside(collection, "apps"),
            limits=limits,
        )
        with server:
            _say(server.host, server.grpc_port, server.rest_port, certificate, len(photos))
            for one in (signal.SIGINT, signal.SIGTERM):
                signal.signal(one, lambda *_: server.announce_stop())
            server.wait()
            click.echo("stopping", err=True)


def _certificate(cert: Path | None, key: Path | None, collection: str, host: str) -> Certificate:
    """The one that is named, or one made for this machine and kept beside the collection."""
    from .tls import Certificate, self_signed

    if cert and key:
        return Certificate(cert, key)
    if cert or key:
        raise QueryError("--cert and --key go together")
    return self_signed(
        _beside(collection, "tls"),
        hosts=() if host in ("0.0.0.0", "::") else (host,),  # noqa: S104
    )


def _beside(collection: str, kind: str) -> Path:
    """The folder of a kind of files beside a collection."""
    if "://" in collection:
        return Path.home() / ".local" / "share" / "rank-toolkit" / kind
    path = Path(collection).expanduser().absolute()
    return path.with_name(f"{path.name}.{kind}")


def _say(host: str, grpc_port: int | None, rest_port: int | None, certificate: object, count: int) -> None:
    secure = "s" if certificate else ""
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"serving {count:,} images; stop with Ctrl-C")
    click.echo(f"gRPC  {shown}:{grpc_port}{' (TLS)' if certificate else ''}")
    click.echo(f"REST  http{secure}://{shown}:{rest_port}/v2/")
    if certificate is not None:
        click.echo(f"cert  {getattr(certificate, 'cert', '')}")
        click.echo(
            f"for the API's own clients: CLARIFAI_GRPC_BASE=localhost:{grpc_port} "
            f"GRPC_DEFAULT_SSL_ROOTS_FILE_PATH={getattr(certificate, 'cert', '')}"
        )
