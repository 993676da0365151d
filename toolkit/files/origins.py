"""The origins of a picture's bytes, and the URI that stands for each in a store."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

from ..errors import InputError
from ..plugins.registry import Registry
from ..values.settings import Settings
from ..values.types import Input
from .contents import read_bytes, sha256_of
from .originals import Originals

__all__ = ["is_original", "is_url", "location", "path_of", "read_input", "read_origin", "uri_of"]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_BYTES = "bytes:"
_FILE = "file://"


def is_url(origin: str) -> bool:
    """Whether an origin is a URL rather than a path."""
    return _URL.match(origin) is not None


def uri_of(origin: str | bytes) -> str:
    r"""The URI of an origin in a store: an absolute path, a URL, or ``bytes:<sha256>``.

    A store keeps text, and a file's name need not be: a path that is not Unicode becomes a ``file://`` URL.

    Examples
    --------
    >>> uri_of("/photos/../a.jpg"), uri_of("/photos/\udcff.jpg")
    ('/a.jpg', 'file:///photos/%FF.jpg')
    """
    if isinstance(origin, bytes):
        return f"{_BYTES}{sha256_of(origin)}"
    text = origin if is_url(origin) else str(_absolute(origin))
    if text.isascii() or _is_text(text):
        return text
    try:
        return Path(text).as_uri()
    except (UnicodeEncodeError, ValueError):  # a URL, or half of a surrogate pair: nothing that can be opened
        return text.encode(errors="backslashreplace").decode()


def path_of(uri: str) -> str:
    """The path that a URI of the store is, as the system spells it; a URL is returned as it is."""
    return os.fsdecode(unquote_to_bytes(uri.removeprefix(_FILE))) if uri.startswith(_FILE) else uri


def is_original(uri: str) -> bool:
    """Whether the collection stores a copy of the file, because it came as bytes or by URL."""
    return uri.startswith(_BYTES) or (is_url(uri) and not uri.startswith(_FILE))


def location(one: Input, originals: Originals) -> str:
    """The path of an input's file: the user's own, or the collection's copy.

    Parameters
    ----------
    one : Input
        An input.
    originals : Originals
        The collection's copies of files that have no path.
    """
    return str(originals.path(one.sha256)) if is_original(one.uri) else path_of(one.uri)


def read_input(one: Input, originals: Originals, settings: Settings) -> bytes:
    """The encoded file of an input.

    Parameters
    ----------
    one : Input
        An input.
    originals : Originals
        The collection's copies of files that have no path.
    settings : Settings
        The collection's settings.

    Raises
    ------
    InputError
        It is gone, or holds another picture now.
    """
    try:
        encoded = read_bytes(location(one, originals), max_bytes=settings.max_bytes)
    except InputError as error:
        raise InputError(one.uri, error.reason) from error
    if sha256_of(encoded) != one.sha256:
        raise InputError(one.uri, "the file has changed since it was added")
    return encoded


def read_origin(origin: str | bytes, settings: Settings, registry: Registry) -> bytes:
    """The bytes of the image file at an origin.

    Parameters
    ----------
    origin : str or bytes
        A path, a URL, or the bytes of an image file.
    settings : Settings
        The collection's settings.
    registry : Registry
        The plugins.

    Raises
    ------
    InputError
        It cannot be read, fetched or opened by any plugin.
    """
    if isinstance(origin, bytes):
        return origin
    if not is_url(origin):
        return read_bytes(_absolute(origin), max_bytes=settings.max_bytes)
    if origin.casefold().startswith(("http://", "https://")):
        from .fetch import fetch  # ssl and http.client cost half of what numpy does

        return fetch(
            origin, timeout=settings.url_timeout, max_bytes=settings.max_bytes, allow=settings.allow_urls
        )
    return _opened_by_plugin(origin, registry)


def _opened_by_plugin(uri: str, registry: Registry) -> bytes:
    picture = registry.open_image(uri)
    if picture is None:
        scheme = uri.partition("://")[0]
        raise InputError(
            uri, f"no plugin opens {scheme}:// addresses; http, https and paths work without one"
        )
    encoded = io.BytesIO()
    picture.save(encoded, format="PNG")
    return encoded.getvalue()


def _absolute(path: str) -> Path:
    try:
        full = Path(path).expanduser().absolute()
    except RuntimeError:  # a file may be called ~x where there is no user x
        full = Path(path).absolute()
    try:
        return full.resolve() if ".." in full.parts else full
    except (OSError, RuntimeError, ValueError):  # a loop of links, a NUL: reading it says so
        return full


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
