"""Formats that are not opened here are opened by plugins; what is not opened at all is named."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from made_up_models import opened
from PIL import Image
from toolkit_heif import Heif

from toolkit.errors import InputError, PluginWarning
from toolkit.images import decode, encode_png
from toolkit.images.budget import PixelBudget

DATA = Path(__file__).parent / "data"


class Flags:
    name = "flags"

    def accepts(self, head):
        return head.startswith(b"FLAG")

    def decode(self, encoded):
        return Image.new("RGB", (64, 48), encoded[4:].decode())


def test_a_decoder_from_a_cell_opens_its_files(tmp_path):
    (tmp_path / "red.jpg").write_bytes(b"FLAGred")
    with opened() as photos:
        photos.registry.add(Flags())
        assert photos.add(tmp_path).added == 1
        (id,) = photos
        assert photos.image(id).getpixel((0, 0)) == (255, 0, 0)


def test_one_that_fails_when_it_is_asked_keeps_no_other_from_opening_a_file():
    broken = type("Broken", (Flags,), {"name": "broken", "accepts": lambda self, head: 1 / 0})()
    with pytest.warns(PluginWarning, match="decoder 'broken' was passed over"):
        image = decode(b"FLAGred", uri="a", working_size=None, max_pixels=10_000, decoders=[Flags(), broken])
    assert (image.width, image.height) == (64, 48)


def test_its_claims_are_looked_at_before_pixels():
    with pytest.raises(InputError, match="64 x 48 pixels, over the limit of 100"):
        decode(b"FLAGred", uri="a", working_size=None, max_pixels=100, decoders=[Flags()])


@pytest.mark.parametrize(
    ("begins", "name"), [(b"\xff\x0a", "JPEG XL"), (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL")]
)
def test_a_known_format_that_is_not_opened_is_named(begins, name):
    with pytest.raises(InputError, match=f"{name} files are not opened"):
        decode(begins + bytes(40), uri="a", working_size=None, max_pixels=100)


def test_photos_of_phones_are_opened(tmp_path):
    pytest.importorskip("pi_heif")
    # 64 x 48 pixels of one green, lying on its side, by a camera of ACME: made by pillow-heif, which can write.
    shutil.copy(DATA / "phone.heic", tmp_path / "a.heic")
    with opened() as photos:
        photos.registry.add(Heif())
        report = photos.add(tmp_path)
        assert (report.added, report.failed) == (1, ())
        (id,) = photos
        assert photos[id].metadata["camera"] == "ACME"
        assert photos.image(id).size == (photos[id].width, photos[id].height)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_making_a_picture_small_before_it_is_converted_gives_the_same(mode):
    noise = Image.effect_noise((256, 192), 60).convert(mode)
    if "A" in mode:
        noise.putalpha(Image.effect_noise((256, 192), 90))
    encoded = encode_png(noise)
    whole = decode(encoded, uri="a", working_size=None, max_pixels=10**6).image
    small = decode(encoded, uri="a", working_size=64, max_pixels=10**6).image
    expected = whole.resize(small.size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    pairs = zip(small.tobytes(), expected.tobytes(), strict=True)
    assert max(abs(one - other) for one, other in pairs) <= 3


class TestBudget:
    def test_who_would_be_too_many_waits(self):
        budget, order = PixelBudget(100), []

        def second():
            with budget.reserved(50):
                order.append("second")

        with budget.reserved(60):
            thread = threading.Thread(target=second)
            thread.start()
            thread.join(0.05)
            order.append("first")
        thread.join()
        assert order == ["first", "second"]
        assert budget.reserved_pixels == 0

    def test_one_that_is_too_large_has_its_turn_alone(self):
        budget = PixelBudget(10)
        with budget.reserved(1000):
            assert budget.reserved_pixels == 1000

    def test_a_failure_gives_its_room_back(self):
        budget = PixelBudget(10)
        with pytest.raises(ValueError, match="x"), budget.reserved(10):
            raise ValueError("x")
        assert budget.reserved_pixels == 0
