"""Adding: every form of source, what is done once, what is done again, and what is reported."""

import os
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import joblib
import numpy as np
import pytest
from made_up_models import CORNER, Colors, Corner, Light, annotations, opened, write_pictures
from PIL import Image

import toolkit
from toolkit.errors import ContractError, InputError, PluginError, PluginWarning, StoreError, UnknownNameError
from toolkit.images import encode_png
from toolkit.indexing import opening
from toolkit.indexing.label_counts import LabelCounts
from toolkit.indexing.recording import Recorder
from toolkit.plugins.interfaces import Record
from toolkit.testing import pictures
from toolkit.values.types import Box, Detection, GeoPoint


def counts(report):
    return report.added, report.skipped, report.indexed, len(report.failed)


def spoil(path):
    """Put other bytes in a file that nobody can tell from the old ones without reading them."""
    status = path.stat()
    path.write_bytes(b"x" * status.st_size)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def touch_later(path):
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))


@pytest.fixture
def photos():
    with opened() as collection:
        yield collection


@pytest.fixture
def serving(tmp_path):
    asked = []

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            asked.append(self.path)

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    server.server_close()


class TestSources:
    def test_a_folder(self, photos, tmp_path):
        paths = write_pictures(tmp_path / "a", 3) + write_pictures(tmp_path / "a" / "b", 2, seed=1)
        assert counts(photos.add(tmp_path / "a")) == (5, 0, 0, 0)
        assert sorted(photos[id].uri for id in photos) == sorted(map(str, paths))

    def test_a_file(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        assert counts(photos.add(str(path))) == (1, 0, 0, 0)
        found = photos.find(path)
        assert (found.uri, found.width, found.height, found.status) == (str(path), 60, 53, "success")

    def test_a_pattern(self, photos, tmp_path):
        write_pictures(tmp_path, 12)
        assert counts(photos.add(str(tmp_path / "00*.png"))) == (10, 0, 0, 0)

    def test_bytes_are_kept_beside_the_store(self, tmp_path):
        encoded = encode_png(pictures(1)[0])
        with opened(tmp_path / "p.db") as photos:
            assert counts(photos.add(encoded)) == (1, 0, 0, 0)
            (id,) = photos
            assert photos[id].uri == f"bytes:{photos[id].sha256}"
            assert photos.image(id).tobytes() == pictures(1)[0].tobytes()
        kept = [path for path in (tmp_path / "p.db.files").rglob("*") if path.is_file()]
        assert [path.read_bytes() for path in kept] == [encoded]

    def test_bytes_of_a_collection_in_memory_last_as_long_as_it(self, photos):
        photos.add(encode_png(pictures(1)[0]))
        (id,) = photos
        assert photos.image(id).size == (60, 53)

    def test_a_url_is_fetched_once_and_kept(self, tmp_path, serving):
        address, asked = serving
        (path,) = write_pictures(tmp_path, 1)
        with opened(allow_urls=(address,)) as photos:
            assert counts(photos.add(address + path.name)) == (1, 0, 0, 0)
            assert counts(photos.add(address + path.name)) == (0, 1, 0, 0)
            assert len(asked) == 1
            path.unlink()
            assert photos.image(photos.find(address + path.name).id).size == (60, 53)

    def test_a_url_that_failed_is_asked_again(self, tmp_path, serving):
        address, _ = serving
        with opened(allow_urls=(address,)) as photos:
            assert counts(photos.add(address + "000.png")) == (0, 0, 0, 1)
            write_pictures(tmp_path, 1)
            assert counts(photos.add(address + "000.png")) == (1, 0, 0, 0)

    def test_a_private_address_is_not_fetched_unless_allowed(self, photos, serving):
        (failure,) = photos.add(serving[0] + "000.png").failed
        assert "is not a public address" in failure.reason

    def test_an_iterable_of_anything(self, photos, tmp_path):
        paths = write_pictures(tmp_path / "a", 4)
        image, array = pictures(2, seed=7)
        mixed = [tmp_path / "a", paths[0].read_bytes(), image, np.asarray(array), str(paths[1])]
        assert counts(photos.add(iter(mixed))) == (6, 2, 0, 0)

    def test_a_table(self, photos, tmp_path):
        pandas = pytest.importorskip("pandas")
        paths = write_pictures(tmp_path, 2)
        frame = pandas.DataFrame(
            {
                "path": paths,
                "id": ["one", "two"],
                "lat": [48.1, None],
                "lon": [11.6, None],
                "dataset": ["town", "sea"],
                "concepts": [{"porch": 1}, {"porch": 0}],
                "camera": ["Leica", None],
            }
        )
        assert counts(photos.add(frame)) == (2, 0, 0, 0)
        one, two = photos["one"], photos["two"]
        assert (dict(one.metadata), one.geo, one.datasets) == (
            {"camera": "Leica"},
            GeoPoint(48.1, 11.6),
            ("town",),
        )
        assert (dict(two.metadata), two.geo, two.datasets) == ({}, None, ("sea",))
        said = [(one.source, dict(one.concepts)) for id in ("one", "two") for one in annotations(photos, id)]
        assert said == [("human:me", {"porch": 1.0}), ("human:me", {"porch": 0.0})]

    def test_an_origin_that_no_importer_reads(self, photos):
        with pytest.raises(InputError, match="no importer reads int; there are: file, folder"):
            photos.add(7)

    def test_a_path_that_is_not_there(self, photos, tmp_path):
        with pytest.raises(InputError, match="no such file or folder"):
            photos.add(tmp_path / "nothing")

    def test_an_empty_folder(self, photos, tmp_path):
        assert counts(photos.add(tmp_path)) == (0, 0, 0, 0)


class TestOnce:
    def test_what_is_there_is_not_read_again(self, photos, tmp_path):
        paths = write_pictures(tmp_path, 3)
        photos.add(tmp_path)
        for path in paths:
            spoil(path)
        assert counts(photos.add(tmp_path)) == (0, 3, 0, 0)

    def test_only_what_is_new_is_read(self, photos, tmp_path):
        for path in write_pictures(tmp_path, 2):
            photos.add(path)
            spoil(path)
        Image.new("RGB", (9, 9), "teal").save(tmp_path / "new.png")
        assert counts(photos.add(tmp_path)) == (1, 2, 0, 0)

    def test_the_same_content_is_one_input(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        (tmp_path / "copy.png").write_bytes(path.read_bytes())
        assert counts(photos.add(tmp_path)) == (1, 1, 0, 0)
        assert counts(photos.add(path.read_bytes())) == (0, 1, 0, 0)
        assert photos.find(path) == photos.find(tmp_path / "copy.png") == photos[next(iter(photos))]
        assert counts(photos.add(tmp_path)) == (0, 2, 0, 0)

    def test_a_copy_is_not_read_again_either(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        copy = tmp_path / "copy.png"
        copy.write_bytes(path.read_bytes())
        photos.add(tmp_path)
        spoil(copy)
        assert counts(photos.add(tmp_path)) == (0, 2, 0, 0)

    def test_a_file_that_changed_is_a_new_input_and_the_old_one_stays(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        photos.add(path)
        old = photos.find(path)
        photos.annotate(old, concept="porch")
        Image.new("RGB", (80, 20), "teal").save(path)
        assert counts(photos.add(path)) == (1, 0, 0, 0)
        new = photos.find(path)
        assert (len(photos), new.width, new.uri) == (2, 80, old.uri)
        with pytest.raises(InputError, match="changed since it was added"):
            photos.image(old.id)
        assert [dict(one.concepts) for one in annotations(photos, old.id)] == [{"porch": 1.0}]
        assert len(photos.thumbnail(old.id)) > 0

    def test_a_file_that_was_only_touched_is_known_by_its_content(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        photos.add(path)
        touch_later(path)
        assert counts(photos.add(path)) == (0, 1, 0, 0)
        spoil(path)
        assert counts(photos.add(path)) == (0, 1, 0, 0)

    def test_a_bad_file_is_read_again_only_when_it_changes(self, photos, tmp_path):
        bad = tmp_path / "bad.png"
        bad.write_bytes(b"not a picture")
        first = photos.add(tmp_path)
        assert [(one.uri, one.reason) for one in first.failed] == [
            (str(bad), "not a picture in a known format")
        ]
        status = bad.stat()
        bad.write_bytes(encode_png(pictures(1)[0])[: status.st_size])
        os.utime(bad, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert photos.add(tmp_path).failed == first.failed
        write_pictures(tmp_path, 1)[0].replace(bad)
        assert counts(photos.add(tmp_path)) == (1, 0, 0, 0)
        assert photos.info()["failed"] == 0

    def test_a_deleted_input_comes_back_if_it_is_added_again(self, photos, tmp_path):
        write_pictures(tmp_path, 2)
        photos.add(tmp_path)
        photos.delete(next(iter(photos)))
        assert counts(photos.add(tmp_path)) == (1, 1, 0, 0)


class TestRecords:
    def test_an_id_of_ones_own_names_the_input(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        photos.add([Record(str(path), id="rex")])
        assert photos["rex"].uri == str(path)

    def test_a_known_file_with_another_id_is_another_input(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        photos.add(path)
        assert counts(photos.add([Record(str(path), id="rex")])) == (1, 0, 0, 0)
        assert (len(photos), "rex" in photos) == (2, True)

    def test_an_id_that_another_picture_has_is_a_failure_of_its_own(self, photos, tmp_path):
        one, two, three = write_pictures(tmp_path, 3)
        records = [Record(str(one), id="rex"), Record(str(two), id="rex"), Record(str(three), id="a/b")]
        report = photos.add([*records, Record(str(three), id="max")])
        assert [failure.reason for failure in report.failed] == [
            "the id 'rex' is taken by another picture; give another id",
            "its id 'a/b' is not 1 to 200 characters without '/' or controls",
        ]
        assert list(photos) == ["rex", "max"]

    def test_a_bad_label_is_a_failure_that_can_be_corrected(self, photos, tmp_path):
        one, two = write_pictures(tmp_path, 2)
        rows = [{"path": one, "concepts": {"porch": 7.0}}, {"path": two, "concepts": {"porch": 1.0}}]
        report = photos.add(rows)
        reason = "concept 'porch' has the value 7.0; a value is from 0 (no) to 1 (yes)"
        assert [(failure.uri, failure.reason) for failure in report.failed] == [("<item 0>", reason)]
        assert (len(photos), len(photos.concepts)) == (1, 1)
        assert counts(photos.add([Record(str(one), concepts={"porch": 0.0})])) == (1, 0, 0, 0)

    def test_text_that_is_not_unicode_is_a_failure_of_its_own(self, photos, tmp_path):
        one, two = write_pictures(tmp_path, 2)
        report = photos.add([Record(str(one), metadata={"a": "\udcff"}), Record(str(two))])
        assert (counts(report), report.failed[0].uri) == ((1, 0, 0, 1), str(one))
        assert "not valid Unicode" in report.failed[0].reason

    def test_a_label_of_a_record_is_the_concept_of_its_very_word(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        photos.concepts.add("n1", names={"en": "dog"})
        photos.add([Record(str(path), concepts={"dog": 1.0, "new": 0.0})])
        (said,) = annotations(photos, photos.find(path).id)
        assert dict(said.concepts) == {"dog": 1.0, "new": 0.0}

    def test_labels_of_an_input_that_is_there_are_kept_too(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        photos.add(path)
        report = photos.add([Record(str(path), concepts={"porch": 1.0})])
        assert (counts(report), report.updated, report.labels.written) == ((0, 0, 0, 0), 1, 1)
        (said,) = annotations(photos, photos.find(path).id)
        assert (said.source, dict(said.concepts)) == ("human:me", {"porch": 1.0})

    def test_adding_labels_again_takes_back_no_correction(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        table = [Record(str(path), concepts={"porch": 1.0})]
        photos.add(table)
        photos.annotate(photos.find(path), concept="porch", value=0)
        revision = photos.info()["revision"]
        photos.add(table)
        (said,) = annotations(photos, photos.find(path).id)
        assert (dict(said.concepts), photos.info()["revision"]) == ({"porch": 0.0}, revision)

    def test_regions_are_made_labeled_and_embedded(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        porch = Detection(Box(0.1, 0.1, 0.5, 0.9), {"porch": 1.0})
        photos.add([Record(str(path), regions=(porch,))])
        (said,) = annotations(photos, photos.find(path).id)
        assert (said.box, dict(said.concepts)) == (porch.box, {"porch": 1.0})
        assert len(photos.snapshot().spaces["colors@1"].rows) == 2

    def test_regions_of_an_input_that_is_there_are_made_labeled_and_embedded(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        photos.add(path)
        one, two = Box(0.1, 0.1, 0.5, 0.9), Box(0.2, 0.2, 0.9, 0.9)
        photos.add([Record(str(path), regions=(Detection(one, {"porch": 1.0}),))])
        photos.add([Record(path.read_bytes(), regions=(Detection(two, {"door": 1.0}),))])
        said = {one.box: dict(one.concepts) for one in annotations(photos, photos.find(path).id)}
        assert said == {one: {"porch": 1.0}, two: {"door": 1.0}}
        assert (len(photos), len(photos.snapshot().spaces["colors@1"].rows)) == (1, 3)
        revision = photos.info()["revision"]
        photos.add([Record(str(path), regions=(Detection(one, {"porch": 1.0}),))])
        assert photos.info()["revision"] == revision

    def test_datasets_take_in_what_was_there_already(self, photos, tmp_path):
        one, two = write_pictures(tmp_path, 2)
        photos.add(one)
        photos.add([str(one), Record(str(two), datasets=("b",))], datasets=("a",))
        photos.add([one.read_bytes()], datasets=("c",))
        assert [sorted(photos.find(path).datasets) for path in (one, two)] == [["a", "c"], ["a", "b"]]
        revision = photos.info()["revision"]
        photos.add(one, datasets=("a",))
        assert photos.info()["revision"] == revision


class TestReport:
    def test_it_counts_and_gives_reasons_in_the_order_of_names(self, photos, tmp_path):
        write_pictures(tmp_path, 2)
        (tmp_path / "z.png").write_bytes(b"")
        (tmp_path / "b.jpg").write_bytes(b"<svg>")
        report = photos.add(tmp_path)
        assert str(report).splitlines() == [
            "2 added, 2 failed",
            f"  {tmp_path}/b.jpg: SVG files are not opened",
            f"  {tmp_path}/z.png: the file is empty",
        ]
        assert report.to_dict() | {"seconds": 0} == {
            "added": 2,
            "skipped": 0,
            "updated": 0,
            "moved": 0,
            "indexed": 0,
            "regions": 0,
            "labels": LabelCounts().to_dict(),
            "failed": [
                {"uri": f"{tmp_path}/b.jpg", "reason": "SVG files are not opened"},
                {"uri": f"{tmp_path}/z.png", "reason": "the file is empty"},
            ],
            "seconds": 0,
            "notes": [],
        }

    def test_many_failures_are_counted(self, photos, tmp_path):
        for index in range(13):
            (tmp_path / f"{index:02}.png").write_bytes(b"")
        assert str(photos.add(tmp_path)).splitlines()[-1] == "  and 3 more"

    def test_a_bar_is_shown_only_when_it_takes_long(self, photos, tmp_path, capfd):
        write_pictures(tmp_path, 2)
        photos.add(tmp_path)
        assert capfd.readouterr() == ("", "")


class TestWorkflow:
    def test_it_is_stored_with_the_collection(self, tmp_path):
        with opened(tmp_path / "p.db", embedders=("size",), detectors=("corner",)) as photos:
            workflow = photos.workflow
        with toolkit.open(tmp_path / "p.db") as photos:
            assert photos.workflow == workflow == toolkit.Workflow(("size",), (), ("corner",))

    def test_detected_regions_are_embedded_and_annotated(self, tmp_path):
        write_pictures(tmp_path, 2)
        with opened(detectors=("corner",), concept_models=("light",)) as photos:
            photos.add(tmp_path)
            id = next(iter(photos))
            said = {
                one.source: (one.box, set(one.concepts), dict(one.info)) for one in annotations(photos, id)
            }
            assert said == {
                "model:corner@1": (CORNER, {"corner"}, {"score": 0.5}),
                "model:light@1": (None, {"bright"}, {}),
            }
            assert len(photos.snapshot().spaces["colors@1"].rows) == 4

    def test_adding_a_model_indexes_what_is_missing_and_no_more(self, tmp_path):
        seen = []

        class Counted(Colors):
            name = "counted"

            def embed(self, images):
                seen.extend((self.name, image.size) for image in images)
                return super().embed(images)

        class More(Counted):
            name = "more"

        write_pictures(tmp_path, 2)
        with opened(None, Counted, More, embedders=("counted",)) as photos:
            photos.add(tmp_path)
            assert counts(photos.index(embedder="more")) == (0, 0, 2, 0)
            assert counts(photos.index(embedder="more")) == (0, 0, 0, 0)
            assert photos.workflow.embedders == ("counted", "more")
        sizes = [picture.size for picture in pictures(2)]
        tried_out = [("more", sizes[0])]
        assert seen == [("counted", size) for size in sizes] + tried_out + [("more", size) for size in sizes]

    def test_whole_pictures_and_regions_are_embedded_each_in_its_own_way(self, tmp_path):
        class Apart(Colors):
            name = "apart"

            def embed_regions(self, images):
                return -super().embed(images)

        write_pictures(tmp_path, 3)
        with opened(None, Apart, embedders=("apart", "colors"), detectors=("corner",)) as photos:
            photos.add(tmp_path)
            snapshot = photos.snapshot()
            apart, colors = snapshot.spaces["apart@1"], snapshot.spaces["colors@1"]
            sign = np.where(snapshot.rows.whole[apart.rows], 1, -1)[:, None]
            assert sign.sum() == 0
            np.testing.assert_array_equal(apart.rows, colors.rows)
            np.testing.assert_array_equal(apart.vectors, sign * colors.vectors)
            query = photos.terms.image(tmp_path / "001.png", box=CORNER)
            (hit,) = photos.search(query, level="region", limit=1)
            assert (hit.box, round(hit.parts[0].raw, 5)) == (CORNER, 1)

    def test_a_detector_added_later_has_its_regions_embedded(self, photos, tmp_path):
        write_pictures(tmp_path, 2)
        photos.add(tmp_path)
        assert counts(photos.index(detector="corner")) == (0, 0, 2, 0)
        assert len(photos.snapshot().spaces["colors@1"].rows) == 4

    def test_an_embedder_added_later_sees_all_regions(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        photos.add(path, detect="corner")
        photos.add_region(photos.find(path).id, Box(0, 0, 1, 0.5))
        photos.index(embedder="size")
        assert len(photos.snapshot().spaces["size@1"].rows) == 3

    def test_inputs_that_are_there_are_completed_by_the_next_add(self, photos, tmp_path):
        first, second = write_pictures(tmp_path, 2)
        photos.add(first)
        assert counts(photos.add(second, detect="corner")) == (1, 0, 1, 0)

    def test_an_unknown_model_leaves_the_workflow_as_it_was(self, photos):
        before = photos.workflow
        with pytest.raises(UnknownNameError, match="did you mean 'corner'"):
            photos.add([], detect="corners")
        assert photos.workflow == before

    def test_a_file_that_is_gone_is_reported_and_tried_again(self, photos, tmp_path):
        one, _ = write_pictures(tmp_path, 2)
        photos.add(tmp_path)
        kept = one.read_bytes()
        one.unlink()
        report = photos.index(embedder="size")
        assert (counts(report), report.failed[0].reason) == ((0, 0, 1, 1), "no such file or directory")
        one.write_bytes(kept)
        assert counts(photos.index()) == (0, 0, 1, 0)

    def test_files_on_a_disk_that_a_worker_lacks_for_a_while_are_all_added_later(
        self, photos, tmp_path, monkeypatch
    ):
        write_pictures(tmp_path, 3)
        with monkeypatch.context() as without_the_disk:

            def read(origin, *_):
                error = FileNotFoundError(2, "No such file or directory")
                raise InputError(origin, "no such file or directory") from error

            without_the_disk.setattr(opening, "read_origin", read)  # the files are there, seen from here
            report = photos.add(tmp_path)
            assert (counts(report), report.failed[0].reason) == ((0, 0, 0, 3), "no such file or directory")
        assert counts(photos.add(tmp_path)) == (3, 0, 0, 0)

    def test_a_damaged_file_is_not_decoded_again_until_it_changes(self, photos, tmp_path, monkeypatch):
        (path,) = write_pictures(tmp_path, 1)
        path.write_bytes(path.read_bytes()[:60])
        (failure,) = photos.add(tmp_path).failed
        with monkeypatch.context() as watched:
            watched.setattr(opening, "decode", None)
            assert photos.add(tmp_path).failed == (failure,)
        write_pictures(tmp_path, 1)
        assert counts(photos.add(tmp_path)) == (1, 0, 0, 0)

    def test_a_file_that_holds_another_picture_now_is_not_indexed_as_the_old_one(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        photos.add(path)
        Image.new("RGB", (9, 9)).save(path)
        (failure,) = photos.index(embedder="size").failed
        assert failure.reason == "the file has changed since it was added"

    def test_without_models_pictures_are_kept_all_the_same(self, tmp_path):
        write_pictures(tmp_path, 2)
        with opened(embedders=()) as photos:
            photos.add(tmp_path)
            assert (len(photos), len(photos.thumbnail(next(iter(photos)))) > 0) == (2, True)


class Broken(Colors):
    """Breaks in the way its argument says, on pictures 77 wide."""

    name = "broken"

    def __init__(self, way=""):
        self.way = way

    def embed(self, images):
        vectors = super().embed(images)
        for at, image in enumerate(images):
            if image.width == 77:
                if self.way == "raises":
                    raise ZeroDivisionError("a message\nof two lines")
                if self.way == "shape":
                    return vectors[:-1]
                vectors[at] = {"nan": np.nan, "zero": 0}[self.way]
        return vectors


class TestModelsThatFail:
    def test_one_that_raises_fails_only_that_picture(self, tmp_path):
        paths = write_pictures(tmp_path, 5)
        Image.new("RGB", (77, 9)).save(paths[0])
        with opened(None, Broken, embedders=("broken:raises",)) as photos:
            report = photos.add(tmp_path)
            assert counts(report) == (4, 0, 0, 1)
            assert report.failed[0].uri == str(paths[0])
            reason = "embedder:broken@1 failed on it: ZeroDivisionError: a message\nof two lines"
            assert report.failed[0].reason == reason
            assert len(str(report).splitlines()) == 2

    @pytest.mark.parametrize(
        ("way", "rule"),
        [("shape", "vectors are float32"), ("nan", "vectors are finite"), ("zero", "a direction")],
    )
    def test_one_that_breaks_its_contract_is_named(self, tmp_path, way, rule):
        Image.new("RGB", (77, 9)).save(write_pictures(tmp_path, 3)[1])
        with opened(None, Broken, embedders=(f"broken:{way}",)) as photos:
            with pytest.raises(ContractError, match=f"embedder 'broken@1': .*{rule}"):
                photos.add(tmp_path)
            assert (len(photos), photos.check()) == (0, [])

    def test_the_batches_before_are_kept(self, tmp_path):
        paths = write_pictures(tmp_path, 40, seed=3)
        Image.new("RGB", (77, 9)).save(paths[-1])
        with opened(None, Broken, embedders=("broken:nan",), workers=1) as photos:
            with pytest.raises(ContractError):
                photos.add(tmp_path)
            assert len(photos) == 32
            paths[-1].unlink()
            assert counts(photos.add(tmp_path)) == (7, 32, 0, 0)

    @pytest.mark.parametrize(
        ("answer", "rule"),
        [
            (7, "one mapping a picture, 1; got a int"),
            ([], "one mapping a picture, 1; got 0"),
            ([None], "its output for a picture is a mapping; got a NoneType"),
            ([{"dog": 0.5}], "concepts are among those it declares; got dog"),
            ([{"bright": 1.5}], r"values are numbers in \[0, 1\]; got bright=1.5"),
            ([{"bright": float("nan")}], "got bright=nan"),
            ([{"bright": "much"}], "got bright='much'"),
        ],
    )
    def test_a_concept_model_that_breaks_its_contract_is_named(self, tmp_path, answer, rule):
        write_pictures(tmp_path, 1)
        bad = type("Bad", (Light,), {"name": "bad", "predict": lambda self, images: answer})
        with (
            opened(None, bad, concept_models=("bad",)) as photos,
            pytest.raises(ContractError, match=f"concept model 'bad@1': .*{rule}"),
        ):
            photos.add(tmp_path)

    @pytest.mark.parametrize(
        ("answer", "rule"),
        [
            ([], "one list a picture, 1; got 0"),
            ([None], "what it finds is a list; got a NoneType"),
            ([[CORNER]], "what it finds are instances of Detection; got a Box"),
            ([[Detection(CORNER, {"dog": 1.0})]], "concepts are among those it declares; got dog"),
            ([[Detection(CORNER, {}, 2.0)]], "got score=2.0"),
        ],
    )
    def test_a_detector_that_breaks_its_contract_is_named(self, tmp_path, answer, rule):
        write_pictures(tmp_path, 1)
        bad = type("Bad", (Corner,), {"name": "bad", "detect": lambda self, images: answer})
        with (
            opened(None, bad, detectors=("bad",)) as photos,
            pytest.raises(ContractError, match=f"detector 'bad@1': .*{rule}"),
        ):
            photos.add(tmp_path)

    def test_a_box_that_is_found_twice_is_one_region(self, tmp_path):
        write_pictures(tmp_path, 1)
        both = [[Detection(CORNER, {"corner": 0.25}), Detection(CORNER, {"corner": 0.5})]]
        twice = type("Twice", (Corner,), {"name": "twice", "detect": lambda self, images: both})
        with opened(None, twice, detectors=("twice",)) as photos:
            photos.add(tmp_path)
            assert photos.info()["regions"] == 2


class TestImportersThatFail:
    class Half:
        name = "half"

        def accepts(self, source):
            return source == "half"

        def records(self, source):
            yield from (Record(encode_png(picture)) for picture in pictures(70))
            raise self.error

    @pytest.mark.parametrize(
        ("error", "raised"), [(InputError("half", "torn"), InputError), (OSError("torn"), PluginError)]
    )
    @pytest.mark.parametrize("workers", [1, 2])
    def test_what_came_before_is_kept_and_nothing_hangs(self, photos, error, raised, workers):
        importer = self.Half()
        importer.error = error
        with opened(None, importer, workers=workers) as photos:
            with pytest.raises(raised, match="torn"):
                photos.add("half")
            assert len(photos) == 70

    @pytest.mark.parametrize(
        "answer", [lambda source: source == "half", lambda source: 1 / 0], ids=["an array", "an error"]
    )
    def test_one_that_fails_when_it_is_asked_keeps_no_other_from_reading(self, answer):
        importer = self.Half()
        importer.accepts = answer
        passed_over = r"importer 'half' was passed over: accepts\(\) answers True"
        with opened(None, importer) as photos, pytest.warns(PluginWarning, match=passed_over):
            assert photos.add(np.asarray(pictures(1)[0])).added == 1

    def test_nothing_hangs_if_the_store_fails_meanwhile(self, photos, monkeypatch):
        images = pictures(100)
        photos.add(images[:3])

        def full(*_):
            raise StoreError("no space left")

        monkeypatch.setattr(Recorder, "record_known", full)
        with pytest.raises(StoreError, match="no space left"):
            photos.add([*images[3:], *images[:3]])
        assert len(photos) == 100

    def test_one_that_yields_something_else_is_named(self, photos):
        importer = self.Half()
        importer.records = lambda source: iter(["a.png"])
        photos.registry.add(importer)
        with pytest.raises(ContractError, match="importer 'half': it yields records and failures; got a str"):
            photos.add("half")

    def test_the_error_of_a_generator_of_the_users_is_raised(self, photos):
        def generator():
            yield pictures(1)[0]
            raise KeyError("torn")

        with pytest.raises(PluginError, match="importer 'list' failed: KeyError: 'torn'"):
            photos.add(generator())
        assert len(photos) == 1


class TestWorkers:
    @pytest.mark.parametrize("backend", ["threading", "sequential", "loky"])
    def test_any_backend_of_joblib_gives_the_same_collection(self, tmp_path, backend):
        paths = write_pictures(tmp_path, 70)
        (tmp_path / "bad.png").write_bytes(b"")
        with opened(detectors=("corner",), concept_models=("light",)) as photos:
            photos.add(paths[:30])
            with joblib.parallel_config(backend=backend, n_jobs=2):
                report = photos.add([*paths, str(tmp_path / "bad.png"), encode_png(pictures(1, seed=9)[0])])
            assert counts(report) == (41, 30, 0, 1)
            assert [photos[id].uri for id in photos][:70] == list(map(str, paths))
            snapshot = photos.snapshot()
            space = snapshot.spaces["colors@1"]
            vectors = space.vectors[space.position(snapshot.rows.whole_of_input)][:70]
            expected = Colors().embed([Image.open(path).convert("RGB") for path in paths])
            expected /= np.linalg.norm(expected, axis=1, keepdims=True)
            np.testing.assert_allclose(vectors, expected, atol=1e-6)

    def test_a_contract_broken_in_a_process_is_raised_as_one(self, tmp_path):
        Image.new("RGB", (77, 9)).save(write_pictures(tmp_path, 40)[5])
        with opened(None, Broken, embedders=("broken:nan",)) as photos:
            with (
                joblib.parallel_config(backend="loky", n_jobs=2),
                pytest.raises(ContractError, match="broken@1"),
            ):
                photos.add(tmp_path)
            assert photos.check() == []

    def test_from_other_threads(self, photos, tmp_path):
        folders = [tmp_path / str(number) for number in range(3)]
        for number, folder in enumerate(folders):
            write_pictures(folder, 5, seed=number)
        threads = [threading.Thread(target=photos.add, args=(folder,)) for folder in folders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(photos), photos.check()) == (15, [])


class TestLater:
    def test_thumbnails_outlive_their_files(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        photos.add(path)
        id = photos.find(path).id
        path.unlink()
        assert photos.thumbnail(id)[:2] == b"\xff\xd8"
        with pytest.raises(InputError, match=f"{path}: no such file or directory"):
            photos.image(id)
        assert "data:image/jpeg;base64," in photos.search(photos.terms.input(id)).html()

    def test_deleting_removes_what_was_kept_for_the_input_alone(self, tmp_path):
        encoded = [encode_png(picture) for picture in pictures(2)]
        with opened(tmp_path / "p.db") as photos:
            photos.add([Record(encoded[0], id="a"), Record(encoded[0], id="b"), Record(encoded[1], id="c")])
            files = tmp_path / "p.db.files"

            def kept():
                return sorted(path.read_bytes() for path in files.rglob("*") if path.is_file())

            photos.delete("a")
            assert kept() == sorted(encoded)
            photos.delete(["b", "c"])
            assert (kept(), len(photos)) == ([], 0)

    def test_deleting_leaves_files_of_the_users_alone(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        photos.add(path)
        photos.delete(photos.find(path).id)
        assert path.exists()

    def test_deleting_an_unknown_input_deletes_nothing(self, photos, tmp_path):
        write_pictures(tmp_path, 1)
        photos.add(tmp_path)
        with pytest.raises(UnknownNameError):
            photos.delete([next(iter(photos)), "nothing"])
        assert len(photos) == 1

    @pytest.mark.parametrize("name", [None, "p.db"])
    def test_a_closed_collection_says_so_everywhere(self, tmp_path, name):
        (path,) = write_pictures(tmp_path, 1)
        photos = opened(name and tmp_path / name)
        photos.add(path.read_bytes())
        (id,) = photos
        photos.close()
        photos.close()
        verbs = (
            lambda photos: photos.add(path),
            lambda photos: photos.index(),
            lambda photos: photos.add_region(id, CORNER),
            lambda photos: photos.delete(id),
            lambda photos: photos.search("where:region=true"),
            lambda photos: photos.check_index(),
            lambda photos: photos.annotate(id, concept="porch"),
            lambda photos: photos.train("porch"),
            lambda photos: len(photos),
            lambda photos: photos[id],
            lambda photos: id in photos,
            lambda photos: list(photos),
            lambda photos: photos.find(path),
            lambda photos: photos.image(id),
            lambda photos: photos.thumbnail(id),
            lambda photos: photos.snapshot(),
            lambda photos: photos.workflow,
            lambda photos: photos.info(),
            lambda photos: photos.concepts["porch"],
            lambda photos: photos.concepts.add("porch"),
            lambda photos: dict(photos.queries),
        )
        for verb in verbs:
            with pytest.raises(StoreError, match="closed"):
                verb(photos)
        assert repr(photos).endswith(": closed>")
