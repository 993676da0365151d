"""Whatever a user may point at becomes records, in a known order, or is refused with the reason."""

from __future__ import annotations

import datetime as dt
import io
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import toolkit_files
from pages import examples_failed
from PIL import Image
from toolkit_files.lists import ListImporter
from toolkit_files.paths import FileImporter, FolderImporter, PatternImporter
from toolkit_files.tables import RowImporter, TableImporter
from toolkit_files.values import RecordImporter, ValueImporter

from toolkit.errors import InputError
from toolkit.files.contents import read_bytes
from toolkit.images import decode
from toolkit.plugins import Failure, Record
from toolkit.testing import ImporterContract
from toolkit.values.types import Box, Detection, GeoPoint


def importer_of(source: object) -> str | None:
    names = [importer.name for importer in toolkit_files.toolkit_importers() if importer.accepts(source)]
    assert len(names) < 2, f"several accept it: {names}"
    return names[0] if names else None


def records(source: object) -> list[Record | Failure]:
    chosen = next(importer for importer in toolkit_files.toolkit_importers() if importer.accepts(source))
    return list(chosen.records(source))


def names(source: object, root: Path) -> list[str]:
    return [Path(str(record.origin)).relative_to(root).as_posix() for record in records(source)]


def refusal(source: object) -> InputError:
    with pytest.raises(InputError) as caught:
        records(source)
    return caught.value


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for name in (
        "b.JPG",
        "a.png",
        "notes.txt",
        ".hidden.jpg",
        "sub/c.jpeg",
        "sub/.git/d.jpg",
        "sub/deep/e.tif",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    return tmp_path


class TestFile(ImporterContract):
    importer = FileImporter()

    def origin(self, tmp_path: Path) -> object:
        (tmp_path / "a.jpg").touch()
        return tmp_path / "a.jpg"


class TestFolder(ImporterContract):
    importer = FolderImporter()

    def origin(self, tmp_path: Path) -> object:
        (tmp_path / "a.jpg").touch()
        return tmp_path


class TestPattern(ImporterContract):
    importer = PatternImporter()

    def origin(self, tmp_path: Path) -> object:
        (tmp_path / "a.jpg").touch()
        return tmp_path / "*.jpg"


class TestValue(ImporterContract):
    importer = ValueImporter()

    def origin(self, tmp_path: Path) -> object:
        return np.zeros((4, 4))


class TestRecord(ImporterContract):
    importer = RecordImporter()

    def origin(self, tmp_path: Path) -> object:
        return Record("a.jpg")


class TestRow(ImporterContract):
    importer = RowImporter()

    def origin(self, tmp_path: Path) -> object:
        return {"path": "a.jpg"}


class TestTable(ImporterContract):
    importer = TableImporter()

    def origin(self, tmp_path: Path) -> object:
        return pd.DataFrame({"path": ["a.jpg", "b.jpg"]})


class TestList(ImporterContract):
    importer = ListImporter()

    def origin(self, tmp_path: Path) -> object:
        return ["a.jpg", b"bytes"]


class Nameless(os.PathLike):
    def __fspath__(self) -> bytes:
        return b"bytes"


@pytest.mark.parametrize(
    ("source", "importer"),
    [
        ("missing.jpg", "file"),
        (Path("missing.jpg"), "file"),
        ("", "file"),
        ("a\0b", "file"),
        ("x" * 5000, "file"),
        (".", "folder"),
        (Path(), "folder"),
        ("*.jpg", "pattern"),
        (Path("photos/**/*.png"), "pattern"),
        ("https://example.org/*.jpg", "value"),
        ("s3://bucket/a.jpg", "value"),
        ("s3://bucket/photos/", "address"),
        ("s3://bucket/**/*.jpg", "address"),
        ("s3://bucket", "address"),
        (b"bytes", "value"),
        (bytearray(b"bytes"), "value"),
        (Image.new("L", (2, 2)), "value"),
        (np.zeros((2, 2)), "value"),
        (np.zeros((2, 2, 2, 3)), "list"),
        (Record("a.jpg"), "record"),
        ({"path": "a.jpg"}, "row"),
        (pd.DataFrame({"path": []}), "table"),
        (pd.Series(["a.jpg"]), "list"),
        (["a.jpg"], "list"),
        ((path for path in ()), "list"),
        ({"a.jpg"}, "list"),
        (None, None),
        (3, None),
        (io.BytesIO(b"an open file"), None),
        (Nameless(), "file"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_source_is_accepted_by_exactly_one_importer(source: object, importer: str | None) -> None:
    assert importer_of(source) == importer


def test_a_file_is_one_record_with_its_absolute_path(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(photos)
    assert records("sub/c.jpeg") == [Record(str(photos / "sub" / "c.jpeg"))]
    assert records(Path("sub/../a.png")) == [Record(str(photos / "a.png"))]
    assert records("notes.txt") == [Record(str(photos / "notes.txt"))]  # named by hand: taken at its word


def test_home_is_expanded(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(photos))
    monkeypatch.setenv("USERPROFILE", str(photos))
    assert records("~/a.png") == [Record(str(photos / "a.png"))]
    assert names("~/sub", photos) == ["sub/c.jpeg", "sub/deep/e.tif"]
    assert names("~/*.png", photos) == ["a.png"]
    assert names(["~/a.png"], photos) == ["a.png"]


def test_a_missing_path_is_refused_with_the_nearest_folder(photos: Path) -> None:
    error = refusal(str(photos / "sub" / "no" / "such.jpg"))
    assert error.uri == str(photos / "sub" / "no" / "such.jpg")
    assert error.reason == f"no such file or folder; the nearest folder is {photos / 'sub'}"


@pytest.mark.parametrize("path", ["", "a\0b", "x" * 5000, Nameless()], ids=["empty", "nul", "long", "bytes"])
def test_a_path_that_cannot_be_one_is_refused(path: object) -> None:
    refusal(path)


def test_a_folder_gives_its_pictures_in_order_without_hidden_ones(photos: Path) -> None:
    assert names(photos, photos) == ["a.png", "b.JPG", "sub/c.jpeg", "sub/deep/e.tif"]


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert records(tmp_path) == []


def test_links_to_folders_are_followed_once_and_circles_end(
    photos: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "f.jpg").touch()
    (other / "back").symlink_to(photos)
    (photos / "link").symlink_to(other)
    (photos / "sub" / "self").symlink_to(photos)
    assert names(photos, photos) == ["a.png", "b.JPG", "link/f.jpg", "sub/c.jpeg", "sub/deep/e.tif"]


@pytest.fixture
def locked(photos: Path) -> Iterable[Path]:
    """A folder with one that may not be entered; root may enter every folder."""
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        pytest.skip("permissions stop nobody here")
    (photos / "sub").chmod(0)
    yield photos
    (photos / "sub").chmod(0o700)


def test_a_folder_that_cannot_be_read_is_a_record_and_so_reported(locked: Path) -> None:
    assert names(locked, locked) == ["a.png", "b.JPG", "sub"]


def test_awkward_names_come_through_a_folder_and_are_read(tmp_path: Path) -> None:
    awkward = [
        "-rf.jpg",
        "#?%20&.jpg",
        'it\'s "q".jpg',
        "two\nlines.jpg",
        "x" * 250 + ".jpg",
        "犬.jpg",
        "e\u0301.jpg",
    ]
    for name in awkward:
        (tmp_path / name).write_bytes(b"content")
    assert sorted(names(tmp_path, tmp_path)) == sorted(awkward)
    assert {read_bytes(str(record.origin), max_bytes=10) for record in records(tmp_path)} == {b"content"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every file name is Unicode")
def test_a_name_that_is_not_unicode_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.jpg")).write_bytes(b"content")
    (record,) = records(tmp_path)
    assert read_bytes(str(record.origin), max_bytes=10) == b"content"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", ["a.png", "b.JPG"]),
        ("**", ["a.png", "b.JPG", "sub/c.jpeg", "sub/deep/e.tif"]),
        ("**/*", ["a.png", "b.JPG", "sub/c.jpeg", "sub/deep/e.tif"]),
        ("**/*.tif", ["sub/deep/e.tif"]),
        ("*/*", ["sub/c.jpeg"]),
        ("[ab].*", ["a.png", "b.JPG"]),
        ("*.txt", ["notes.txt"]),  # its own extension: taken at its word
        (".hid*", [".hidden.jpg"]),
    ],
)
def test_a_pattern_gives_what_it_matches(photos: Path, pattern: str, expected: list[str]) -> None:
    assert names(str(photos / pattern), photos) == expected


def test_a_pattern_that_matches_nothing_is_refused_with_the_nearest_folder(photos: Path) -> None:
    assert (
        refusal(photos / "sub" / "*.gif").reason == f"nothing matches; the nearest folder is {photos / 'sub'}"
    )


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(photos: Path) -> None:
    (photos / "photo[1].jpg").touch()
    assert importer_of(photos / "photo[1].jpg") == "file"
    assert names([str(photos / "photo[1].jpg")], photos) == ["photo[1].jpg"]


def test_urls_bytes_and_records_are_taken_as_they_are() -> None:
    assert records("https://example.org/a.jpg") == [Record("https://example.org/a.jpg")]
    assert records(memoryview(b"bytes")) == [Record(b"bytes")]
    assert records(Record("a.jpg", id="x")) == [Record("a.jpg", id="x")]


def test_a_pil_image_and_an_array_become_the_same_png() -> None:
    array = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    (from_array,), (from_image,) = records(array), records(Image.fromarray(array))
    assert from_array == from_image
    picture = decode(bytes(from_array.origin), uri="x", working_size=None, max_pixels=100)
    assert (np.asarray(picture.image) == array).all()


def test_a_list_may_mix_everything(photos: Path) -> None:
    mixed = [
        str(photos / "sub"),
        photos / "*.png",
        b"bytes",
        "https://example.org/a.jpg",
        Record("a.jpg"),
        {"bytes": b"more", "id": 7},
        [photos / "b.JPG"],
        pd.DataFrame({"url": ["https://example.org/b.jpg"]}),
    ]
    assert [record.origin for record in records(mixed)] == [
        str(photos / "sub" / "c.jpeg"),
        str(photos / "sub" / "deep" / "e.tif"),
        str(photos / "a.png"),
        b"bytes",
        "https://example.org/a.jpg",
        "a.jpg",
        b"more",
        str(photos / "b.JPG"),
        "https://example.org/b.jpg",
    ]


def test_a_list_is_read_lazily_and_a_missing_file_does_not_stop_it(tmp_path: Path) -> None:
    def endless() -> Iterable[str]:
        while True:
            yield str(tmp_path / "missing.jpg")

    (chosen,) = (importer for importer in toolkit_files.toolkit_importers() if importer.accepts(endless()))
    several = chosen.records(endless())
    assert [next(several), next(several)] == [Record(str(tmp_path / "missing.jpg"))] * 2


def test_a_stack_of_arrays_is_a_list_of_pictures() -> None:
    assert len(records(np.zeros((5, 4, 4, 3), np.uint8))) == 5


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (3, "neither a picture nor a list of them: int"),
        (np.zeros((2, 2, 7)), "a picture has shape (h, w), (h, w, 3) or (h, w, 4), not (2, 2, 7)"),
    ],
)
def test_an_item_that_is_no_picture_is_refused_with_its_number(item: object, reason: str) -> None:
    error = refusal([b"bytes", item])
    assert (error.uri, error.reason) == ("<item 1>", reason)


def test_a_row_says_everything_that_is_known_of_a_picture() -> None:
    region = Detection(Box(0, 0, 0.5, 0.5), {"cat": 1.0})
    row = {
        "url": "https://example.org/a.jpg",
        "id": 7,
        "lat": 48.2,
        "lon": np.float32(16.5),
        "dataset": "vienna",
        "concepts": {"dog": 1, "cat": 0.0},
        "regions": [region],
        "metadata": {"camera": {"model": "Leica"}},
        "taken": dt.date(2024, 5, 1),
        "iso": np.int64(200),
        "tags": np.array(["a", "b"]),
        "file": Path("a/b"),
        "lens": None,
    }
    assert records(row) == [
        Record(
            "https://example.org/a.jpg",
            id="7",
            metadata={
                "camera": {"model": "Leica"},
                "taken": "2024-05-01",
                "iso": 200,
                "tags": ["a", "b"],
                "file": str(Path("a/b")),
            },
            geo=GeoPoint(48.2, 16.5),
            datasets=("vienna",),
            concepts={"dog": 1.0, "cat": 0.0},
            regions=(region,),
        )
    ]


def test_a_table_gives_a_record_per_row_without_its_missing_values() -> None:
    frame = pd.DataFrame(
        {
            "uri": ["https://example.org/a.jpg", "https://example.org/b.jpg"],
            "lat": [48.2, np.nan],
            "lon": [16.4, np.nan],
            "dataset": [["a", "b"], None],
            "year": pd.array([2024, None], dtype="Int64"),
            "taken": [pd.Timestamp("2024-05-01 12:00"), pd.NaT],
            "note": ["fine", np.nan],
            3: [1.5, 2.5],
        }
    )
    assert records(frame) == [
        Record(
            "https://example.org/a.jpg",
            metadata={"year": 2024, "taken": "2024-05-01T12:00:00", "note": "fine", "3": 1.5},
            geo=GeoPoint(48.2, 16.4),
            datasets=("a", "b"),
        ),
        Record("https://example.org/b.jpg", metadata={"3": 2.5}),
    ]


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ({"path": "b.jpg"}, "give one of uri, path, url, image, bytes; found path, url"),
        ({"lat": 1.0}, "each of 'lat' and 'lon' is a number, not None"),
        ({"lat": 91.0, "lon": 0.0}, "(91.0, 0.0) is not (latitude, longitude): within 90 and 180 degrees"),
        ({"lat": "1", "lon": "2"}, "each of 'lat' and 'lon' is a number, not '1'"),
        ({"dataset": 3}, "'dataset' is a name or a list of names, not 3"),
        ({"concepts": ["dog"]}, "'concepts' maps names to values in [0, 1], not list"),
        ({"concepts": {"dog": "yes"}}, "the value of 'dog' is a number, not 'yes'"),
        ({"regions": [1]}, "'regions' is a list of toolkit.values.types.Detection"),
        ({"metadata": 3}, "'metadata' is a mapping, not int"),
        ({"x": float("inf")}, "metadata is JSON, and inf is not"),
        ({"x": {1, 2}}, "metadata is JSON, and {1, 2} is not"),
    ],
)
def test_a_row_that_makes_no_sense_is_a_failure_and_the_rows_beside_it_are_read(
    extra: dict[str, object], reason: str
) -> None:
    good = {"url": "https://example.org/b.jpg"}
    rows = [{"url": "https://example.org/a.jpg", **extra}, good]
    assert records(pd.DataFrame(rows, dtype=object)) == [
        Failure("<row 0>", reason),
        Record("https://example.org/b.jpg"),
    ]


def test_a_dictionary_without_a_picture_is_a_failure() -> None:
    reason = "give one of uri, path, url, image, bytes; found none"
    assert records([b"bytes", {"id": "x"}]) == [Record(b"bytes"), Failure("<item 1>", reason)]


def test_a_table_without_pictures_is_refused() -> None:
    assert refusal(pd.DataFrame({"name": ["a"]})).reason == (
        "none of the columns ['name'] is a picture: uri, path, url, image, bytes"
    )


def test_pandas_is_not_imported_to_add_a_folder(photos: Path) -> None:
    code = "import sys, toolkit_files as f; " + (
        f"print(sum(i.accepts({str(photos)!r}) for i in f.toolkit_importers()), 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False"]


def test_the_examples_of_its_page_run() -> None:
    assert examples_failed("docs/plugins/files.md") == ""
