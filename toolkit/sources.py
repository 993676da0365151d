"""Where the bytes of a picture come from: a path, a URL, or memory."""

from __future__ import annotations

import io
from pathlib import Path

from .errors import InputError
from .images import read_bytes
from .originals import Originals
from .registry import default
from .settings import Settings
from .types import Input

__all__ = ["is_url", "location", "read"]


def is_url(source: str) -> bool:
    """Whether a source is a URL rather than a path."""
    return "://" in source


def read(source: str | bytes, settings: Settings) -> bytes:
    """The encoded file.

    Raises
    ------
    InputError
        It cannot be read, fetched or opened by any plugin.
    """
    if isinstance(source, bytes):
        return source
    if not is_url(source):
        return read_bytes(Path(source).expanduser(), max_bytes=settings.max_bytes)
    if source.casefold().startswith(("http://", "https://")):
        from .fetch import fetch  # ssl and http.client cost half of what numpy does

        return fetch(
            source, timeout=settings.url_timeout, max_bytes=settings.max_bytes, allow=settings.allow_urls
        )
    return _opened_by_plugin(source)


def _opened_by_plugin(uri: str) -> bytes:
    picture = default().open_image(uri)
    if picture is None:
        scheme = uri.partition("://")[0]
        raise InputError(
            uri, f"no plugin opens {scheme}:// addresses; http, https and paths work without one"
        )
    encoded = io.BytesIO()
    picture.save(encoded, format="PNG")
    return encoded.getvalue()


def location(one: Input, originals: Originals) -> str:
    """Where an input's file is now: its own place, or among those kept by content."""
    if is_url(one.uri) or one.uri.startswith("bytes:"):
        return str(originals.path(one.sha256))
    return one.uri
