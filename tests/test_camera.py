"""What cameras write into files becomes metadata and a place; what is broken or missing says nothing."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from made_up_models import opened
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from toolkit.errors import InputError, QueryError
from toolkit.images import encode_png, read_shot
from toolkit.plugins.interfaces import Record
from toolkit.terms import where
from toolkit.values.types import GeoPoint

ARICA = {1: "S", 2: (18.0, 32.0, 43.5), 3: "W", 4: (70.0, 19.0, 52.4)}


def photo(path, *, gps=None, details=None, seed=0, **tags):
    exif = Image.Exif()
    for tag, value in tags.items():
        exif[int(tag.removeprefix("t"), 16)] = value
    exif.get_ifd(0x8825).update(gps or {})
    exif.get_ifd(0x8769).update(details or {})
    pixels = np.random.default_rng(seed).integers(0, 255, (30, 40, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path, exif=exif)
    return path


def shot(path):
    return read_shot(path.read_bytes(), uri=str(path))


def place(tmp_path, **changes):
    gps = {**ARICA, **{int(tag[1:]): value for tag, value in changes.items()}}
    return shot(
        photo(tmp_path / "a.jpg", gps={tag: value for tag, value in gps.items() if value is not None})
    ).geo


def test_a_place_has_its_references(tmp_path):
    found = place(tmp_path)
    assert (round(found.latitude, 3), round(found.longitude, 3)) == (-18.545, -70.331)
    north_east = place(tmp_path, t1="N", t3="E")
    assert (round(north_east.latitude, 3), round(north_east.longitude, 3)) == (18.545, 70.331)


@pytest.mark.parametrize(
    ("south", "west"), [("s", "w"), ("S\0", "W\0"), (b"S", b"W"), (" S ", "W "), ("South", "West")]
)
def test_references_are_read_as_cameras_write_them(tmp_path, south, west):
    found = place(tmp_path, t1=south, t3=west)
    assert found is not None
    assert (round(found.latitude, 3), round(found.longitude, 3)) == (-18.545, -70.331)


@pytest.mark.parametrize(
    "changes",
    [
        {"t1": None},
        {"t3": "?"},
        {"t2": (IFDRational(0, 0), IFDRational(0, 0), IFDRational(0, 0))},
        {"t2": (95.0, 0.0, 0.0)},
        {"t4": (181.0, 0.0, 0.0)},
        {"t2": (0.0, 0.0, 0.0), "t4": (0.0, 0.0, 0.0)},
    ],
    ids=str,
)
def test_what_is_no_place_says_nothing(tmp_path, changes):
    assert place(tmp_path, **changes) is None


def test_the_moment_of_exposure_counts_before_later_ones(tmp_path):
    taken = {0x9003: "2024:05:01 12:30:00", 0x9004: "2024:06:01 00:00:00", 0x9011: "+02:00"}
    assert shot(photo(tmp_path / "a.jpg", details=taken)).taken_at == "2024-05-01T12:30:00+02:00"
    changed = photo(tmp_path / "b.jpg", t132="2023:01:02 03:04:05", details={0x9003: "0000:00:00 00:00:00"})
    assert shot(changed).taken_at == "2023-01-02T03:04:05"
    assert shot(photo(tmp_path / "c.jpg", details={0x9003: "2023:02:30 00:00:00"})).taken_at == ""


def test_a_camera_is_named_once(tmp_path):
    assert shot(photo(tmp_path / "a.jpg", t10f="ACME\0", t110=" X100 ")).camera == "ACME X100"
    assert shot(photo(tmp_path / "a.jpg", t10f="Canon", t110="Canon EOS R5")).camera == "Canon EOS R5"


def test_a_file_without_or_with_broken_exif_is_read_all_the_same(tmp_path):
    assert shot(photo(tmp_path / "a.jpg")).metadata == {}
    Image.new("RGB", (8, 8)).save(tmp_path / "b.jpg", exif=b"Exif\0\0garbage that is no directory")
    assert shot(tmp_path / "b.jpg").metadata == {}


class TestCollections:
    def test_ordinary_photos_are_found_by_time_and_place(self, tmp_path):
        photo(tmp_path / "a.jpg", gps=ARICA, details={0x9003: "2023:12:31 23:59:59"}, t10f="ACME")
        photo(tmp_path / "b.jpg", seed=1, details={0x9003: "2024:05:01 12:30:00"})
        photo(tmp_path / "c.jpg", seed=2)
        with opened() as photos:
            photos.add(tmp_path)
            a, b, _ = (photos.find(tmp_path / name).id for name in ("a.jpg", "b.jpg", "c.jpg"))

            def taken(wanted):
                return photos.search(where(taken=wanted)).ids

            assert photos.search(where(near=[-18.5, -70.3, 20])).ids == [a]
            assert photos.search(where(metadata={"camera": "ACME"})).ids == [a]
            assert (taken("2023"), taken("2024-05"), taken("2024-05-01T12:30"), taken("2022")) == (
                [a],
                [b],
                [b],
                [],
            )
            assert taken(["2023-12", "2024"]) == [a, b]
            assert taken([None, "2023"]) == [a]
            assert taken(["2024", None]) == [b]

    @pytest.mark.parametrize("wanted", ["May", "2024-5", ["2024"], [None, None], ["2024", "2023"], {"a": 1}])
    def test_what_is_no_time_is_refused(self, wanted):
        with opened() as photos, pytest.raises(QueryError, match=r"where\(taken="):
            photos.search(where(taken=wanted))

    def test_a_nested_taken_at_is_not_the_pictures(self):
        with opened() as photos:
            encoded = encode_png(Image.new("RGB", (32, 32)))
            photos.add([Record(encoded, metadata={"a": {"taken_at": "2024-05-01T00:00:00"}})])
            assert photos.search(where(taken="2024")).ids == []

    def test_what_a_record_says_counts_more(self, tmp_path):
        path = photo(tmp_path / "a.jpg", gps=ARICA, t10f="ACME")
        with opened() as photos:
            photos.add([Record(str(path), metadata={"camera": "mine"}, geo=GeoPoint(1.0, 2.0))])
            (id,) = photos
            assert (photos[id].metadata["camera"], photos[id].geo) == ("mine", GeoPoint(1.0, 2.0))

    def test_older_collections_read_it_with_one_verb(self, tmp_path):
        path = photo(tmp_path / "a.jpg", gps=ARICA, details={0x9003: "2024:05:01 12:30:00"})
        with opened() as photos:
            photos.add(path)
            (id,) = photos
            photos.inputs.update(id, metadata={"camera": "mine"}, geo=None)
            report = photos.reread(progress=False)
            assert (report.updated, report.failed) == (1, ())
            assert photos[id].metadata == {"camera": "mine", "taken_at": "2024-05-01T12:30:00"}
            assert photos[id].geo is not None
            assert photos.reread(progress=False).updated == 0
            path.unlink()
            assert len(photos.reread(progress=False).failed) == 1


def test_a_png_that_claims_too_many_pixels_is_refused_before_one_is_decoded():
    encoded = encode_png(Image.new("RGB", (40, 30)))
    with pytest.raises(InputError, match="40 x 30 pixels, over the limit of 1000"):
        read_shot(encoded, uri="a.png", max_pixels=1000)
    size = struct.pack(">II", 2**30, 2**30)
    header = b"IHDR" + size + encoded[24:29]
    bomb = encoded[:12] + header + struct.pack(">I", zlib.crc32(header)) + encoded[33:]
    with pytest.raises(InputError, match="over the limit"):
        read_shot(bomb, uri="a.png")
