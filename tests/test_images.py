"""Pictures are opened safely: every file is an upright RGB picture, or a refusal with its reason."""

from __future__ import annotations

import csv
import io
import os
import random
import struct
import subprocess
import sys
import warnings
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, features

from toolkit.errors import InputError
from toolkit.files.contents import read_bytes, sha256_of
from toolkit.images import (
    Picture,
    crop,
    data_url,
    decode,
    encode_png,
    from_array,
    thumbnail,
    upright,
)
from toolkit.images.quiet import PILLOW_QUIET, _setters
from toolkit.values.types import Box

NASTY = Path(__file__).parents[1].parent / "shared" / "nasty-dev"
ORIENTATION = 0x0112
# Opened by Pillow, but not here: rarely used decoders are not worth what a hostile file can do to them.
REFUSED_ON_PURPOSE = {
    "modes/hopper.ico": "icon files are not opened",
    "modes/hopper.qoi": "QOI files are not opened",
    "modes/hopper.psd": "Photoshop files are not opened",
    "modes/test-card-lossless.jp2": "JPEG 2000 files are not opened",
}


def opened(encoded: bytes, *, working_size: int | None = None, max_pixels: int = 10**7) -> Picture:
    return decode(encoded, uri="x", working_size=working_size, max_pixels=max_pixels)


def refusal(encoded: bytes, *, max_pixels: int = 10**7) -> str:
    with pytest.raises(InputError) as caught:
        decode(encoded, uri="x", working_size=64, max_pixels=max_pixels)
    assert caught.value.uri == "x"
    return caught.value.reason


