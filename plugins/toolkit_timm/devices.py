"""Which device a network runs on, and how the threads of a process share it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from itertools import accumulate
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TypeAlias

import numpy as np

from toolkit.plugins import FloatArray, library_threads

from .preparation import Pixels

__all__ = ["DeviceQueue", "best_device", "one_thread_a_worker", "turns"]

Rows: TypeAlias = Callable[[Pixels], FloatArray]


def best_device() -> str:
    """``"cuda"``, ``"mps"`` or ``"cpu"``: the first there is."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def one_thread_a_worker(device: str) -> None:
    """Set torch, on a processor, to as many threads as a library may run inside a worker.

    Parameters
    ----------
    device : str
        Where the network runs.
    """
    import torch

    if device == "cpu":
        torch.set_num_threads(library_threads())


def turns(device: str) -> AbstractContextManager[object]:
    """What each run is entered by: on a GPU one at a time; on a processor all at once, a thread each."""
    one_thread_a_worker(device)
    return nullcontext() if device == "cpu" else Lock()


class DeviceQueue:
    """One thread that owns a device, and runs a network over large batches of whatever pictures have arrived.

    Sixteen threads that each ran a network of 150 layers on pictures of their own fought for the interpreter at every
    layer: 18 pictures a second on a GPU that computes 18,000.

    Parameters
    ----------
    run : callable
        From pixels uint8 (b, height, width, 3) to rows float32 (b, k); only called on the thread of the queue.
    batch : int
        How many pictures are worth waiting for nothing else.

    Examples
    --------
    >>> queue = DeviceQueue(lambda pixels: pixels.mean(axis=(1, 2, 3))[:, None].astype(np.float32), batch=8)
    >>> queue(np.full((2, 4, 4, 3), 7, np.uint8))
    array([[7.],
           [7.]], dtype=float32)
    """

    def __init__(self, run: Rows, *, batch: int) -> None:
        self._run = run
        self._batch = batch
        self._arrived: SimpleQueue[tuple[Pixels, Future[FloatArray]]] = SimpleQueue()
        self._owner: Thread | None = None
        self._starting = Lock()

    def __call__(self, pixels: Pixels) -> FloatArray:
        """Rows float32 (b, k) of pictures uint8 (b, height, width, 3); waits until the device has had its turn.

        Raises
        ------
        Exception
            Whatever running the network on them raised.
        """
        with self._starting:
            if self._owner is None:
                self._owner = Thread(target=self._serve, name="device", daemon=True)
                self._owner.start()
        future: Future[FloatArray] = Future()
        self._arrived.put((pixels, future))
        return future.result()

    def _serve(self) -> None:
        while True:
            taken = [self._arrived.get()]
            while sum(len(pixels) for pixels, _ in taken) < self._batch:
                try:
                    taken.append(self._arrived.get_nowait())
                except Empty:
                    break
            self._answer(taken)

    def _answer(self, taken: Sequence[tuple[Pixels, Future[FloatArray]]]) -> None:
        try:
            rows = self._run(np.concatenate([pixels for pixels, _ in taken]))
        except BaseException as error:
            if len(taken) == 1:
                taken[0][1].set_exception(error)
                return
            for one in taken:  # so that only who sent what cannot be computed learns of it
                self._answer([one])
            return
        ends = list(accumulate(len(pixels) for pixels, _ in taken))
        for (_, future), part in zip(taken, np.split(rows, ends[:-1]), strict=True):
            future.set_result(part)
