"""Adding on Dask, Ray, Spark and joblib's processes: real ones, each with two workers on this machine.

Ray and Spark take part where they are installed (`pip install -e ".[ray,spark]"`, best where JupyterLab is not); in
`.ci/run` that is Ray, for the picture that ends its worker: see the decision on batches on a cluster.
"""

import os
import sys
from contextlib import nullcontext
from pathlib import Path

import cloudpickle
import joblib
import numpy as np
import pytest
from clusters import INSTALLED, started
from joblib.parallel import BACKENDS, ThreadingBackend
from made_up_models import opened, write_pictures
from pages import make_home, run
from PIL import Image

from toolkit.errors import ClusterError, ContractError
from toolkit.indexing import cluster_crew
from toolkit.indexing.apart import LOST
from toolkit.indexing.report import Failure

cloudpickle.register_pickle_by_value(sys.modules[__name__])  # as what a notebook's cell defines
COUNT = 70  # three batches
FAR = [name for name in INSTALLED if name != "loky"]
far = pytest.mark.parametrize("cluster", FAR, indirect=True)
pytestmark = pytest.mark.filterwarnings("default")  # those of the clusters' own packages


class Deadly:
    """Embeds the process it runs in; a picture 13 pixels wide ends that, and a file has a byte more."""

    name, version, dimension = "deadly", "1", 2
    deaths = os.devnull

    def embed(self, images):
        if any(image.width == 13 for image in images):
            with Path(self.deaths).open("ab", buffering=0) as file:
                file.write(b"x")
            os._exit(1)
        return np.array([[1, os.getpid()] for _ in images], np.float32)


