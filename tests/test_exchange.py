"""Hits and collections for other tools: data frames, arrays, files of vectors, pickles; and after a deletion."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from made_up_models import opened, write_pictures

from toolkit.errors import NotIndexedError, QueryError, UnknownNameError
from toolkit.terms import image
from toolkit.values.types import Box


@pytest.fixture
def photos(tmp_path):
    with opened(tmp_path / "p.db") as collection:
        collection.add(write_pictures(tmp_path, 4))
        yield collection


@pytest.fixture
def hits(photos):
    return photos.search(image(photos.thumbnail(next(iter(photos)))), limit=3)


class TestHits:
    def test_they_are_shown_after_one_of_them_is_deleted(self, photos, hits):
        before = hits.html().count("data:image")
        photos.delete(hits[1].input.id)
        assert "text/html" in hits._repr_mimebundle_()
        assert hits.html().count("data:image") == before - 1
        assert hits.png().startswith(b"\x89PNG")

    def test_they_are_pickled_with_their_pictures_and_without_the_collection(self, photos, hits):
        again = pickle.loads(pickle.dumps(hits))
        assert list(again) == list(hits)
        assert (again.query, again.total, again.expression) == (hits.query, hits.total, hits.expression)
        assert again.html() == hits.html()
        with pytest.raises(QueryError, match="no collection"):
            _ = again.vectors
        assert photos.search(again.expression, limit=3).ids == hits.ids

    def test_their_vectors_are_in_rank_order(self, photos, hits):
        assert hits.vectors.dtype == np.float32
        np.testing.assert_array_equal(hits.vectors, photos.vectors(hits.ids))


class TestVectors:
    def test_of_inputs_and_regions_in_the_order_given(self, photos):
        region = photos.add_region(next(iter(photos)), Box(0.0, 0.0, 0.5, 0.5))
        ids = [region, *reversed(list(photos))]
        vectors = photos.vectors(ids)
        assert vectors.shape == (5, photos.vectors().shape[1])
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)
        np.testing.assert_array_equal(photos.vectors()[::-1], vectors[1:])

    def test_what_is_not_there_is_said(self, photos):
        with pytest.raises(NotIndexedError, match="no 'nothing' embeddings here"):
            photos.vectors(space="nothing")
        with pytest.raises(UnknownNameError, match="no input or region named 'x'"):
            photos.vectors(["x"])

    def test_files_hold_ids_and_vectors(self, photos, tmp_path):
        ids = list(photos)[:2]
        assert photos.export_vectors(tmp_path / "v.npy", ids) == 2
        read = np.load(tmp_path / "v.npy", allow_pickle=False)
        assert read["id"].tolist() == ids
        np.testing.assert_array_equal(read["vector"], photos.vectors(ids))
        with pytest.raises(QueryError, match=r"\.npy, \.parquet or \.arrow"):
            photos.export_vectors(tmp_path / "v.csv")

    @pytest.mark.parametrize("ending", ["parquet", "arrow"])
    def test_columns_are_what_arrow_reads(self, photos, tmp_path, ending):
        pytest.importorskip("pyarrow")
        from pyarrow import feather, parquet

        path = tmp_path / f"v.{ending}"
        photos.export_vectors(path)
        table = parquet.read_table(path) if ending == "parquet" else feather.read_table(path)
        assert table["id"].to_pylist() == list(photos)
        np.testing.assert_array_equal(
            np.stack(table["vector"].to_pylist()).astype(np.float32), photos.vectors()
        )


class TestFrames:
    def test_a_row_for_each_input(self, photos):
        pytest.importorskip("pandas")
        frame = photos.frame()
        assert frame["id"].tolist() == list(photos)
        assert (frame["width"][0], frame["created_at"].dt.tz is not None) == (60, True)

    def test_a_row_for_each_concept_of_each_annotation(self, photos):
        pytest.importorskip("pandas")
        first = next(iter(photos))
        photos.annotate(first, concepts={"cat": 1.0, "dog": 0.0}, user="ann")
        photos.annotate(first, concept="ear", box=Box(0.0, 0.0, 0.5, 0.5), user="ann")
        frame = photos.annotations.frame(source="human")
        assert frame[["source", "concept", "value"]].values.tolist() == [
            ["human:ann", "cat", 1.0],
            ["human:ann", "dog", 0.0],
            ["human:ann", "ear", 1.0],
        ]
        assert frame["right_col"].tolist()[2] == 0.5
