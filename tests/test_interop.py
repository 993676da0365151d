"""Hits and collections in other people's tools: what docs/interop.md and docs/places.md show, and more of it."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from pages import run
from toolkit_formats import to_dataset, to_torch, write_coco, write_table, write_voc, write_yolo

import toolkit
from toolkit.demo.scenes import scenes
from toolkit.errors import InputError, MissingExtraError, QueryError, UnknownNameError
from toolkit.terms import label
from toolkit.values.types import Box

NAN = float("nan")
SEA = Box(0.125, 0.25, 0.5, 0.75)


@pytest.fixture
def photos(tmp_path):
    """Six pictures of files and one of bytes; labels of people, a "no" among them, and a box."""
    drawn = scenes(7)
    (tmp_path / "Pictures").mkdir()
    for one in drawn[:6]:
        one.picture.save(tmp_path / "Pictures" / f"{one.name}.png")
    with toolkit.open(tmp_path / "photos.db", workflow="pixels") as collection:
        collection.add(tmp_path / "Pictures", progress=False)
        collection.add(drawn[6].picture, progress=False)
        ids = list(collection)
        collection.annotate(ids[:3], concept="beach")
        collection.annotate(ids[3], concepts={"beach": 0, "forest": 1})
        collection.annotate(ids[6], concept="forest")
        collection.annotate(ids[0], concept="sea", box=SEA)
        yield collection


@pytest.fixture
def by_name(photos):
    """Ids in the order they were labeled in."""
    return list(photos)


class TestPages:
    @pytest.fixture
    def home(self, photos, tmp_path, monkeypatch):
        photos.close()
        monkeypatch.chdir(tmp_path)
        return tmp_path

    def test_interop_runs(self, home):
        for package in ("torch", "datasets", "duckdb", "pandas", "pyarrow"):
            pytest.importorskip(package)
        names = {}
        run("docs/interop.md", names)
        assert names["most"].fetchall() == [("beach", 3), ("forest", 2), ("sea", 1)]
        assert names["beaches"].classes == ["beach", "forest"]
        assert (home / "for-the-hub").is_dir()
        assert names["data"].features["labels"].feature.names == ["beach", "forest", "sea"]
        names["photos"].close()

    def test_places_runs(self, home):
        shutil.rmtree(home / "photos.db.cache", ignore_errors=True)
        drawn = scenes(1)[0].picture
        drawn.save(home / "Pictures" / "photo 01.jpg")
        names = {}
        run("docs/places.md", names)
        with toolkit.open(home / "photos.db") as photos:
            assert photos.check() == []
            assert photos.info()["originals"] == str(home / "shared/originals")
            assert all("Pictures" not in photos[id].uri for id in photos)


class TestFiles:
    def test_each_is_read_wherever_it_lies_and_needs_no_collection(self, photos, by_name, tmp_path):
        (tmp_path / "Pictures").rename(tmp_path / "Elsewhere")
        photos.relocate(tmp_path / "Pictures", tmp_path / "Elsewhere")
        found = pickle.loads(pickle.dumps(list(photos.files())))
        photos.close()
        assert [one.id for one in found] == by_name
        assert all(one.read()[1:4] == b"PNG" for one in found)
        assert [one.path and one.path.parent.name for one in found] == ["Elsewhere"] * 6 + [None]

    def test_another_picture_in_its_place_is_not_read(self, photos, by_name, tmp_path):
        (file,) = photos.files(by_name[:1])
        shutil.copy(photos[by_name[1]].uri, photos[by_name[0]].uri)
        with pytest.raises(InputError, match="has changed"):
            file.read()

    def test_an_id_that_is_none_is_said(self, photos):
        with pytest.raises(UnknownNameError):
            next(photos.files(["nothing"]))


class TestTorch:
    torch = pytest.importorskip("torch")

    def test_targets_are_values_in_the_order_of_the_classes(self, photos, by_name):
        data = to_torch(photos, unsaid=NAN)
        assert (len(data), data.classes) == (7, ["beach", "forest"])
        targets = np.array([target.numpy() for _, target in data])
        expected = [[1, NAN]] * 3 + [[0, 1], [NAN, NAN], [NAN, NAN], [NAN, 1]]
        np.testing.assert_array_equal(targets, expected)
        assert {picture.mode for picture, _ in data} == {"RGB"}

    def test_hits_are_a_data_set_in_their_order_for_a_loader_with_workers(self, photos):
        hits = photos.search(label("beach"))
        data = to_torch(photos, of=hits, classes=["beach"], transform=_as_array)
        photos.close()  # which a worker process has none of
        there = pickle.loads(pickle.dumps(data))
        batches = list(self.torch.utils.data.DataLoader(there, batch_size=2))
        assert [file.id for file in data.files] == hits.ids
        assert [tuple(pictures.shape[::3]) for pictures, _ in batches] == [(2, 3), (1, 3)]
        assert [target.tolist() for _, target in batches] == [[[1.0], [1.0]], [[1.0]]]

    def test_boxes_are_what_a_detector_of_torchvision_is_trained_with(self, photos, by_name):
        data = to_torch(photos, target="boxes")
        picture, target = data[0]
        wide, high = picture.size
        assert target["boxes"].tolist() == [[wide / 4, high / 8, wide * 3 / 4, high / 2]]
        assert (target["labels"].tolist(), data.classes) == ([1], ["sea"])
        assert data[1][1]["boxes"].shape == (0, 4)

    def test_what_it_is_not_is_said(self, photos, monkeypatch):
        with pytest.raises(QueryError, match="'labels' or 'boxes'"):
            to_torch(photos, target="masks")
        monkeypatch.setitem(__import__("sys").modules, "torch", None)
        monkeypatch.delitem(__import__("sys").modules, "toolkit_formats.torch_pictures", raising=False)
        with pytest.raises(MissingExtraError, match=r"rank-toolkit\[timm\]"):
            to_torch(photos)


def _as_array(picture):
    return np.array(picture)


class TestHuggingFace:
    datasets = pytest.importorskip("datasets")

    @pytest.mark.parametrize("rows", ["labels", "pictures"])
    def test_what_is_saved_and_loaded_comes_back_as_it_was(self, photos, by_name, tmp_path, rows):
        to_dataset(photos, rows=rows).save_to_disk(tmp_path / "saved")
        before = _labels(photos)
        files = {file.id: file.read() for file in photos.files()}
        with toolkit.open(workflow="none") as again:
            report = again.add(self.datasets.load_from_disk(tmp_path / "saved"), progress=False)
            assert not report.failed
            if rows == "pictures":  # which have no place for a "no"
                before.remove((by_name[3], "beach", 0.0, None))
            assert _labels(again) == before
            assert {file.id: file.read() for file in again.files()} == files

    def test_the_files_that_go_to_the_hub_hold_the_pictures(self, photos, tmp_path):
        data = to_dataset(photos, rows="pictures").with_format("arrow")
        data = data.map(self.datasets.table.embed_table_storage, batched=True)  # as push_to_hub does it
        data.with_format(None).to_parquet(tmp_path / "part.parquet")
        shutil.rmtree(tmp_path / "Pictures")
        data = self.datasets.load_dataset(
            "parquet", data_files=str(tmp_path / "part.parquet"), split="train", cache_dir=str(tmp_path / "c")
        )
        assert (data[0]["image"].size, data.features["labels"].feature.names) == (
            to_size(photos), ["beach", "forest", "sea"],
        )  # fmt: skip

    def test_a_collection_without_a_label_is_a_data_set_too(self, tmp_path):
        with toolkit.open(workflow="none") as photos:
            photos.add(np.zeros((32, 32, 3), np.uint8), progress=False)
            assert to_dataset(photos)["concept"][:] == [None]
            assert to_dataset(photos, rows="pictures")["labels"][:] == [[]]

    def test_rows_are_of_two_kinds(self, photos):
        with pytest.raises(QueryError, match="'labels' or 'pictures'"):
            to_dataset(photos, rows="boxes")


def to_size(photos):
    one = photos[next(iter(photos))]
    return one.width, one.height


def _labels(photos):
    return sorted(
        ((one.id, concept, value, said.box and tuple(round(side, 6) for side in said.box))
         for one, all_said in photos.annotations.by_input(source="human")
         for said in all_said for concept, value in said.concepts.items()), key=str,
    )  # fmt: skip


class TestScikitLearn:
    def test_its_vectors_are_those_of_the_collection_whatever_the_pictures_are_given_as(self, photos):
        from toolkit_sklearn import PictureEmbedder

        files = list(photos.files())
        transformer = PictureEmbedder("pixels", batch_size=3).fit(files)
        expected = photos.vectors()
        forms = (
            files,
            [file.read() for file in files],
            [photos.image(file.id) for file in files],
            [np.array(photos.image(file.id)) for file in files],
        )
        for form in forms:
            np.testing.assert_allclose(transformer.transform(form), expected, atol=1e-6)
        paths = [photos[id].uri for id in photos][:6]
        np.testing.assert_array_equal(transformer.transform(paths), expected[:6])
        np.testing.assert_array_equal(transformer.transform([Path(path) for path in paths]), expected[:6])

    def test_it_is_an_estimator_like_others(self, photos):
        from sklearn.base import clone
        from sklearn.exceptions import NotFittedError
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import cross_val_predict
        from sklearn.pipeline import make_pipeline
        from toolkit_sklearn import PictureEmbedder

        files = list(photos.files())
        model = make_pipeline(PictureEmbedder("pixels"), LogisticRegression())
        night = ["night" in file.uri for file in files[:6]]
        assert len(cross_val_predict(clone(model), files[:6], night, cv=2)) == 6
        fitted = pickle.loads(pickle.dumps(PictureEmbedder("pixels").fit(files)))
        assert fitted.transform(files).shape == (7, fitted.n_features_out_)
        assert len(fitted.get_feature_names_out()) == fitted.n_features_out_
        assert fitted.transform([]).shape == (0, fitted.n_features_out_)
        with pytest.raises(NotFittedError):
            PictureEmbedder("pixels").transform(files)

    def test_what_cannot_be_is_said(self):
        from toolkit_sklearn import PictureEmbedder

        with pytest.raises(UnknownNameError, match="pixels"):
            PictureEmbedder("pixel").fit([])
        with pytest.raises(InputError, match="is no picture"):
            PictureEmbedder("pixels").fit([]).transform([3])


class TestDuckDB:
    def test_a_table_is_asked_in_sql(self, photos, by_name, tmp_path):
        pytest.importorskip("pyarrow")
        duckdb = pytest.importorskip("duckdb")
        write_table(photos, tmp_path / "labels.parquet", of=label("beach"))
        photos.export_vectors(tmp_path / "vectors.parquet")
        found = duckdb.sql(
            f"SELECT id, concept, len(vector) FROM '{tmp_path}/labels.parquet' "
            f"JOIN '{tmp_path}/vectors.parquet' USING (id) WHERE left_col IS NOT NULL"
        ).fetchall()
        assert found == [(by_name[0], "sea", photos.vectors().shape[1])]


class TestSupervision:
    @pytest.fixture
    def read(self, photos, tmp_path):
        supervision = pytest.importorskip("supervision")
        pictures = str(tmp_path / "Pictures")
        write_voc(photos, tmp_path / "voc", of=label("beach"))
        write_coco(photos, tmp_path / "coco.json", of=label("beach"))
        write_yolo(photos, tmp_path / "yolo", of=label("beach"), copy_images=True)
        of = supervision.DetectionDataset
        return {
            "voc": of.from_pascal_voc(pictures, str(tmp_path / "voc/Annotations")),
            "coco": of.from_coco(pictures, str(tmp_path / "coco.json")),
            "yolo": of.from_yolo(
                str(tmp_path / "yolo/images"), str(tmp_path / "yolo/labels"), str(tmp_path / "yolo/data.yaml")
            ),
        }

    def test_reads_what_three_writers_wrote(self, photos, by_name, read):
        one = photos[by_name[0]]
        wide, high = one.width, one.height
        corners = [wide / 4, high / 8, wide * 3 / 4, high / 2]
        for format, found in read.items():
            boxes = {
                Path(path).name: (
                    detections.xyxy.tolist(),
                    [found.classes[index] for index in detections.class_id],
                )
                for path, _, detections in found
                if len(detections)
            }
            ((xyxy,), classes) = boxes[Path(one.uri).name]
            # Of Pascal VOC's pixels, which count from 1 and belong to the box, it takes the numbers as they are.
            np.testing.assert_allclose(xyxy, corners, atol=1.0 if format == "voc" else 0.01)
            assert (classes, len(boxes)) == (["sea"], 1)
