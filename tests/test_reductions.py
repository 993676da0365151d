"""A space reduced to fewer numbers: whole or not at all, used by default, and kept up to date with what is added."""

from __future__ import annotations

import numpy as np
import pytest

from tests.made_up_models import CORNER, Colors, opened, write_pictures
from toolkit.errors import NotIndexedError, QueryError, StoreError
from toolkit.store.verbs.embeddings import EmbeddingWriter
from toolkit.store.verbs.properties import PropertyWriter
from toolkit.store.verbs.spaces import SpaceWriter
from toolkit.terms import concept, image
from toolkit.values.types import Box


@pytest.fixture
def photos(tmp_path):
    write_pictures(tmp_path / "pictures", 24)
    with opened(tmp_path / "p.db", embedders=("size", "colors"), detectors=("corner",)) as photos:
        photos.add(tmp_path / "pictures", progress=False)
        yield photos


def reduced(photos):
    """The space that a reduction made."""
    (name,) = (name for name in photos.snapshot().spaces if "~" in name)
    return photos.snapshot().spaces[name]


def state(photos):
    return photos.info(), photos.workflow, list(photos.snapshot().spaces)


def test_all_rows_are_projected_and_the_space_is_the_default_from_then_on(photos, tmp_path):
    report = photos.index(embedder="colors", reduce=2)
    assert report.notes == ("colors@1: 3 numbers reduced to 2, fitted on 48 rows",)
    space = reduced(photos)
    assert space.vectors.shape == (48, 2)
    np.testing.assert_array_equal(space.rows, photos.snapshot().spaces["colors@1"].rows)
    assert photos.workflow.embedders == ("colors", "size")
    (hit,) = photos.search(image(tmp_path / "pictures" / "007.png"), limit=1)
    assert (hit.input.uri.endswith("007.png"), round(hit.parts[0].raw, 4)) == (True, 1)
    (part,) = photos.search(photos.terms.image(hit.input.uri, box=CORNER), level="region", limit=1)
    assert (part.input.id, part.box, round(part.parts[0].raw, 4)) == (hit.input.id, CORNER, 1)
    (full,) = photos.search(image(hit.input.uri, space="colors@1"), limit=1)
    assert full.input.id == hit.input.id


def test_without_an_embedder_the_default_one_is_used(tmp_path):
    write_pictures(tmp_path / "pictures", 8)
    with opened(tmp_path / "p.db") as photos:
        photos.add(tmp_path / "pictures", progress=False)
        photos.index(reduce=2)
        assert reduced(photos).name.startswith("colors@1~2-")


def test_an_embedder_that_never_ran_runs_over_everything_first(tmp_path):
    write_pictures(tmp_path / "pictures", 8)
    with opened(tmp_path / "p.db", embedders=("size",)) as photos:
        photos.add(tmp_path / "pictures", progress=False)
        report = photos.index(embedder="colors", reduce=2)
        assert (report.indexed, len(reduced(photos).vectors)) == (8, 8)


def test_what_is_added_later_is_projected_by_itself(photos, tmp_path):
    photos.index(embedder="colors", reduce=2)
    (path,) = write_pictures(tmp_path / "more", 1, seed=9)
    photos.add(path, progress=False)
    id = photos.find(path).id
    photos.add_region(id, Box(0.5, 0.5, 1, 1))
    assert len(reduced(photos).vectors) == 51
    (hit,) = photos.search(image(path), limit=1)
    assert (hit.input.id, round(hit.parts[0].raw, 4)) == (id, 1)
    assert "fitted on 48 rows at " in photos.info()["spaces"][-1]
    assert photos.info()["spaces"][-1].startswith(f"{reduced(photos).name} (2 numbers, 51 rows; ")


def test_asking_again_fits_it_anew_and_says_so(photos, tmp_path):
    photos.index(embedder="colors", reduce=2)
    before = reduced(photos).name
    photos.add(write_pictures(tmp_path / "more", 6, seed=9), progress=False)
    (note,) = photos.index(embedder="colors", reduce=2).notes
    assert note.startswith(
        "colors@1: 3 numbers reduced to 2, fitted on 60 rows; before, to 2 on 48 rows at 20"
    )
    assert reduced(photos).name != before
    assert len(reduced(photos).vectors) == 60


def test_a_damaged_one_is_named_and_replaced_by_fitting_again(photos, tmp_path):
    photos.index(embedder="colors", reduce=2)
    with photos._resources.store.write() as batch:
        batch.properties.set("reduction:colors@1", {"space": "colors@1"})
    with pytest.raises(StoreError, match=r"damaged: .*; fit it again"):
        photos.search(image(tmp_path / "pictures" / "007.png"))
    photos.index(embedder="colors", reduce=1)
    assert reduced(photos).vectors.shape == (48, 1)
    assert len(photos.search(image(tmp_path / "pictures" / "007.png"))) == 20


