"""Thousands of pictures: processes take over, and what one of them dies of is one failure."""

import os
import threading
import time

import joblib
import numpy as np
import pytest
from made_up_models import write_pictures
from PIL import Image

from toolkit.images.budget import PixelBudget
from toolkit.indexing import crews, workers
from toolkit.indexing.apart import LOST
from toolkit.indexing.computing import Worker
from toolkit.indexing.job import Job
from toolkit.indexing.processes import Processes, can_travel
from toolkit.indexing.report import Failure
from toolkit.plugins import Record
from toolkit.plugins.components import Components
from toolkit.plugins.registry import Registry, default
from toolkit.store import SeenFile
from toolkit.values.settings import Settings


class Copies:
    """Embeds the number of the process that it runs in; it may run in any."""

    name, version, dimension, runs_in_processes = "copies", "1", 2, True

    def embed(self, images):
        return np.array([[1, os.getpid()] for _ in images], np.float32)


class Silent(Copies):
    """The same, but says nothing of where it may run."""

    runs_in_processes = False


class Deadly(Copies):
    """Ends the process that shows it a picture 13 pixels wide."""

    def embed(self, images):
        if any(image.width == 13 for image in images):
            os._exit(1)
        return super().embed(images)


def job(path):
    return Job(Record(str(path)), SeenFile(str(path), 0, 0), ("embedder",))


def worker(embedder, registry=None, **settings):
    return Worker(Components({}, {"embedder": embedder}, {}), Settings(**settings), registry or default())


def outcomes(paths, by, *, total=None):
    """What came of each path, with its name; jobs wait until processes that were started work."""
    started = []
    original = Processes.__init__

    def noted(processes, worker, count):
        original(processes, worker, count)
        processes._first.result()
        started.append(processes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Processes, "__init__", noted)
        patch.setattr(crews, "MANY", 64)
        done = [one for batch in workers.work(map(job, paths), by, total=total) for one in batch]
    return [(one.uri, outcome) for one, outcome in done], len(started)


def processes_of(found):
    vectors = np.concatenate([outcome.embeddings["embedder"][1] for _, outcome in found])
    return set((vectors[:, 1] / vectors[:, 0]).round().astype(int))


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    return write_pictures(tmp_path_factory.mktemp("pictures"), 200)


def test_models_that_may_run_anywhere_run_in_processes_and_come_back_in_order(paths):
    here, none = outcomes(paths, worker(Silent(), workers=2), total=200)
    there, started = outcomes(paths, worker(Copies(), workers=2), total=200)
    assert (none, started) == (0, 1)
    assert processes_of(here) == {os.getpid()}
    assert os.getpid() not in processes_of(there)
    assert [uri for uri, _ in there] == [uri for uri, _ in here] == list(map(str, paths))
    for (_, one), (_, other) in zip(here, there, strict=True):
        assert (one.sha256, one.thumbnail, one.width, one.shot) == (
            other.sha256,
            other.thumbnail,
            other.width,
            other.shot,
        )


def test_how_many_there_are_need_not_be_known(paths):
    found, started = outcomes(paths, worker(Copies(), workers=2))
    assert (started, os.getpid() in processes_of(found)) == (1, True)
    assert len(processes_of(found)) > 1


@pytest.mark.parametrize("settings", [{"workers": 1}, {"workers": 2, "total": 40}])
def test_few_pictures_and_a_single_worker_start_no_process(paths, settings):
    total = settings.pop("total", 200)
    assert outcomes(paths[:total], worker(Copies(), **settings), total=total)[1] == 0


def test_what_another_process_would_lack_keeps_the_work_here(paths):
    class Local(Copies):
        def __init__(self):
            self.lock = threading.Lock()

    assert can_travel(Copies())
    assert not can_travel(Local())
    registry = Registry.discover()
    assert not registry.is_installed
    assert outcomes(paths, worker(Copies(), registry, workers=2), total=200)[1] == 0
    assert outcomes(paths, worker(Local(), workers=2), total=200)[1] == 0


def test_the_picture_that_ends_its_process_is_a_failure_and_the_rest_are_computed(paths, tmp_path):
    poison = [tmp_path / f"poison-{number}.png" for number in range(2)]
    for number, path in enumerate(poison):
        Image.new("RGB", (13, 9 + number)).save(path)
    mixed = [*paths[:40], poison[0], *paths[40:80], poison[1], *paths[80:120]]
    found, _ = outcomes(mixed, worker(Deadly(), workers=2), total=len(mixed))
    assert [uri for uri, _ in found] == list(map(str, mixed))
    failed = [one for _, one in found if isinstance(one, Failure)]
    assert failed == [Failure(str(path), LOST) for path in poison]


def test_with_the_processes_of_joblib_it_is_one_failure_too(paths, tmp_path):
    poison = tmp_path / "poison.png"
    Image.new("RGB", (13, 9)).save(poison)
    mixed = [*paths[:70], poison, *paths[70:]]
    with joblib.parallel_config(backend="loky", n_jobs=2):
        done = [one for batch in workers.work(map(job, mixed), worker(Deadly())) for one in batch]
    assert [one.uri for one, _ in done] == list(map(str, mixed))
    assert [one for _, one in done if isinstance(one, Failure)] == [Failure(str(poison), LOST)]


def test_a_file_that_cannot_be_read_is_a_failure_in_a_process_too(paths, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    found, started = outcomes([*paths[:100], broken], worker(Copies(), workers=2), total=101)
    assert started == 1
    assert [(uri, one.reason) for uri, one in found if isinstance(one, Failure)] == [
        (str(broken), "not a picture in a known format")
    ]


def test_left_early_no_process_and_no_thread_stays(paths):
    before = set(threading.enumerate())
    processes = []
    done = workers.work(map(job, paths), worker(Copies(), workers=2), total=200)
    with pytest.MonkeyPatch.context() as patch:
        original = Processes.__init__
        patch.setattr(crews, "MANY", 64)
        patch.setattr(Processes, "__init__", lambda one, *of: (original(one, *of), processes.append(one))[0])
        next(done)
        done.close()
    assert processes[0]._executor._processes in ({}, None)
    ends = time.monotonic() + 10
    while set(threading.enumerate()) - before and time.monotonic() < ends:
        time.sleep(0.01)
    assert not set(threading.enumerate()) - before


def test_processes_divide_the_pixels_and_decode_large_pictures_one_at_a_time():
    turn = threading.Lock()
    shares = [PixelBudget(100), PixelBudget(100)]
    for one in shares:
        one.become_share(2, turn)
    with shares[0].reserved(50), shares[1].reserved(50):
        assert not turn.locked()
    with shares[0].reserved(51):
        assert turn.locked()
        with shares[1].reserved(50):
            assert shares[1].reserved_pixels == 50
    assert not turn.locked()
