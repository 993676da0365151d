"""One picture given as a value: a URL, bytes, a PIL image, an array, or a ready record."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

from toolkit.plugins import Record

from .addresses import AddressImporter
from .origins import looks_like_url, origin_of

__all__ = ["RecordImporter", "ValueImporter"]


class ValueImporter:
    """A URL of any scheme, an encoded file in memory, or a PIL image or an array, which become PNG."""

    name = "value"

    def accepts(self, origin: object) -> bool:
        """Whether it is one of these; an array has two or three dimensions."""
        if isinstance(origin, np.ndarray):
            return origin.ndim in (2, 3)
        if looks_like_url(origin):
            return not AddressImporter().accepts(origin)
        return isinstance(origin, bytes | bytearray | memoryview | Image.Image)

    def records(self, origin: object) -> Iterator[Record]:
        """The one record."""
        yield Record(origin_of(origin))


class RecordImporter:
    """A record as it is."""

    name = "record"

    def accepts(self, origin: object) -> bool:
        """Whether it is a `Record`."""
        return isinstance(origin, Record)

    def records(self, origin: object) -> Iterator[Record]:
        """The record itself."""
        if isinstance(origin, Record):
            yield origin
