"""The contract of a decoder."""

from __future__ import annotations

import io

from ..errors import ToolkitError
from ..images import Decoder
from ..plugins.registry import Registry
from .pictures import pictures

__all__ = ["DecoderContract"]

HEAD = 512  # bytes of a file that a decoder is asked about


class DecoderContract:
    """Tests of what every decoder promises; subclass it, set `decoder` and write `encoded`.

    Attributes
    ----------
    decoder : Decoder
        What is tested.
    size : tuple of int
        Width and height of the picture in `encoded`.
    """

    decoder: Decoder
    size: tuple[int, int]

    def encoded(self) -> bytes:
        """A file of the decoder's format."""
        raise NotImplementedError

    def test_it_can_be_registered(self) -> None:
        registry = Registry()
        registry.add(self.decoder, kind="decoders")
        assert [one.name for one in registry.decoders] == [self.decoder.name]

    def test_it_accepts_its_format(self) -> None:
        assert self.decoder.accepts(self.encoded()[:HEAD]) is True

    def test_it_leaves_other_files_to_others(self) -> None:
        for head in (b"", b"\0" * HEAD, b"not a picture", _png()[:HEAD]):
            assert self.decoder.accepts(head) is False, f"it takes {head[:16]!r} from every other decoder"

    def test_it_opens_the_picture(self) -> None:
        picture = self.decoder.decode(self.encoded())
        assert picture.size == self.size
        picture.load()
        assert picture.convert("RGB").size == self.size

    def test_half_a_file_is_refused(self) -> None:
        whole = self.encoded()
        try:
            self.decoder.decode(whole[: len(whole) // 2]).load()
        except (ToolkitError, OSError, ValueError, SyntaxError) as error:  # those that Pillow raises
            assert str(error)
        else:
            raise AssertionError("half a file was read as a picture")

    def test_the_same_file_has_the_same_picture(self) -> None:
        one, other = self.decoder.decode(self.encoded()), self.decoder.decode(self.encoded())
        assert one.convert("RGB").tobytes() == other.convert("RGB").tobytes()


def _png() -> bytes:
    file = io.BytesIO()
    pictures(1)[0].save(file, "PNG")
    return file.getvalue()
