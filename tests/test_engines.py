"""An engine is a cache of the store: fed with what it lacks, made anew where it holds something else."""

import shutil

import numpy as np
import pytest
from toolkit_exact import ExactEngine

import toolkit
from toolkit.errors import ContractError, NotIndexedError, QueryError, StoreError, UnknownNameError
from toolkit.plugins import Capabilities
from toolkit.plugins.registry import Registry
from toolkit.similarity import feeding
from toolkit.similarity.engines import Engines
from toolkit.store import AnnotationStore
from toolkit.testing.keyed_index import SPACE, Fed, unit

SHELF = {}  # what lasting engines hold, by the name of the collection


class Shelf(ExactEngine):
    """An engine that outlives the process, and counts what it is given."""

    name = "shelf"
    capabilities = Capabilities(exact=True, persistent=True, deletes=True, within=True, scores=True)
    fails_after = None

    def __init__(self, site):
        super().__init__(site)
        self._held = SHELF.setdefault(site.collection, {})
        self.taken = []

    def apply(self, space, keys, vectors, deleted, revision):
        if self.fails_after is not None and len(self.taken) == self.fails_after:
            raise KeyboardInterrupt
        super().apply(space, keys, vectors, deleted, revision)
        self.taken.append((len(keys), None if deleted is None else len(deleted)))


@pytest.fixture(autouse=True)
def _a_few_at_a_time(monkeypatch):
    monkeypatch.setattr(feeding, "BATCH", 10)


def fed_from(store, engine=Shelf):
    registry = Registry()
    registry.add(engine, kind="engines")
    return Fed(store, Engines(store, registry, engine.name, lambda _: None))


def held(fed, space=SPACE):
    return sorted(
        key for key in fed.bare().nearest(space, unit(1, 32, seed=0), 999)[0][0].tolist() if key >= 0
    )


def test_it_is_given_what_is_new_and_nothing_twice(store):
    fed = fed_from(store)
    fed.add(25)
    fed.engine()
    assert fed.bare().taken == [(10, None), (10, 0), (5, 0)]
    fed.delete([0, 1])
    fed.add(3)
    fed.engine()
    fed.engine()
    assert fed.bare().taken[3:] == [(3, 2)]


def test_what_changes_no_vector_is_not_given_to_it(store):
    fed = fed_from(store)
    keys = fed.add(5)
    fed.engine()
    with store.write() as batch:
        batch.annotations.add(int(keys[0]), source="human:me", concepts={"dog": 1.0})
    assert fed.engine() is fed.bare()
    assert fed.bare().taken == [(5, None)]


def test_broken_off_midway_it_goes_on_where_it_was(store):
    fed = fed_from(store)
    keys = fed.add(35)
    fed.bare().fails_after = 2
    with pytest.raises(KeyboardInterrupt):
        fed.engine()
    assert held(fed) == keys[:20].tolist()
    with (
        store.write() as batch
    ):  # meanwhile: one that it has is deleted, one that it lacks, one is embedded anew
        batch.inputs.delete([fed._ids[3], fed._ids[30]])
    changed = unit(1, 32, seed=50)
    fed.embed(SPACE, keys[5:6], changed)
    again = fed_from(store)
    engine = again.engine()
    assert again.bare().taken[0][1] is not None, "it is not emptied"
    assert held(again) == [key for place, key in enumerate(keys.tolist()) if place not in {3, 30}]
    assert engine.nearest(SPACE, changed, 1)[0].tolist() == [[keys[5]]]


def test_a_region_deleted_in_the_very_revision_that_was_broken_off_is_gone(store):
    fed = fed_from(store)
    fed.add(5)
    fed.engine()
    with store.write() as batch:
        batch.inputs.delete(fed._ids[:1])
        batch.embeddings.put(SPACE, fed.keys[1:].tolist(), unit(4, 32, seed=2))
    fed.add(20)
    fed.bare().fails_after = 2
    with pytest.raises(KeyboardInterrupt):
        fed.engine()
    fed.bare().fails_after = None
    fed.engine()
    assert held(fed) == fed.keys[1:].tolist()


