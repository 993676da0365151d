"""The networks of this process, read once each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np
from PIL.Image import Image

from toolkit.plugins import FloatArray, one_thread

from . import onnx_graph
from .network import Network, features, folded
from .preparation import numbers, pixels
from .variants import Variant, checked_bytes, weights_of

__all__ = ["Loaded", "loaded", "runner"]

BATCH = 4  # pictures at a time: what they are made into stays in the processor's cache
WORTH = 64  # pictures of a process: after so many, starting onnxruntime takes less than it saves
Runner = Callable[[FloatArray], FloatArray]

_loaded: dict[Variant, Loaded] = {}
_lock = Lock()


def loaded(variant: Variant, feature: str) -> Loaded:
    """The network of a variant, from memory if it is there; a component pickles as its variant and finds it again.

    Parameters
    ----------
    variant : Variant
        Which.
    feature : str
        What needs it, for an error.

    Raises
    ------
    MissingExtraError
        The package of its weights is not installed.
    PluginError
        The weights are damaged, or others.
    """
    with _lock:
        if variant not in _loaded:
            _loaded[variant] = Loaded(variant, _network(variant, feature))
        return _loaded[variant]


def runner(network: Network, *, onnx: bool) -> Runner:
    """What makes features float32 (b, d) of prepared pictures (b, side, side, 3), by onnxruntime or by NumPy alone.

    Parameters
    ----------
    network : Network
        Its layers.
    onnx : bool
        Whether by onnxruntime.
    """
    if onnx:
        session = onnx_graph.session(network)
        return lambda prepared: onnx_graph.run(session, prepared)

    def by_numpy(prepared: FloatArray) -> FloatArray:
        with one_thread():
            return np.stack([features(network, one) for one in prepared])

    return by_numpy


class Loaded:
    """A network that is ready to run; safe to ask from many threads.

    It starts in NumPy, for importing onnxruntime takes longer than a query's picture.

    Parameters
    ----------
    variant : Variant
        Which.
    network : Network
        Its layers.
    """

    def __init__(self, variant: Variant, network: Network) -> None:
        self._side = variant.side
        self._network = network
        self._run = runner(network, onnx=False)
        self._left = WORTH
        self._starting = Lock()

    @property
    def dimension(self) -> int:
        """How many features there are."""
        return len(self._network.classifier.weight)

    def features(self, images: Sequence[Image], *, squash: bool = False) -> FloatArray:
        """Features float32 (b, d) of upright RGB pictures of any size, as `preparation.pixels` prepares them.

        Parameters
        ----------
        images : sequence of b pictures
            What to look at.
        squash : bool
            Whether all of a picture is to be seen; else its middle.
        """
        self._start_if_worth(len(images))
        rows = [np.empty((0, self.dimension), np.float32)]
        for start in range(0, len(images), BATCH):
            seen = [pixels(one, self._side, squash=squash) for one in images[start : start + BATCH]]
            rows.append(self._run(numbers(np.stack(seen))))
        return np.concatenate(rows)

    def logits(self, features: FloatArray) -> FloatArray:
        """What the classifier makes of features : float32 (b, 1000)."""
        with one_thread():
            classifier = self._network.classifier
            made: FloatArray = features @ classifier.weight + classifier.bias
        return made

    def _start_if_worth(self, count: int) -> None:
        """Go over to onnxruntime, if it is there, once enough pictures have been asked for."""
        with self._starting:
            before, self._left = self._left, self._left - count
            if before >= 0 > self._left and onnx_graph.is_there():
                self._run = runner(self._network, onnx=True)


def _network(variant: Variant, feature: str) -> Network:
    from .stream import read_stream  # what reads a file is not needed before

    path = weights_of(variant, feature)
    return folded(read_stream(checked_bytes(variant, path), name=str(path)))
