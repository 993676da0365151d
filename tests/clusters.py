"""Small real clusters on this machine, by the name that joblib has for them."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import joblib

PACKAGES = {"loky": "loky", "dask": "distributed", "ray": "ray", "spark": "pyspark"}
# A busy machine is no failure. One wait has no setting: 15 s, in which Ray's own agent has to start.
_PATIENT_RAY = {
    "RAY_raylet_start_wait_time_s": "120",
    "RAY_agent_register_timeout_ms": "300000",
    "RAY_gcs_server_port_wait_time_s": "120",
    "RAY_gcs_server_request_timeout_seconds": "300",
    "RAY_gcs_rpc_server_connect_timeout_s": "120",
    "RAY_worker_register_timeout_seconds": "300",
    "RAY_health_check_timeout_ms": "120000",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # else it warns of a change to come
}
INSTALLED = [name for name, package in PACKAGES.items() if find_spec(package)]


@contextmanager
def started(name, folder):
    """A cluster of two workers whose working directory is a folder; gives the context that a user would open."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        with _STARTS[name]():
            os.chdir(before)
            yield lambda: joblib.parallel_config(backend=name, n_jobs=2)
    finally:
        os.chdir(before)


@contextmanager
def _loky():
    yield


@contextmanager
def _dask():
    import dask
    from distributed import Client, LocalCluster

    # A busy machine is no failure: a worker that does not start again within 15 s would be given up for good.
    dask.config.set({"distributed.deploy.lost-worker-timeout": "300s"})
    here = f"import os; os.chdir({str(Path.cwd())!r})"  # also where a worker starts again
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "preload": [here]}
    with LocalCluster(**options) as cluster, Client(cluster):
        yield


@contextmanager
def _ray():
    for name, value in _PATIENT_RAY.items():
        os.environ.setdefault(name, value)
    import ray
    from ray.util.joblib import register_ray

    register_ray()
    # The path of a socket has at most 107 characters, and that of a test's temporary folder is long.
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        options = {"include_dashboard": False, "logging_level": "ERROR", "log_to_driver": False}
        options |= {"object_store_memory": 100_000_000}
        ray.init(num_cpus=2, _temp_dir=folder, **options)
        try:
            yield
        finally:
            ray.shutdown()


@contextmanager
def _spark():
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from joblibspark import register_spark
    from pyspark.sql import SparkSession

    register_spark()
    session = (
        SparkSession.builder.master("local[2, 4]")  # a task has four attempts, as on machines of its own
        .config("spark.ui.enabled", "false")
        .config("spark.log.level", "OFF")
        .getOrCreate()
    )
    try:
        yield
    finally:
        session.stop()


_STARTS = {"loky": _loky, "dask": _dask, "ray": _ray, "spark": _spark}