def encoded_as(image: Image.Image, format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def quadrants(width: int = 64, height: int = 48) -> Image.Image:
    """Red, green over blue, white: every turn of it looks different."""
    image = Image.new("RGB", (width, height), "white")
    image.paste("red", (0, 0, width // 2, height // 2))
    image.paste("lime", (width // 2, 0, width, height // 2))
    image.paste("blue", (0, height // 2, width // 2, height))
    return image


def corners(image: Image.Image) -> list[str]:
    names = {(255, 0, 0): "red", (0, 255, 0): "lime", (0, 0, 255): "blue", (255, 255, 255): "white"}
    right, bottom = image.width - 4, image.height - 4
    pixels = [image.getpixel(at) for at in ((3, 3), (right, 3), (3, bottom), (right, bottom))]
    return [names.get(tuple(255 if value > 127 else 0 for value in pixel), "?") for pixel in pixels]


def png_header(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    start = (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(header)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )
    return start + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "AVIF"])
def test_a_picture_is_opened_in_every_common_format_whatever_it_is_called(format: str) -> None:
    if format in ("WEBP", "AVIF") and not features.check(format.lower()):
        pytest.skip(f"this Pillow cannot write {format}")
    picture = opened(encoded_as(quadrants(), format))
    assert (picture.width, picture.height, picture.image.mode) == (64, 48, "RGB")
    assert corners(picture.image) == ["red", "lime", "blue", "white"]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_exif_says_and_its_size_is_the_upright_one(
    format: str, orientation: int
) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transposition that makes the stored form
    stored = quadrants(640, 480)
    if orientation in undo:
        stored = stored.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    picture = opened(encoded_as(stored, format, exif=exif), working_size=64)
    assert (picture.width, picture.height, picture.image.size) == (640, 480, (64, 48))
    assert corners(picture.image) == ["red", "lime", "blue", "white"]


def test_the_result_is_not_turned_again_by_who_honors_exif() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    image = opened(encoded_as(quadrants(), "JPEG", exif=exif)).image
    assert image.info == {}
    assert dict(image.getexif()) == {}


@pytest.mark.parametrize(
    ("size", "working_size", "expected"),
    [
        ((4000, 3000), 512, (512, 384)),
        ((3000, 4000), 512, (384, 512)),
        ((100, 50), 512, (100, 50)),
        ((4000, 1), 512, (512, 1)),
        ((3, 3000), 512, (1, 512)),
        ((1, 1), 512, (1, 1)),
        ((640, 480), None, (640, 480)),
    ],
)
@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_the_long_side_is_at_most_the_working_size_and_nothing_is_enlarged(
    size: tuple[int, int], working_size: int | None, expected: tuple[int, int], format: str
) -> None:
    picture = opened(
        encoded_as(Image.new("L", size, 9), format), working_size=working_size, max_pixels=12_000_000
    )
    assert (picture.width, picture.height) == size
    assert picture.image.size == expected


def test_draft_decoding_looks_like_full_decoding() -> None:
    rng = np.random.default_rng(0)
    noise = Image.fromarray(rng.integers(0, 256, (12, 16, 3), dtype=np.uint8))
    photo = encoded_as(noise.resize((1600, 1200), Image.Resampling.BICUBIC), "JPEG", quality=95)
    full = opened(photo).image.resize((200, 150), Image.Resampling.BILINEAR, reducing_gap=2.0)
    draft = opened(photo, working_size=200).image
    difference = np.abs(np.asarray(full, dtype=float) - np.asarray(draft, dtype=float))
    assert difference.mean() < 2


def test_the_first_frame_of_an_animation_is_taken() -> None:
    frames = [Image.new("RGB", (20, 10), color) for color in ("red", "blue", "lime")]
    for format in ("GIF", "PNG", "WEBP"):
        animation = encoded_as(frames[0], format, save_all=True, append_images=frames[1:], lossless=True)
        assert corners(opened(animation).image) == ["red"] * 4


def test_cmyk_is_opened() -> None:
    jpeg = encoded_as(quadrants().convert("CMYK"), "JPEG", quality=95)
    assert corners(opened(jpeg).image) == ["red", "lime", "blue", "white"]


def test_one_bit_is_opened() -> None:
    stored = Image.new("1", (10, 10), 1)
    stored.putpixel((0, 0), 0)
    image = opened(encoded_as(stored, "PNG")).image
    assert image.getpixel((0, 0)) == (0, 0, 0)
    assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("format", ["PNG", "TIFF", "PPM"])
def test_sixteen_bit_grey_is_scaled_not_clipped(format: str) -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
    image = opened(encoded_as(Image.fromarray(ramp), format)).image
    assert np.asarray(image)[:, :, 0].ravel().tolist() == list(range(256))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.2, 1.0], [0, 51, 255]),  # in [0, 1]: as it is
        ([0.2, 0.4, 0.4], [51, 102, 102]),
        ([-10.0, 0.0, 10.0], [0, 128, 255]),  # else from the lowest to the highest
        ([float("nan"), 0.0, 1.0], [0, 0, 255]),
        ([float("inf"), 0.0, 4.0], [255, 0, 255]),
        ([7.0, 7.0, 7.0], [255, 255, 255]),
    ],
)
def test_float_pictures_are_scaled(values: list[float], expected: list[int]) -> None:
    stored = Image.fromarray(np.array([values], dtype=np.float32))
    assert np.asarray(opened(encoded_as(stored, "TIFF")).image)[0, :, 0].tolist() == expected


def test_32_bit_integers_are_scaled_from_their_own_range() -> None:
    stored = Image.fromarray(np.array([[100, 120, 200]], dtype=np.int32))
    assert np.asarray(opened(encoded_as(stored, "TIFF")).image)[0, :, 0].tolist() == [0, 51, 255]


def transparent_pictures() -> dict[str, Image.Image]:
    rgba = Image.new("RGBA", (4, 4), (255, 0, 0, 255))
    rgba.putpixel((0, 0), (0, 0, 0, 0))
    palette = Image.new("P", (4, 4), 1)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    palette.putpixel((0, 0), 0)
    palette.info["transparency"] = 0
    grey = Image.new("LA", (4, 4), (76, 255))
    grey.putpixel((0, 0), (0, 0))
    keyed = Image.new("RGB", (4, 4), (255, 0, 0))
    keyed.putpixel((0, 0), (0, 0, 0))
    keyed.info["transparency"] = (0, 0, 0)
    return {"RGBA": rgba, "P": palette, "LA": grey, "RGB": keyed}


@pytest.mark.parametrize(("mode", "image"), transparent_pictures().items())
def test_transparency_is_laid_on_white(mode: str, image: Image.Image) -> None:
    options = {"transparency": image.info["transparency"]} if image.info else {}
    shown = opened(encoded_as(image, "PNG", **options)).image
    assert shown.getpixel((0, 0)) == (255, 255, 255)
    assert shown.getpixel((2, 2)) == ((76, 76, 76) if mode == "LA" else (255, 0, 0))


@pytest.mark.parametrize(
    ("encoded", "reason"),
    [
        (b"", "the file is empty"),
        (b"\0" * 4096, "not a picture in a known format"),
        (b"just text", "not a picture in a known format"),
        (
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            "SVG files are not opened",
        ),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a --><svg/>', "SVG files are not opened"),
        (b"<!DOCTYPE html><title>404</title>", "HTML files are not opened"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "PostScript files are not opened"),
        (b"%PDF-1.7", "PDF files are not opened"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIF files are not opened"),
        (b"\0\0\1\0\1\0", "icon files are not opened"),
    ],
)
def test_what_is_no_picture_is_refused_with_its_reason(encoded: bytes, reason: str) -> None:
    assert refusal(encoded) == reason


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "BMP", "WEBP"])
def test_a_file_cut_short_is_refused(format: str) -> None:
    rng = np.random.default_rng(0)
    whole = encoded_as(Image.fromarray(rng.integers(0, 256, (60, 80, 3), dtype=np.uint8)), format)
    reason = refusal(whole[: len(whole) // 2])
    assert reason.startswith(("cut short: ", "damaged: "))
    assert reason.startswith("cut short: ") or format not in ("JPEG", "PNG")


def test_a_bomb_is_refused_from_its_header_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert refusal(png_header(60_000, 60_000)) == (
            "60000 x 60000 pixels, over the limit of 10000000; not decoded"
        )


def test_the_limit_is_the_callers_not_the_one_of_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    assert opened(encoded_as(quadrants(), "PNG")).width == 64
    assert refusal(encoded_as(quadrants(), "PNG"), max_pixels=64 * 48 - 1).startswith("64 x 48 pixels")
    assert Image.MAX_IMAGE_PIXELS == 10


def test_a_decoder_that_raises_anything_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Image.Image) -> None:
        raise MemoryError

    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", fails)
    assert refusal(encoded_as(quadrants(), "PNG")) == "too large for this machine's memory"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "PPM"])
