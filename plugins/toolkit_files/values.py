"""One picture given as a value: a URL, bytes, a PIL image, an array, or a ready record."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

from toolkit.plugins import Record

from .origins import is_url, origin_of

__all__ = ["RecordImporter", "ValueImporter"]


class ValueImporter:
    """A URL of any scheme, an encoded file in memory, or a PIL image or an array, which become PNG."""

    name = "value"

    def accepts(self, source: object) -> bool:
        """Whether it is one of these; an array has two or three dimensions."""
        if isinstance(source, np.ndarray):
            return source.ndim in (2, 3)
        return is_url(source) or isinstance(source, bytes | bytearray | memoryview | Image.Image)

    def records(self, source: object) -> Iterator[Record]:
        """The one record."""
        yield Record(origin_of(source))


class RecordImporter:
    """A record as it is."""

    name = "record"

    def accepts(self, source: object) -> bool:
        """Whether it is a `Record`."""
        return isinstance(source, Record)

    def records(self, source: object) -> Iterator[Record]:
        """The record itself."""
        if isinstance(source, Record):
            yield source
