"""The pictures that requests bring or point to."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from clarifai_grpc.grpc.api.resources_pb2 import Image

from toolkit.plugins import InputError, QueryError, Remedy, fetch, read_bytes

from .limits import Limits

__all__ = ["Pictures", "url_map"]

_AT_ONCE = 8


class Pictures:
    """Reads a picture of a request: its bytes, or what its URL leads to.

    Parameters
    ----------
    limits : Limits
        On bytes and seconds.
    allow : sequence of str
        URL prefixes that may be fetched although they lead to a private or loopback address.
    files : mapping of str to Path
        Files to read instead of fetching a URL, as for tests without a network.
    """

    def __init__(
        self, limits: Limits, *, allow: Sequence[str] = (), files: Mapping[str, Path] | None = None
    ) -> None:
        self._limits = limits
        self._allow = tuple(allow)
        self._files = dict(files or {})

    def read(self, image: Image) -> bytes:
        """The encoded file.

        Raises
        ------
        InputError
            Neither bytes nor a URL, too large, or a URL that is refused or cannot be fetched.
        """
        if image.base64:
            if len(image.base64) > self._limits.picture_bytes:
                raise InputError("<base64>", f"larger than the limit of {self._limits.picture_bytes:,} bytes")
            return bytes(image.base64)
        if not image.url:
            raise InputError("<image>", "it has neither a url nor base64")
        if image.url in self._files:
            return read_bytes(self._files[image.url], max_bytes=self._limits.picture_bytes)
        # Never a path: any client could read this machine's files.
        return fetch(
            image.url,
            timeout=self._limits.fetch_seconds,
            max_bytes=self._limits.picture_bytes,
            allow=self._allow,
            allowing=_at_start,
        )

    def read_all(self, images: Sequence[Image]) -> list[bytes | InputError]:
        """The encoded file of each picture, or the error; several are fetched at once."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(self._read_or_error, images))

    def _read_or_error(self, image: Image) -> bytes | InputError:
        try:
            return self.read(image)
        except InputError as error:
            return error

    def base64(self, image: Image) -> str:
        """The encoded file as text, as a query carries it."""
        return base64.b64encode(self.read(image)).decode()


def _at_start(prefix: str) -> Remedy:
    """What to do about a private address: a client reads it, so it names the option of the server."""
    option = f"start the server with --allow-url-prefix {prefix}"
    return Remedy(option, option)


def url_map(file: str | Path) -> dict[str, Path]:
    """URLs and the files to read instead, from a JSON object; relative paths start at the file's folder.

    Raises
    ------
    QueryError
        It is not a JSON object of texts.
    """
    path = Path(file)
    try:
        pairs = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise QueryError(f"{file} cannot be read as JSON: {error}") from error
    if not isinstance(pairs, dict) or not all(isinstance(target, str) for target in pairs.values()):
        raise QueryError(f'{file} is a JSON object such as {{"https://example.org/dog.jpg": "dog.jpg"}}')
    return {url: path.parent / target for url, target in pairs.items()}