def test_a_backup_that_is_restored_is_another_history(tmp_path):
    with AnnotationStore.open(tmp_path / "photos.db") as store:
        fed_from(store).add(5)
    shutil.copy(tmp_path / "photos.db", tmp_path / "backup.db")
    with AnnotationStore.open(tmp_path / "photos.db") as store:
        lost = fed_from(store)
        lost.add(10, seed=1)
        lost.engine()
        assert len(held(lost)) == 15
    shutil.copy(tmp_path / "backup.db", tmp_path / "photos.db")
    with AnnotationStore.open(tmp_path / "photos.db") as store:
        fed = fed_from(store)
        more = fed.add(10, seed=2)
        fed.engine()
        assert fed.bare().taken[0][1] is None
        found, _ = fed.bare().nearest(SPACE, fed.vectors[-1:], 1)
        assert found.tolist() == [[more[-1]]]
        assert len(held(fed)) == 15


def test_a_lasting_one_is_asked_but_not_fed_where_nothing_may_be_written(tmp_path):
    with AnnotationStore.open(tmp_path / "photos.db") as store:
        fed = fed_from(store)
        fed.add(3)
        fed.engine()
    with AnnotationStore.open(tmp_path / "photos.db", readonly=True) as store:
        assert len(held(fed_from(store))) == 3
        fed_from(store).engine()
    with AnnotationStore.open(tmp_path / "photos.db") as store:
        fed_from(store).add(1, seed=1)
    with AnnotationStore.open(tmp_path / "photos.db", readonly=True) as store:
        with pytest.raises(StoreError, match="engine 'shelf' lacks what is new"):
            fed_from(store).engine()
        assert fed_from(store, ExactEngine).engine().nearest(SPACE, unit(1, 32, seed=0), 9)[0].max() > 0


class Failing(ExactEngine):
    name = "failing"

    def apply(self, *given):
        raise OSError("no space left on device")


def test_one_that_fails_is_named(store):
    fed = fed_from(store, Failing)
    fed.add(1)
    with pytest.raises(
        ContractError, match="engine 'failing': it takes what is new in the store; got OSError"
    ):
        fed.engine()


def grays(count):
    return [np.full((16, 16, 3), 8 * one, np.uint8) for one in range(count)]


def test_a_collection_hands_out_the_engine_of_its_settings():
    settings = toolkit.Settings(engine="exact")
    with toolkit.open(workflow="pixels", settings=settings) as photos:
        with pytest.raises(NotIndexedError):
            photos.engine()
        photos.add(grays(12), progress=False)
        snapshot = photos.snapshot()
        space = snapshot.spaces["pixels@1"]
        keys, scores = photos.engine().nearest("pixels@1", space.vectors[:1], 1)
        assert keys.tolist() == [[snapshot.rows.key[space.rows[0]]]]
        assert scores[0, 0] == pytest.approx(1)
        assert photos.info()["engine"] == "exact"


def test_without_one_it_says_which_there_are():
    with toolkit.open(workflow="pixels") as photos:
        photos.add(grays(1), progress=False)
        with pytest.raises(QueryError, match=r'Settings\(engine="exact"\)'):
            photos.engine()
    with toolkit.open(workflow="pixels", settings=toolkit.Settings(engine="exakt")) as photos:
        photos.add(grays(1), progress=False)
        with pytest.raises(UnknownNameError, match="did you mean 'exact'"):
            photos.engine()
    with toolkit.open(workflow="pixels", settings=toolkit.Settings(engine="exact:here")) as photos:
        photos.add(grays(1), progress=False)
        with pytest.raises(QueryError, match="takes nothing after its name"):
            photos.engine()
