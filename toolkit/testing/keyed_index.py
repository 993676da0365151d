"""The contract of an engine: an index by region keys that is fed from the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import cast

import numpy as np

from ..plugins.interfaces import Capabilities, EngineFactory, KeyedIndex
from ..plugins.registry import Registry
from ..similarity.engines import Engines
from ..store import AnnotationStore, NewInput
from ..values.types import FloatArray, IntArray

__all__ = ["KeyedIndexContract"]

COUNT, DIMENSION, QUERIES, NEIGHBORS = 2000, 32, 5, 10
FOUND = 0.99  # of the true neighbors
SPACE = "made-up@1"


class KeyedIndexContract:
    """Tests of what every engine promises; subclass it and set `factory`.

    Attributes
    ----------
    factory : EngineFactory
        What makes the engine; a class will do.
    argument : str
        What follows its name and a colon in settings.
    close : float
        How far its cosines may be from the true ones: 1e-3 where it keeps less than float32.
    """

    factory: EngineFactory
    argument: str = ""
    close: float = 1e-5

    def target(self, tmp_path: Path) -> Path | str:
        """Where a collection is that the engine can be of: a file, or the address of a database."""
        return tmp_path / "photos.db"

    @contextmanager
    def opened(self, tmp_path: Path, target: Path | str | None = None) -> Iterator[Fed]:
        """A store with the engine over it.

        Parameters
        ----------
        tmp_path : Path
            An empty folder.
        target : Path or str, optional
            Where the store is; as `target` says by default.
        """
        registry = Registry()
        registry.add(type(self).factory, kind="engines")
        name = type(self).factory.name
        where = self.target(tmp_path) if target is None else target
        with AnnotationStore.open(where) as store:
            spec = f"{name}:{self.argument}" if self.argument else name
            beside = tmp_path / f"{Path(str(where)).name[:40]}.engine"
            engines = Engines(store, registry, spec, lambda _: beside)
            try:
                yield Fed(store, engines)
            finally:
                engines.close()

    # ---- what it holds

    def test_it_says_what_it_can_do(self, tmp_path: Path) -> None:
        with self.opened(tmp_path) as fed:
            engine = fed.bare()
            assert engine.name == type(self).factory.name
            assert isinstance(engine.capabilities, Capabilities)

    def test_it_holds_nothing_before_it_is_fed(self, tmp_path: Path) -> None:
        with self.opened(tmp_path) as fed:
            assert fed.bare().revision(SPACE) is None
            assert fed.bare().revision("another@1") is None

    def test_it_says_how_far_it_was_fed(self, tmp_path: Path) -> None:
        with self.opened(tmp_path) as fed:
            fed.add(3)
            first = fed.engine().revision(SPACE)
            fed.add(2)
            assert first is not None
            assert fed.engine().revision(SPACE) not in {None, first}

    def test_spaces_of_other_dimensions_are_apart(self, tmp_path: Path) -> None:
        with self.opened(tmp_path) as fed:
            keys = fed.add(30)
            other = unit(7, 4, seed=9)
            fed.embed("flat@1", keys[:7], other)
            found, scores = fed.engine("flat@1").nearest("flat@1", other, 1)
            assert found[:, 0].tolist() == keys[:7].tolist()
            np.testing.assert_allclose(scores[:, 0], 1, atol=self.close)
            assert fed.engine().nearest(SPACE, fed.vectors[-1:], 1)[0].tolist() == [[keys[-1]]]

    # ---- what it finds

    def test_it_finds_the_nearest_the_best_first(self, tmp_path: Path) -> None:
        with self.opened(tmp_path) as fed:
            fed.add(COUNT)
            found, scores = fed.engine().nearest(SPACE, QUERY, NEIGHBORS)
            assert (str(found.dtype), str(scores.dtype)) == ("int64", "float32")
            assert (np.diff(scores, axis=1) <= self.close).all()
            np.testing.assert_allclose(scores, fed.cosines(QUERY, found), atol=self.close)
            assert fed.recall(found) >= (1 if fed.engine().capabilities.exact else FOUND)

    def test_it_finds_the_nearest_among_given_keys(self, tmp_path: Path) -> None:
        with self.opened(tmp_path) as fed:
            keys = fed.add(COUNT)
            engine = fed.engine()
            for part in (2, 10, 100, 1000):
                within = np.random.default_rng(part).choice(keys, len(keys) // part, replace=False)
                k = min(NEIGHBORS, len(within))
                found, scores = engine.nearest(SPACE, QUERY, k, np.append(within, fed.unknown))
                assert np.isin(found, within).all()
                np.testing.assert_allclose(scores, fed.cosines(QUERY, found), atol=self.close)
                assert fed.recall(found, within) >= FOUND, f"1 in {part}"

    def test_it_scores_given_keys(self, tmp_path: Path) -> None:
        with self.opened(tmp_path) as fed:
            keys = fed.add(50)
            asked = np.array([keys[7], fed.unknown, keys[3]])
            scores = fed.engine().scores(SPACE, QUERY, asked)
            assert (str(scores.dtype), scores.shape) == ("float32", (QUERIES, 3))
            assert np.isnan(scores[:, 1]).all()
            np.testing.assert_allclose(scores[:, [0, 2]], QUERY @ fed.vectors[[7, 3]].T, atol=self.close)

    def test_where_little_is_held_the_rest_is_missing(self, tmp_path: Path) -> None:
        with self.opened(tmp_path) as fed:
            keys = fed.add(3)
            found, scores = fed.engine().nearest(SPACE, QUERY, 5)
            assert sorted(found[0, :3].tolist()) == keys.tolist()
            assert (found[:, 3:] == -1).all()
            assert np.isnan(scores[:, 3:]).all()
            few, _ = fed.engine().nearest(SPACE, QUERY, 2, keys[:1])
            assert few.tolist() == [[keys[0], -1]] * QUERIES
            none, _ = fed.engine().nearest(SPACE, QUERY, 2, np.empty(0, np.int64))
            assert none.tolist() == [[-1, -1]] * QUERIES

    def test_it_answers_on_many_threads_at_once(self, tmp_path: Path) -> None:
        with self.opened(tmp_path) as fed:
            fed.add(300)
            engine = fed.engine()
            expected, _ = engine.nearest(SPACE, QUERY, NEIGHBORS)
            with ThreadPoolExecutor(4) as pool:
                for found, _ in pool.map(lambda _: engine.nearest(SPACE, QUERY, NEIGHBORS), range(8)):
                    np.testing.assert_array_equal(found, expected)

    # ---- how it follows the store

    def test_what_is_added_and_deleted_is_seen_at_once(self, tmp_path: Path) -> None:
        with self.opened(tmp_path) as fed:
            keys = fed.add(200)
            fed.engine()
            fed.delete(range(50))
            more = fed.add(100)
            engine = fed.engine()
            found, scores = engine.nearest(SPACE, fed.vectors[-100:], 1)
            assert found[:, 0].tolist() == more.tolist()
            np.testing.assert_allclose(scores, 1, atol=self.close)
            gone, _ = engine.nearest(SPACE, fed.vectors[:50], NEIGHBORS)
            assert not np.isin(gone, keys[:50]).any()
            assert np.isnan(engine.scores(SPACE, QUERY, keys[:50])).all()

    def test_a_vector_that_changes_is_compared_as_it_is_now(self, tmp_path: Path) -> None:
        with self.opened(tmp_path) as fed:
            keys = fed.add(100)
            fed.engine()
            changed = unit(10, DIMENSION, seed=77)
            fed.embed(SPACE, keys[:10], changed)
            engine = fed.engine()
            np.testing.assert_allclose(engine.scores(SPACE, changed[:1], keys[:1]), 1, atol=self.close)
            assert engine.nearest(SPACE, changed, 1)[0][:, 0].tolist() == keys[:10].tolist()

    def test_a_space_made_anew_is_held_anew(self, tmp_path: Path) -> None:
        with self.opened(tmp_path) as fed:
            keys = fed.add(20)
            fed.engine()
            with fed.store.write() as batch:
                batch.spaces.delete(SPACE)
            fed.embed(SPACE, keys[:5], unit(5, 8, seed=3))
            found, _ = fed.engine().nearest(SPACE, unit(5, 8, seed=3), 6)
            assert found[:, 0].tolist() == keys[:5].tolist()
            assert (found[:, 5] == -1).all()

    def test_a_lasting_one_is_there_for_the_next_session_and_goes_on(self, tmp_path: Path) -> None:
        with self.opened(tmp_path) as fed:
            fed.add(300)
            lasts = fed.engine().capabilities.persistent
            first = fed.engine().revision(SPACE)
        with self.opened(tmp_path) as fed:
            assert fed.bare().revision(SPACE) == (first if lasts else None)
            more = fed.add(10, seed=5)
            found, _ = fed.engine().nearest(SPACE, fed.vectors[-10:], 1)
            assert found[:, 0].tolist() == more.tolist()
            everything, _ = fed.engine().nearest(SPACE, QUERY, 400)
            assert (everything >= 0).sum(axis=1).tolist() == [310] * QUERIES

    def test_what_is_of_another_history_is_thrown_away(self, tmp_path: Path) -> None:
        with self.opened(tmp_path) as fed:
            keys = fed.add(50)
            reached = fed.store.space_changes.start(SPACE)
            strange = f"{reached.store}/{reached.space}/1/of-a-lost-history/{2**63 - 1}"
            with fed.store.write():
                fed.bare().apply(SPACE, keys[:1] + 10**6, fed.vectors[:1], None, strange)
            found, _ = fed.engine().nearest(SPACE, QUERY, 60)
            assert sorted(found[0, :50].tolist()) == keys.tolist()
            assert (found[:, 50:] == -1).all()

    def test_one_in_the_stores_own_database_is_undone_with_it(self, tmp_path: Path) -> None:
        with self.opened(tmp_path) as fed:
            fed.add(20)
            engine = fed.engine()
            if not engine.capabilities.transactional:
                return
            before = engine.revision(SPACE)
            try:
                with fed.store.write() as batch:
                    (added,) = batch.inputs.add([made_up("undone")])
                    batch.embeddings.put(SPACE, [added.region_key], unit(1, DIMENSION, seed=8))
                    fed.store.before_commit[0]()
                    assert np.isfinite(engine.scores(SPACE, QUERY, np.array([added.region_key]))).all()
                    raise _UndoneError
            except _UndoneError:
                pass
            assert engine.revision(SPACE) == before
            assert np.isnan(engine.scores(SPACE, QUERY, np.array([added.region_key]))).all()
            fed.add(1, seed=6)
            assert engine.revision(SPACE) != before, "it is written before anything asks for it"


class _UndoneError(Exception):
    """What undoes a transaction."""


class Fed:
    """A store of made-up vectors, and the engine that is fed from it.

    Parameters
    ----------
    store : AnnotationStore
        Empty at first.
    engines : Engines
        Which hold the engine.
    """

    unknown = 10**9  # the key of no region

    def __init__(self, store: AnnotationStore, engines: Engines) -> None:
        self.store, self.engines = store, engines
        self.vectors: FloatArray = np.empty((0, DIMENSION), np.float32)
        self.keys: IntArray = np.empty(0, np.int64)
        self._ids: list[str] = []

    def engine(self, space: str = SPACE) -> KeyedIndex:
        """The engine, with everything that is stored."""
        return self.engines.over(space)

    def bare(self) -> KeyedIndex:
        """The engine as it is."""
        return self.engines.made()

    def add(self, count: int, seed: int = 0) -> IntArray:
        """The keys of some more regions with vectors.

        Parameters
        ----------
        count : int
            How many.
        seed : int
            Others are other vectors.
        """
        vectors = unit(count, DIMENSION, seed=1000 * seed + len(self.keys))
        with self.store.write() as batch:
            made = [made_up(f"{seed}-{len(self.keys) + number}") for number in range(count)]
            added = batch.inputs.add(made)
        keys = np.array([one.region_key for one in added])
        self.embed(SPACE, keys, vectors)
        self.vectors = np.concatenate([self.vectors, vectors])
        self.keys = np.concatenate([self.keys, keys])
        self._ids += [one.id for one in added]
        return keys

    def embed(self, space: str, keys: IntArray, vectors: FloatArray) -> None:
        """Store vectors of some regions.

        Parameters
        ----------
        space : str
            Made if it is not there.
        keys : int64 (m,)
            Of regions.
        vectors : float32 (m, d)
            Unit vectors.
        """
        with self.store.write() as batch:
            batch.spaces.add(space, embedder="made-up", dimension=vectors.shape[1])
            batch.embeddings.put(space, keys.tolist(), vectors)

    def delete(self, positions: Sequence[int]) -> None:
        """Delete the inputs at some positions."""
        with self.store.write() as batch:
            batch.inputs.delete([self._ids[position] for position in positions])

    def cosines(self, queries: FloatArray, keys: IntArray) -> FloatArray:
        """The true cosines float32 (b, k) of queries with what was found for each.

        Parameters
        ----------
        queries : float32 (b, d)
            Unit vectors.
        keys : int64 (b, k)
            What was found.
        """
        of = self.vectors[np.searchsorted(self.keys, keys)]
        return cast("FloatArray", np.einsum("bd,bkd->bk", queries, of))

    def recall(self, found: IntArray, within: IntArray | None = None) -> float:
        """The share of the true neighbors of the queries that was found.

        Parameters
        ----------
        found : int64 (b, k)
            Keys.
        within : int64 (p,), optional
            Among which they were asked for.
        """
        among = np.ones(len(self.keys), bool) if within is None else np.isin(self.keys, within)
        scores = np.where(among, QUERY @ self.vectors.T, -2)
        true = self.keys[np.argsort(-scores, axis=1)[:, : found.shape[1]]]
        hits = [len(set(row) & set(best)) for row, best in zip(found.tolist(), true.tolist(), strict=True)]
        return sum(hits) / true.size


def made_up(name: str) -> NewInput:
    """An input of that name."""
    return NewInput(uri=f"/{name}.jpg", sha256=sha256(name.encode()).hexdigest(), width=4, height=3)


def unit(count: int, dimension: int, *, seed: int) -> FloatArray:
    """Unit vectors float32 (m, d), drawn at random.

    Parameters
    ----------
    count, dimension : int
        m and d.
    seed : int
        The same gives the same.
    """
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


QUERY = unit(QUERIES, DIMENSION, seed=123_456)
