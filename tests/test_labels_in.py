"""Labels come in right and stay right: their frames, what importing again changes, and what the report says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import toolkit
from toolkit.errors import InputError, QueryError
from toolkit.images import stored_orientation
from toolkit.indexing.label_counts import LabelCounts
from toolkit.plugins import Failure, Frame, Label, Record, plain_name
from toolkit.testing import pictures
from toolkit.values.types import Box, Detection

SIDE = st.integers(0, 99)
ORIENTATION = st.integers(1, 8)


@st.composite
def boxes(draw):
    left, top = draw(SIDE), draw(SIDE)
    right, bottom = draw(st.integers(left + 1, 100)), draw(st.integers(top + 1, 100))
    return Box(top / 100, left / 100, bottom / 100, right / 100)


@given(boxes(), ORIENTATION, st.sampled_from(["auto", "stored", "upright"]), st.booleans())
def test_a_frame_and_its_inverse_are_one(box, orientation, meant, is_stated):
    width, height = 300, 200  # upright
    stored = (height, width) if orientation >= 5 and meant != "upright" else (width, height)
    frame = Frame(*(map(float, stored) if is_stated else (0.0, 0.0)), meant)
    size = {"width": width, "height": height, "orientation": orientation}
    assert tuple(frame.box(frame.corners(box, **size), **size)) == pytest.approx(tuple(box))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(80.0, 60.0), (0.0, 0.0), (40.0, 30.0)])
def test_a_box_of_the_stored_picture_lies_where_pillow_turns_it(orientation, size):
    pixels = np.zeros((60, 80), np.uint8)
    pixels[6:18, 8:40] = 255
    exif = Image.Exif()
    exif[0x112] = orientation
    image = Image.fromarray(pixels)
    image.info["exif"] = exif.tobytes()
    from PIL import ImageOps

    upright = np.asarray(ImageOps.exif_transpose(image))
    height, width = upright.shape
    scale = (size[0] or 80) / 80
    box = Frame(*size, "stored").box(
        (8 * scale, 6 * scale, 40 * scale, 18 * scale), width=width, height=height, orientation=orientation
    )
    left, upper, right, lower = box.pixels(width=width, height=height)
    assert upright[upper:lower, left:right].min() == 255
    assert upright.sum() == upright[upper:lower, left:right].sum()


@pytest.mark.parametrize(
    ("frame", "orientation", "is_stored"),
    [
        (Frame(80, 60), 6, True),
        (Frame(160, 120), 6, True),
        (Frame(60, 80), 6, False),
        (Frame(80, 60), 3, False),
        (Frame(80, 60, "stored"), 3, True),
        (Frame(80, 60, "upright"), 6, False),
        (Frame(), 6, False),
        (Frame(0, 0), 6, False),
        (Frame(70, 70), 6, False),
    ],
)
def test_which_picture_is_meant_follows_from_the_stated_size(frame, orientation, is_stored):
    width, height = (60, 80) if orientation >= 5 else (80, 60)
    plain = Frame(frame.width, frame.height, "stored" if is_stored else "upright")
    corners = (0.0, 0.0, frame.width / 4 or 10.0, frame.height / 2 or 10.0)
    size = {"width": width, "height": height, "orientation": orientation}
    assert frame.box(corners, **size) == plain.box(corners, **size)


def test_boxes_are_clipped_and_nothing_is_made_of_nothing():
    frame = Frame(100, 100)
    assert frame.box((-10, 0, 50, 50), width=10, height=10) == Box(0, 0, 0.5, 0.5)
    assert frame.box((50, 50, 0, 0), width=10, height=10) == Box(0, 0, 0.5, 0.5)
    for corners in ((5, 5, 5, 9), (101, 0, 120, 9), (float("nan"), 0, 1, 1)):
        assert frame.box(corners, width=10, height=10) is None
    for size in ((0, 5), (-1, 5), (float("nan"), 5)):
        with pytest.raises(QueryError):
            Frame(*size)


@pytest.mark.parametrize(
    "made",
    [
        lambda: Record(""),
        lambda: Record(3),
        lambda: Record("a.png", concepts={" ": 1.0}),
        lambda: Record("a.png", concepts={"dog": 2}),
        lambda: Record("a.png", concepts={"dog": float("nan")}),
        lambda: Record("a.png", concepts={3: 1.0}),
        lambda: Record("a.png", datasets=("",)),
        lambda: Record("a.png", labels=("dog",)),
        lambda: Record("a.png", regions=(Detection(Box(0, 0, 1, 1), {"dog": "yes"}),)),
    ],
)
def test_a_record_that_cannot_be_is_refused_where_it_is_made(made):
    with pytest.raises(InputError):
        made()


@pytest.mark.parametrize("source", ["ann", "human:", "robot:x"])
def test_a_label_has_a_source_that_is_one(source):
    with pytest.raises(QueryError, match="is not a source"):
        Label({"dog": 1.0}, source=source)


def test_how_a_file_is_stored_is_read_from_its_header():
    import io

    exif = Image.Exif()
    exif[0x112] = 6
    for format in ("JPEG", "PNG", "WEBP"):
        file = io.BytesIO()
        Image.new("RGB", (8, 6)).save(file, format, exif=exif)
        assert stored_orientation(file.getvalue(), uri="x") == 6


@pytest.fixture
def photos():
    with toolkit.open(workflow="none") as opened:
        yield opened


@pytest.fixture
def files(tmp_path):
    made = []
    for number, one in enumerate(pictures(3)):
        path = tmp_path / f"{number}.png"
        one.save(path)
        made.append(path)
    return made


def record(path: Path, *labels: Label, **more: object) -> Record:
    return Record(str(path), labels=labels, label_file="table:x", **more)


def said(photos) -> dict:
    return {one.source: dict(one.concepts) for one in photos.annotations.of(list(photos)) if one.concepts}


class TestImportingAgain:
    """A three-way merge: what the import said, what it says now, and what is in the collection."""

    def test_what_the_label_file_no_longer_says_is_taken_back(self, photos, files):
        photos.add([record(files[0], Label({"cat": 1.0, "old": 1.0}))])
        report = photos.add([record(files[0], Label({"dog": 1.0, "old": 0.5}))])
        assert said(photos) == {"human:me": {"dog": 1.0, "old": 0.5}}
        counts = report.labels
        assert (counts.read, counts.written, counts.changed, counts.removed) == (2, 1, 1, 1)
        assert (report.updated, report.skipped, report.added) == (1, 0, 0)

    def test_the_same_again_changes_nothing(self, photos, files):
        table = [
            record(
                files[0],
                Label({"cat": 1.0}),
                Label({"ear": 1.0}, (0.1, 0.1, 0.5, 0.5)),
                Label({}, (0, 0, 0.5, 0.5)),
            )
        ]
        photos.add(table)
        revision = photos.info()["revision"]
        report = photos.add(table)
        assert (report.labels.unchanged, report.skipped, photos.info()["revision"]) == (3, 1, revision)

    def test_a_correction_made_in_the_collection_stays(self, photos, files):
        photos.add([record(files[0], Label({"cat": 1.0}))])
        (id,) = photos
        photos.annotate(id, concept="cat", value=0)
        photos.annotate(id, concept="mine")
        report = photos.add([record(files[0], Label({"cat": 0.75}))])
        assert said(photos) == {"human:me": {"cat": 0.0, "mine": 1.0}}
        assert report.labels.kept == 1
        photos.add([record(files[0])])
        assert said(photos) == {"human:me": {"cat": 0.0, "mine": 1.0}}

    def test_a_label_taken_back_in_the_collection_is_not_made_again(self, photos, files):
        table = [record(files[0], Label({"cat": 1.0, "dog": 1.0}))]
        photos.add(table)
        (annotation,) = photos.annotations
        photos.annotations.remove_concept(annotation, "cat")
        assert (photos.add(table).labels.kept, said(photos)) == (1, {"human:me": {"dog": 1.0}})

    def test_what_others_say_stays(self, photos, files):
        photos.add([Record(str(files[0]), labels=(Label({"other": 1.0}),), label_file="table:y")])
        photos.add([record(files[0], Label({"cat": 1.0}), Label({"net": 0.5}, source="model:net@1"))])
        photos.annotate(list(photos), concept="ann says", user="ann")
        photos.add([record(files[0])])
        assert said(photos) == {"human:me": {"other": 1.0}, "human:ann": {"ann says": 1.0}}

    def test_a_box_that_nobody_speaks_of_any_more_goes(self, photos, files):
        box = Label({"ear": 1.0}, (0.1, 0.1, 0.5, 0.5))
        photos.add([record(files[0], box)])
        report = photos.add([record(files[0], Label({"ear": 1.0}, (0.2, 0.2, 0.5, 0.5)))])
        assert [tuple(box) for box in photos.regions.values()] == [(0.2, 0.2, 0.5, 0.5)]
        assert (report.labels.written, report.labels.removed) == (1, 1)

    def test_nothing_is_taken_back_where_some_labels_could_not_be_read(self, photos, files):
        photos.add([record(files[0], Label({"cat": 1.0}))])
        photos.add([record(files[0], Label({"dog": 1.0}), is_partial=True)])
        assert said(photos) == {"human:me": {"cat": 1.0, "dog": 1.0}}

    def test_nothing_is_taken_back_by_what_has_no_place_of_its_own(self, photos, files):
        photos.add([Record(str(files[0]), concepts={"cat": 1.0})])
        photos.add([Record(str(files[0]), concepts={"dog": 1.0})])
        assert said(photos) == {"human:me": {"cat": 1.0, "dog": 1.0}}

    def test_two_records_of_one_picture_in_one_run_add_up(self, photos, files):
        for _ in range(2):
            photos.add([record(files[0], Label({"cat": 1.0})), record(files[0], Label({"dog": 1.0}))])
            assert said(photos) == {"human:me": {"cat": 1.0, "dog": 1.0}}

    def test_a_box_but_for_rounding_is_the_same_region(self, photos, files):
        photos.add([record(files[0], Label({"ear": 1.0}, (1 / 3, 0.1, 0.5, 0.5)))])
        report = photos.add([record(files[0], Label({"ear": 1.0}, (0.33333333, 0.1, 0.5, 0.5)))])
        assert (len(photos.regions), report.labels.unchanged) == (1, 1)

    def test_metadata_of_a_label_file_reaches_a_picture_that_is_there(self, photos, files):
        photos.add(files[0])
        photos.add([record(files[0], metadata={"coco": {"id": 3}})])
        assert photos[next(iter(photos))].metadata == {"coco": {"id": 3}}

    def test_new_boxes_of_a_picture_that_is_there_are_embedded(self, files):
        with toolkit.open() as photos:
            photos.add(files[0], progress=False)
            photos.add([record(files[0], Label({"ear": 1.0}, (0.1, 0.1, 0.5, 0.5)))], progress=False)
            assert len(next(iter(photos.snapshot().spaces.values())).rows) == 2


class TestReport:
    """Nothing is dropped or invented without a word."""

    def test_labels_are_counted_and_what_is_dropped_has_a_reason(self, photos, files):
        labels = (Label({"a": 1.0}, (2.0, 2.0, 3.0, 3.0)), Label({"b": 1.0}), Label({"b": 1.0}))
        report = photos.add([record(files[0], *labels, dropped={"points, which have no box": 2})])
        assert report.labels == LabelCounts(
            read=5, written=1,
            dropped={"points, which have no box": 2, "empty or outside the picture": 1, "said twice": 1},
        )  # fmt: skip
        assert "labels: 5 read, 1 written, 4 dropped (2 points, which have no box; 1 empty or outside" in str(
            report
        )
        assert report.to_dict()["labels"]["dropped"]["said twice"] == 1

    def test_labels_of_a_picture_that_cannot_be_read_are_lost_with_it(self, photos, tmp_path):
        (tmp_path / "bad.png").write_bytes(b"x")
        for _ in range(2):
            report = photos.add([record(tmp_path / "bad.png", Label({"a": 1.0, "b": 1.0}))])
            assert (report.labels.read, report.labels.dropped) == (2, {"with what failed": 2})

    def test_failures_of_an_importer_are_reported_and_the_rest_goes_on(self, photos, files):
        class Half:
            name = "half"

            def accepts(self, origin: object) -> bool:
                return origin == "half"

            def records(self, origin: object):
                yield record(files[0], Label({"a": 1.0}))
                yield Failure("half, row 2", "is empty", labels=1)
                yield record(files[1], Label({"a": 1.0}))

        photos.registry.add(Half(), kind="importers")
        report = photos.add("half")
        assert (report.added, report.labels.written, report.labels.read) == (2, 2, 3)
        assert [(one.uri, one.reason) for one in report.failed] == [("half, row 2", "is empty")]

    def test_every_label_read_has_an_outcome(self, photos, files):
        photos.add([record(files[0], Label({"cat": 1.0, "dog": 1.0}))])
        photos.annotate(list(photos), concept="dog", value=0)
        labels = (Label({"cat": 0.5, "dog": 0.5, "new": 1.0}), Label({"x": 1.0}, (3, 3, 4, 4)))
        counts = photos.add([record(files[0], *labels)]).labels
        outcomes = (
            counts.written + counts.changed + counts.unchanged + counts.kept + sum(counts.dropped.values())
        )
        assert outcomes == counts.read == 4


class TestNames:
    """One name, however it was typed."""

    @given(st.text(min_size=1).filter(str.strip))
    def test_writing_a_name_twice_is_writing_it_once(self, name):
        assert plain_name(plain_name(name)) == plain_name(name)

    @pytest.mark.parametrize("name", ["Sen\u0303al", " Se\xf1al", "Se\xf1al\n", "\ufeffSe\xf1al\u200b"])
    def test_concepts_are_one_in_any_form(self, photos, files, name):
        photos.add(files[:2])
        first, second = photos
        photos.annotate(first, concept="Se\xf1al")
        photos.annotate(second, concept=name)
        assert list(photos.concepts) == ["Se\xf1al"]
        assert photos.concepts[name].id == "Se\xf1al"
        assert name in photos.concepts
        photos.concepts.add(name, names={"en": [" signal "]})
        assert photos.concepts["Se\xf1al"].names["en"] == ("signal",)

    def test_case_is_kept_and_an_own_id_of_another_case_comes_before_translators(self, photos, files):
        photos.add(files[:1])
        photos.annotate(list(photos), concept="Brown Dog")
        assert list(photos.concepts) == ["Brown Dog"]
        assert photos.concepts.meanings("brown  dog")[0].concept == "Brown Dog"