def test_the_same_vectors_give_the_same_space(photos):
    photos.index(embedder="colors", reduce=2)
    before = reduced(photos)
    photos.index(embedder="colors", reduce=2)
    assert reduced(photos).name == before.name
    np.testing.assert_array_equal(reduced(photos).vectors, before.vectors)


def test_a_concept_is_learned_in_it_and_predicted_for_what_comes(photos, tmp_path):
    photos.index(embedder="colors", reduce=2)
    ids = list(photos)
    photos.annotate(ids[:6], concept="nice")
    photos.annotate(ids[6:12], concept="nice", value=0)
    model = photos.train("nice", progress=False)
    assert model.space == reduced(photos).name
    (path,) = write_pictures(tmp_path / "more", 1, seed=9)
    photos.add(path, progress=False)
    assert photos.find(path).id in photos.search(concept("nice"), limit=100).ids
    photos.add(write_pictures(tmp_path / "again", 3, seed=5), progress=False)
    (note,) = photos.index(reduce=2).notes
    assert note.endswith("; train again: nice")


@pytest.mark.parametrize("reduce", [0, -1, 3, 4, 2.5, True, "2"])
def test_a_size_that_cannot_be_is_refused_before_anything_is_done(photos, reduce):
    before = state(photos)
    with pytest.raises(QueryError, match=r"'colors@1' have 3 numbers; they can be reduced to 1 to 2"):
        photos.index(embedder="colors", reduce=reduce)
    assert state(photos) == before


def test_too_few_rows_are_refused_with_how_many_there_are(tmp_path):
    write_pictures(tmp_path / "pictures", 2)
    with opened(tmp_path / "p.db") as photos:
        with pytest.raises(NotIndexedError, match="nothing is embedded in 'colors@1' yet"):
            photos.index(reduce=2)
        photos.add(tmp_path / "pictures", progress=False)
        before = state(photos)
        with pytest.raises(QueryError, match="2 vectors of 3 numbers can be reduced to 1 to 1, not 2"):
            photos.index(reduce=2)
        assert state(photos) == before


def test_without_any_embedder_it_says_what_to_name(tmp_path):
    with (
        opened(tmp_path / "p.db", embedders=()) as photos,
        pytest.raises(QueryError, match="name an embedder"),
    ):
        photos.index(reduce=2)


@pytest.mark.parametrize(
    ("writer", "verb"),
    [(SpaceWriter, "delete"), (SpaceWriter, "add"), (EmbeddingWriter, "put"), (PropertyWriter, "set")],
)
def test_stopped_half_way_the_reduction_before_is_whole(photos, tmp_path, monkeypatch, writer, verb):
    photos.index(embedder="colors", reduce=2)
    photos.add(write_pictures(tmp_path / "more", 6, seed=9), progress=False)
    before, vectors = state(photos), reduced(photos).vectors.copy()

    def killed(self, *args, **more):
        if verb != "add" or "~" in args[0]:  # that of an embedder's own is made before
            raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(writer, verb, killed)
        from toolkit import indexing

        indexing.reduce("colors", 1, photos._resources)
    assert state(photos) == before
    np.testing.assert_array_equal(reduced(photos).vectors, vectors)
    photos.search(image(tmp_path / "pictures" / "007.png"), limit=1)


def test_rows_embedded_or_deleted_while_it_is_fitted_are_as_they_should_be(photos, tmp_path, monkeypatch):
    from toolkit.indexing import reducing

    real, gone = reducing.fit_reduction, next(iter(photos))

    def slow(vectors, **more):
        made = real(vectors, **more)
        photos.delete(gone)
        photos.add(write_pictures(tmp_path / "more", 1, seed=9), progress=False)
        return made

    monkeypatch.setattr(reducing, "fit_reduction", slow)
    photos.index(embedder="colors", reduce=2)
    snapshot = photos.snapshot()
    assert sorted(reduced(photos).rows) == sorted(snapshot.spaces["colors@1"].rows) == list(range(48))


def test_an_embedder_with_a_new_version_has_its_own_space_by_default(photos, tmp_path, monkeypatch):
    photos.index(embedder="colors", reduce=2)
    monkeypatch.setattr(Colors, "version", "2")
    query = tmp_path / "pictures" / "007.png"
    with pytest.raises(NotIndexedError, match="is now 'colors@2' and cannot compare"):
        photos.search(image(query))
    photos.index()
    assert photos.search(image(query), limit=1)[0].input.uri.endswith("007.png")
    assert "colors@2" in photos.snapshot().spaces