def test_random_damage_leaves_a_picture_or_a_refusal_and_nothing_else(format: str) -> None:
    rng = np.random.default_rng(0)
    whole = encoded_as(quadrants(), format)
    for _ in range(100):
        damaged = np.frombuffer(whole, np.uint8).copy()
        places = rng.integers(0, min(len(whole), int(rng.choice([64, 10_000]))), 3)
        damaged[places] = rng.integers(0, 256, 3)
        try:
            assert opened(damaged.tobytes(), working_size=32, max_pixels=10**5).image.mode == "RGB"
        except InputError as error:
            assert error.reason


def test_a_broken_exif_block_changes_no_pixels_and_warns_of_nothing() -> None:
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x05" + b"\x01\x12\0\x03\xff\xff\xff\xff\xff\xff\xff\xff" * 3
    assert corners(opened(encoded_as(quadrants(), "JPEG", exif=exif)).image) == [
        "red",
        "lime",
        "blue",
        "white",
    ]


def test_many_threads_open_at_once_and_leave_the_warning_filters_as_they_were() -> None:
    good, bad = encoded_as(quadrants(800, 600), "JPEG"), b"\xff\xd8\xff\xe0 no more"
    before = list(warnings.filters)

    def size(encoded: bytes) -> tuple[int, int] | None:
        try:
            return opened(encoded, working_size=64).image.size
        except InputError:
            return None

    with ThreadPoolExecutor(8) as pool:
        sizes = list(pool.map(size, [good, bad] * 50))
    assert sizes == [(64, 48), None] * 50
    assert list(warnings.filters) == before


def nasty_files() -> list[dict[str, str]]:
    manifest = NASTY / "manifest.csv"
    if not manifest.exists():
        return []
    with manifest.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not NASTY.exists(), reason="the collection of nasty files is not here")
