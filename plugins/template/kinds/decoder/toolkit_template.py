"""The `template` decoder: a file of a magic word, width, height, and gray pixels."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image as PillowImage
from PIL.Image import Image

from toolkit.plugins import Decoder, hookimpl

__all__ = ["TemplateDecoder"]

MAGIC = b"TEMPLATE"


class TemplateDecoder:
    """Opens files of a format that Pillow does not."""

    name = "template"

    def accepts(self, head: bytes) -> bool:
        """Whether the first 512 bytes of a file are of this format."""
        return head.startswith(MAGIC) and len(head) > len(MAGIC) + 2

    def decode(self, encoded: bytes) -> Image:
        """The picture of a file; a damaged one is a ValueError or an OSError, as Pillow raises."""
        width, height, *_ = encoded[len(MAGIC) :]
        return PillowImage.frombytes("L", (width, height), encoded[len(MAGIC) + 2 :])


@hookimpl
def toolkit_decoders() -> Sequence[Decoder]:
    """Give the toolkit its decoders."""
    return [TemplateDecoder()]
