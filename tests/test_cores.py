"""Cores are used once: a worker for each, and one thread for what libraries run in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up_models import Colors, opened
from threadpoolctl import threadpool_info

from toolkit.plugins.cores import (
    MOST_THREADS,
    environment,
    library_threads,
    one_openmp_thread,
    one_thread,
    process_count,
    thread_count,
    worker_count,
)
from toolkit.testing import pictures


def blas_threads():
    """Of NumPy and SciPy; a BLAS on OpenMP (faiss brings one) has a number for each thread, as OpenMP has."""
    found = [one for one in threadpool_info() if one["user_api"] == "blas"]
    return {one["num_threads"] for one in found if one.get("threading_layer") != "openmp"}


def test_products_run_on_one_thread_until_the_last_is_done():
    before = blas_threads()
    with one_thread():
        with one_thread():
            assert blas_threads() <= {1}
        assert blas_threads() <= {1}
    assert blas_threads() == before


def test_openmp_is_held_whichever_package_brought_it_and_no_matter_when():
    from sklearn import metrics  # brings an OpenMP of its own

    def threads():
        return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "openmp"}

    before = threads()
    with one_openmp_thread(), one_thread():
        assert threads() <= {1}
        assert blas_threads() <= {1}
    assert threads() == before
    assert metrics


def test_only_one_place_sets_how_many_threads_a_library_has():
    root = Path(__file__).parents[1]
    setting = [
        str(path.relative_to(root))
        for room in ("toolkit", "plugins")
        for path in sorted((root / room).rglob("*.py"))
        if "threadpoolctl import" in path.read_text(encoding="utf-8")
    ]
    assert setting == ["toolkit/plugins/cores.py"]


def test_products_run_on_one_thread_while_workers_have_the_cores():
    seen = []

    class Watching(Colors):
        name = "watching"

        def embed(self, images):
            seen.append(blas_threads())
            return super().embed(images)

    before = blas_threads()
    with opened(None, Watching, embedders=["watching"], workers=2) as photos:
        photos.add(pictures(40))
    assert seen
    assert all(some <= {1} for some in seen)
    assert blas_threads() == before


def test_a_person_who_names_a_number_of_workers_gets_it():
    assert worker_count(3) == thread_count(3) == 3
    assert thread_count(99) == 99
    assert process_count(10**6) == worker_count(-1)  # more of them start slower, and compute no faster
    assert 1 <= thread_count(-1) <= min(worker_count(-1), MOST_THREADS)


@pytest.mark.parametrize(("asked", "threads"), [(None, 1), ("4", 4), ("0", 1), ("many", 1)])
def test_a_library_runs_on_one_thread_unless_a_person_says_otherwise(asked, threads, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if asked is not None:
        monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert library_threads() == threads


def test_a_worker_process_has_one_thread_for_every_library():
    assert set(environment().values()) == {"1"}
    assert {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"} <= environment().keys()