class Mortal:
    """Embeds the mean color, and ends the first process that it runs in: a machine that is taken away."""

    name, version, dimension = "mortal", "1", 3
    flag = ""

    def embed(self, images):
        try:
            os.close(os.open(self.flag, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return np.array([np.asarray(image, float).mean((0, 1)) + 1 for image in images], np.float32)
        os._exit(1)


class Wrong(Deadly):
    """Breaks its contract."""

    name = "wrong"

    def embed(self, images):
        return np.zeros((1, 1))


class Homebound(Deadly):
    """Cannot be unpacked anywhere."""

    name = "homebound"

    def __setstate__(self, state):
        raise ModuleNotFoundError("No module named 'homebound'")

    def __getstate__(self):
        return {"some": "state"}


@pytest.fixture(scope="module")
def pictures_of(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    write_pictures(folder, COUNT)
    return folder


@pytest.fixture(scope="module", params=INSTALLED)
def cluster(request, tmp_path_factory):
    """What a user opens around `add`, the folder its workers run in, and its name."""
    folder = tmp_path_factory.mktemp(request.param)
    with started(request.param, folder) as configured:
        yield configured, folder, request.param


def processes_of(photos):
    vectors = next(iter(photos.snapshot().spaces.values())).vectors
    return set((vectors[:, 1] / vectors[:, 0]).round().astype(int))


def state_of(photos):
    space = next(iter(photos.snapshot().spaces.values()))
    return list(photos), [photos[id].uri for id in photos], space.vectors.round(5).tolist()


def test_a_picture_that_ends_one_worker_is_one_failure_and_is_not_tried_again(cluster, pictures_of, tmp_path):
    configured, _, _ = cluster
    poison = tmp_path / "poison.png"
    Image.new("RGB", (13, 9)).save(poison)
    paths = sorted(pictures_of.iterdir())
    mixed = [*paths[:40], poison, *paths[40:]]
    failed = (Failure(str(poison), LOST),)
    deaths = tmp_path / "deaths"
    model = type("Marked", (Deadly,), {"deaths": str(deaths)})
    with opened(tmp_path / "p.db", model, embedders=("deadly",)) as photos:
        with configured():
            report = photos.add(mixed, progress=False)
        assert deaths.read_bytes() == b"xx"  # a worker, and the process apart that names the picture
        assert (report.added, tuple(report.failed)) == (COUNT, failed)
        assert [photos[id].uri for id in photos] == list(map(str, paths))
        assert os.getpid() not in processes_of(photos)
        again = photos.add(mixed, progress=False)  # here: looked at once more, it would end this process
        assert (again.added, again.skipped, tuple(again.failed), photos.check()) == (0, COUNT, failed, [])


def test_a_worker_that_is_killed_changes_nothing(cluster, pictures_of, tmp_path):
    configured, _, _ = cluster
    found = []
    for name, where in (("here", nullcontext), ("there", configured)):
        flag = tmp_path / name
        model = type("Marked", (Mortal,), {"flag": str(flag)})
        if name == "here":
            flag.touch()
        with opened(None, model, embedders=("mortal",)) as photos:
            with where():
                report = photos.add(pictures_of, progress=False)
            assert (report.added, report.failed, flag.exists()) == (COUNT, (), True)
            found.append(state_of(photos))
    assert found[0] == found[1]


# The working directory of a process is the same address for every process of this machine: see test_originals.
@far
@pytest.mark.skipif(not Path("/proc/self/cwd").is_dir(), reason="there is no /proc")
def test_a_worker_without_the_mount_calls_no_picture_bad(cluster, pictures_of, tmp_path, monkeypatch):
    configured, folder, _ = cluster
    monkeypatch.chdir(pictures_of)
    paths = [f"/proc/self/cwd/{path.name}" for path in sorted(pictures_of.iterdir())]
    with opened(tmp_path / "p.db", Deadly, embedders=("deadly",)) as photos:
        with configured():
            report = photos.add(paths, progress=False)
            assert (report.added, len(report.failed)) == (0, COUNT)
            assert {one.reason for one in report.failed} == {"no such file or directory"}
            for path in pictures_of.iterdir():
                (folder / path.name).symlink_to(path)
            report = photos.add(paths, progress=False)
        assert (report.added, report.failed) == (COUNT, ())


def test_a_few_pictures_go_to_the_workers_of_a_cluster_too(cluster, pictures_of):
    configured, _, name = cluster
    with opened(None, Deadly, embedders=("deadly",)) as photos:
        with configured():
            photos.add(sorted(pictures_of.iterdir())[:3], progress=False)
        assert (os.getpid() in processes_of(photos)) == (name == "loky")


def test_a_contract_broken_on_a_worker_is_raised_as_one(cluster, pictures_of):
    configured, _, _ = cluster
    with opened(None, Wrong, embedders=("wrong",)) as photos:
        with configured(), pytest.raises(ContractError, match="wrong@1"):
            photos.add(pictures_of, progress=False)
        assert photos.check() == []


@far  # on loky what cannot travel is computed here: see test_worker_processes
def test_workers_that_cannot_compute_are_an_error_and_no_picture_is_bad(cluster, pictures_of):
    configured, _, _ = cluster
    with opened(None, Homebound, embedders=("homebound",)) as photos:
        with (
            configured(),
            pytest.raises(ClusterError, match="unpacked on a worker: ModuleNotFoundError: No module"),
        ):
            photos.add(pictures_of, progress=False)
        with joblib.parallel_config(backend="threading", n_jobs=2):
            assert photos.add(pictures_of, progress=False).added == COUNT


@pytest.mark.parametrize("cluster", [name for name in FAR if name == "dask"], indirect=True)
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"resources": {"GPU": 1}}, "no worker with what is asked of it has run in the cluster for 1 s"),
        ({"workers": ["127.0.0.1:1"]}, "do not compute: TimeoutError: no batch came back for 1 s"),
    ],
)
def test_what_no_worker_takes_is_not_waited_for_for_ever(cluster, pictures_of, monkeypatch, asked, words):
    for name in ("LOOK", "PATIENCE", "STALLED"):
        monkeypatch.setattr(cluster_crew, name, 1.0)
    with (
        opened(None, Deadly, embedders=("deadly",)) as photos,
        joblib.parallel_config(backend="dask", **asked),
        pytest.raises(ClusterError, match=words),
    ):
        photos.add(pictures_of, progress=False)


@pytest.mark.skipif("dask" not in INSTALLED, reason="distributed is not installed")
def test_a_cluster_without_workers_is_not_waited_for_for_ever(pictures_of, monkeypatch):
    from distributed import Client, LocalCluster

    monkeypatch.setattr(cluster_crew, "PATIENCE", 1.0)
    with (
        LocalCluster(n_workers=0, dashboard_address=None) as nobody,
        Client(nobody),
        opened(None, Deadly, embedders=("deadly",)) as photos,
        joblib.parallel_config(backend="dask"),
        pytest.raises(ClusterError, match="for 1 s; what was done before is stored: start workers"),
    ):
        photos.add(pictures_of, progress=False)


def test_a_backend_that_pictures_cannot_be_sent_to_is_refused(pictures_of, monkeypatch):
    class Other(ThreadingBackend):
        pass

    monkeypatch.setitem(BACKENDS, "other", Other)
    with (
        opened(None, Deadly, embedders=("deadly",)) as photos,
        joblib.parallel_config(backend="other", n_jobs=2),
        pytest.raises(ClusterError, match=r"backend 'other', but to dask, loky, multiprocessing, ray, seq"),
    ):
        photos.add(pictures_of, progress=False)


@pytest.mark.skipif("dask" not in INSTALLED, reason="distributed is not installed")
def test_what_the_page_on_scaling_says_runs(tmp_path, monkeypatch):
    make_home(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    names = {}
    run("docs/scaling.md", names)
    names["photos"].close()
