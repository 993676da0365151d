"""The origins of a picture's bytes, and the URI that stands for each in a store."""

from __future__ import annotations

import io
import os
from urllib.parse import unquote_to_bytes

from ..errors import InputError
from ..plugins.registry import Registry
from ..values.settings import Settings
from ..values.uris import absolute, in_object_store, is_url, uri_of_text
from .contents import read_bytes, sha256_of
from .remote import read_remote

__all__ = ["in_object_store", "is_file", "is_original", "is_url", "path_of", "read_origin", "uri_of"]

_BYTES = "bytes:"
_FILE = "file://"


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
    return uri_of_text(origin)


def path_of(uri: str) -> str:
    """The path that a URI of the store is, as the system spells it; a URL is returned as it is."""
    return os.fsdecode(unquote_to_bytes(uri.removeprefix(_FILE))) if uri.startswith(_FILE) else uri


def is_original(uri: str) -> bool:
    """Whether the collection stores a copy of the file, because it came as bytes or by a URL that may be gone.

    What is in an object store is read there, as what is in a folder is.
    """
    return uri.startswith(_BYTES) or (is_url(uri) and not (uri.startswith(_FILE) or in_object_store(uri)))


def is_file(uri: str) -> bool:
    """Whether a URI is the path of a file."""
    return uri.startswith(_FILE) or not (uri.startswith(_BYTES) or is_url(uri))


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
        return read_bytes(absolute(origin), max_bytes=settings.max_bytes)
    if origin.casefold().startswith(("http://", "https://")):
        from .fetch import fetch  # ssl and http.client cost half of what numpy does

        return fetch(
            origin, timeout=settings.url_timeout, max_bytes=settings.max_bytes, allow=settings.allow_urls
        )
    if in_object_store(origin):
        return read_remote(origin, max_bytes=settings.max_bytes)
    return _opened_by_plugin(origin, registry)


def _opened_by_plugin(uri: str, registry: Registry) -> bytes:
    picture = registry.open_image(uri)
    if picture is None:
        scheme = uri.partition("://")[0]
        raise InputError(
            uri, f"no plugin opens {scheme}:// addresses; paths, http, https, s3, gs and az work without one"
        )
    encoded = io.BytesIO()
    picture.save(encoded, format="PNG")
    return encoded.getvalue()
