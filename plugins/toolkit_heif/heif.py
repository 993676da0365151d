"""The decoder of HEIF."""

from __future__ import annotations

import io
import re
from importlib import import_module
from types import ModuleType

from PIL.Image import Image

from toolkit.plugins import MissingExtraError

__all__ = ["Heif"]

_SIGNATURE = re.compile(rb"(?s)....ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1)")
# The same code twice: the first only decodes, and so has no part under the GPL in it.
_PACKAGES = ("pi_heif", "pillow_heif")


class Heif:
    """Opens HEIF and HEIC with the package pi-heif, or pillow-heif where that is installed."""

    name = "heif"

    def accepts(self, head: bytes) -> bool:
        """Whether a file begins as HEIF does."""
        return _SIGNATURE.match(head) is not None

    def decode(self, encoded: bytes) -> Image:
        """The first picture of a file, upright.

        Raises
        ------
        MissingExtraError
            Neither package is installed.
        """
        package = _package()
        opened: Image = import_module(f"{package.__name__}.as_plugin").HeifImageFile(io.BytesIO(encoded))
        return opened


def _package() -> ModuleType:
    for name in _PACKAGES:
        try:
            return import_module(name)
        except ImportError:
            continue
    raise MissingExtraError("HEIF", "pi-heif", "heif")