def test_every_nasty_file_is_opened_upright_or_refused_as_its_manifest_says() -> None:
    expected, found = {}, {}
    for row in nasty_files():
        name = row["file"]
        expected[name] = REFUSED_ON_PURPOSE.get(name, row["upright_size"])
        try:
            encoded = read_bytes(NASTY / "files" / name, max_bytes=10**7)
            picture = decode(encoded, uri=name, working_size=128, max_pixels=200_000_000)
        except InputError as error:
            found[name] = error.reason if name in REFUSED_ON_PURPOSE else ""
        else:
            found[name] = f"{picture.width}x{picture.height}"
            assert picture.image.mode == "RGB"
            assert max(picture.image.size) <= 128
    assert len(found) > 100
    assert found == expected


AWKWARD_NAMES = [
    "犬.jpg",
    "e\u0301.jpg",
    "🐕.jpg",
    "x" * 251 + ".jpg",
    'it\'s "quoted".jpg',
    "-rf.jpg",
    "trailing space .jpg ",
    "two\nlines.jpg",
    "#?%20&.jpg",
    "<img src=x onerror=alert(1)>.jpg",
]


@pytest.mark.parametrize("name", AWKWARD_NAMES)
def test_a_file_with_an_awkward_name_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"content")
    assert read_bytes(tmp_path / name, max_bytes=100) == b"content"


def reading(path: str | Path, *, max_bytes: int = 100) -> str:
    with pytest.raises(InputError) as caught:
        read_bytes(path, max_bytes=max_bytes)
    assert caught.value.uri == str(path)
    return caught.value.reason


def test_what_cannot_be_read_is_refused_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * 101)
    assert reading(tmp_path / "missing") == "no such file or directory"
    assert reading(tmp_path / "large") == "101 bytes, over the limit of 100"
    assert reading(tmp_path) == "is a directory"
    assert reading(tmp_path / ("x" * 300)) == "file name too long"
    assert reading("a\0b") == "not a file name"


def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 100)
    assert read_bytes(tmp_path / "a", max_bytes=100) == b"x" * 100


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are a thing of Unix")
def test_a_pipe_and_a_device_are_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert reading(tmp_path / "pipe.jpg") == "not a regular file"
    assert reading("/dev/zero") == "not a regular file"


