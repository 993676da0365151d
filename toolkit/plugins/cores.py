"""How the cores of a machine are shared out: one worker for each, and one thread for what a library runs in it.

Whatever counts workers or threads asks here: threads that a library starts on top of a worker's own wait for each
other, and badly so on a busy machine.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

__all__ = [
    "MOST_THREADS",
    "environment",
    "library_threads",
    "one_openmp_thread",
    "one_thread",
    "process_count",
    "thread_count",
    "worker_count",
]

# Threads beyond these wait for one another more than they decode: on 16 cores and a GPU, 432 pictures a second
# with 8 and 150 with 16. Who names a number of workers gets that number.
MOST_THREADS = 8
_ASKED = "OMP_NUM_THREADS"
_VARIABLES = (
    _ASKED,
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


def worker_count(wanted: int) -> int:
    """How many workers there are: the number wanted, or one for each core where that is -1."""
    from joblib import cpu_count  # which knows what a container may use

    return max(int(cpu_count()) if wanted == -1 else wanted, 1)


def thread_count(wanted: int) -> int:
    """How many of the workers are threads of one process: the number wanted, or as many as do not get in their way."""
    workers = worker_count(wanted)
    return min(workers, MOST_THREADS) if wanted == -1 else workers


def process_count(wanted: int) -> int:
    """How many of the workers are processes: no more than there are cores, for each takes a second to start."""
    return min(worker_count(wanted), worker_count(-1))


def library_threads() -> int:
    """How many threads a library may run a model on inside a worker: one, unless ``OMP_NUM_THREADS`` says otherwise.

    A detector took 0.3 s a picture with one thread and 3 to 9 s with two on a busy machine; an idle one gains 7 %.
    """
    asked = os.environ.get(_ASKED, "")
    return max(int(asked), 1) if asked.isdecimal() else 1


def environment() -> Mapping[str, str]:
    """The variables that hold the libraries of a worker process to its one core."""
    return dict.fromkeys(_VARIABLES, "1")


class _OneThread:
    """Counts who asks for it: the limit is of the whole process, and the last one out lifts it.

    Parameters
    ----------
    kind : str
        Of the libraries that are held, as threadpoolctl names it: ``"blas"`` or ``"openmp"``.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._lock = Lock()
        self._users = 0
        self._found: tuple[int, ThreadpoolController] | None = None

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Within it, what these libraries compute runs on the thread that asks for it."""
        with self._lock:
            if not self._users:
                self._limit = self._libraries().limit(limits=1, user_api=self._kind)
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    self._limit.restore_original_limits()

    def _libraries(self) -> ThreadpoolController:
        """Those that are loaded; looked for again once more modules are, for SciPy and others bring their own."""
        from threadpoolctl import ThreadpoolController

        count = len(sys.modules)
        if self._found is None or self._found[0] != count:
            self._found = count, ThreadpoolController()
        return self._found[1]


one_thread = _OneThread("blas")
one_openmp_thread = _OneThread("openmp")