@pytest.fixture
def secret(tmp_path: Path) -> Iterator[Path]:
    """A file that may not be read; root may read every file, so be nobody for a while."""
    if not hasattr(os, "geteuid"):
        pytest.skip("permissions work otherwise here")
    file = tmp_path / "secret.jpg"
    file.touch(mode=0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield file
    os.seteuid(user)


def test_a_file_without_permission_is_refused(secret: Path) -> None:
    assert reading(secret) == "permission denied"


def test_a_link_to_a_file_is_read_and_a_circle_of_links_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    assert read_bytes(tmp_path / "link", max_bytes=100) == b"x"
    assert "symbolic links" in reading(tmp_path / "circle")


def test_the_digest_is_sha256() -> None:
    assert sha256_of(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_thumbnail_is_a_small_jpeg_without_metadata() -> None:
    photo = quadrants(640, 480)
    photo.info["comment"] = b"taken at home"
    small = Image.open(io.BytesIO(thumbnail(photo, 64)))
    assert (small.format, small.mode, small.size) == ("JPEG", "RGB", (64, 48))
    assert set(small.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert corners(small) == ["red", "lime", "blue", "white"]
    assert photo.info == {"comment": b"taken at home"}


def test_a_thumbnail_of_a_smaller_picture_keeps_its_size() -> None:
    assert Image.open(io.BytesIO(thumbnail(quadrants(), 200))).size == (64, 48)


def test_a_crop_is_the_part_inside_the_box() -> None:
    part = crop(quadrants(), Box(0.5, 0.0, 1.0, 0.5))
    assert part.size == (32, 24)
    assert corners(part) == ["blue"] * 4


@pytest.mark.parametrize(
    ("array", "pixel"),
    [
        (np.full((2, 3), 7, np.uint8), (7, 7, 7)),
        (np.full((2, 3, 3), 7, np.uint8), (7, 7, 7)),
        (np.full((2, 3, 4), (0, 0, 0, 0), np.uint8), (255, 255, 255)),
        (np.full((2, 3), 0.2, np.float32), (51, 51, 51)),
        (np.full((2, 3, 3), 1.0), (255, 255, 255)),
        (np.full((6, 6), 7, np.uint8)[::3, ::2], (7, 7, 7)),
    ],
)
def test_an_array_becomes_a_picture(array: np.ndarray, pixel: tuple[int, int, int]) -> None:
    image = from_array(array)
    assert (image.mode, image.size, image.getpixel((0, 0))) == ("RGB", (3, 2), pixel)


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.zeros((0, 3)), "not (0, 3)"),
        (np.zeros(5), "not (5,)"),
        (np.zeros((2, 3, 2)), "not (2, 3, 2)"),
        (np.zeros((1, 2, 3, 3)), "not (1, 2, 3, 3)"),
        (np.zeros((2, 3), dtype=np.int64), "not int64"),
        (np.zeros((2, 3), dtype=object), "not object"),
        (np.full((2, 3), 1.01), "floats must be in [0, 1]"),
        (np.full((2, 3), -0.01), "floats must be in [0, 1]"),
        (np.full((2, 3), np.nan), "floats must be in [0, 1]"),
    ],
)
def test_an_array_that_is_no_picture_is_refused(array: np.ndarray, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        from_array(array)
    assert reason in caught.value.reason


def test_a_pil_image_is_made_upright_and_left_as_it_was() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 3
    turned = quadrants().transpose(Image.Transpose.ROTATE_180)
    given = Image.open(io.BytesIO(encoded_as(turned, "JPEG", exif=exif)))
    shown = upright(given)
    assert corners(shown) == ["red", "lime", "blue", "white"]
    assert (shown.info, corners(given)) == ({}, ["white", "blue", "lime", "red"])
    assert "exif" in given.info
    same = quadrants()
    assert upright(same) is not same


def test_a_pil_image_of_a_damaged_file_is_refused() -> None:
    whole = encoded_as(quadrants(), "JPEG")
    with pytest.raises(InputError, match=r"^<image>: cut short"):
        upright(Image.open(io.BytesIO(whole[:-20])))


def test_png_keeps_every_pixel_and_gives_the_same_bytes_again() -> None:
    photo = quadrants()
    encoded = encode_png(photo)
    assert encoded == encode_png(photo.copy())
    assert opened(encoded).image.tobytes() == photo.tobytes()


def test_a_data_url_holds_the_jpeg() -> None:
    assert data_url(b"\xff\xd8") == "data:image/jpeg;base64,/9g="


def test_damaged_tiffs_write_nothing_to_the_terminal(tmp_path: Path) -> None:
    chance = random.Random(0)
    noise = np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)
    for compression in ("tiff_lzw", "tiff_deflate", "jpeg", "packbits"):
        encoded = io.BytesIO()
        Image.fromarray(noise).save(encoded, "TIFF", compression=compression)
        for number in range(8):
            content = bytearray(encoded.getvalue())
            for _ in range(20):
                content[chance.randrange(8, len(content))] = chance.randrange(256)
            (tmp_path / f"{compression}{number}.tif").write_bytes(content)
    code = (
        "import sys, toolkit\n"
        "with toolkit.open(workflow='none') as photos:\n"
        "    print(len(photos.add(sys.argv[1], progress=False).failed))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) > 8
    assert done.stderr == ""


def test_the_handlers_of_libtiff_are_as_before_afterwards() -> None:
    setters = _setters()
    if not setters:
        pytest.skip("this Pillow has libtiff built in, and its handlers cannot be set")
    with PILLOW_QUIET:
        assert [setter(None) for setter in setters] == [None, None]
    for setter in setters:
        before = setter(None)
        assert before is not None
        setter(before)


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the memory of a process is read as Linux has it"
)
def test_the_memory_of_a_large_picture_goes_back_to_the_system():
    """67 megapixels are 270 MB while they are decoded; four threads, one after another, hold none of it."""
    program = """
import io
from concurrent.futures import ThreadPoolExecutor
from PIL import Image
from toolkit.images import decode

def held():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1]) // 1024

buffer = io.BytesIO()
Image.new("RGB", (9600, 6990), "red").save(buffer, "PNG", compress_level=1)
encoded = buffer.getvalue()
read = lambda: decode(encoded, uri="red.png", working_size=256, max_pixels=10**8).width
with ThreadPoolExecutor(4) as pool:
    before = held()
    assert {future.result() for future in [pool.submit(read) for _ in range(4)]} == {9600}
    print(held() - before)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 100
