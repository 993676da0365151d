"""A torch module run over batches of pixels: eagerly on any device, as a recorded graph where CUDA can replay one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from toolkit.plugins import FloatArray

from .preparation import Pixels, Scale

if TYPE_CHECKING:
    import torch
    from torch.nn import Module

__all__ = ["GRAPH_SIZES", "Forward", "GraphForward", "in_halves"]

# A batch is padded to the next of these, so that few graphs serve every size. Beyond the last one it is cut.
GRAPH_SIZES = (1, 8, 32, 128, 256)
WARM_UP = 3  # runs before a graph is recorded, as CUDA asks: libraries choose their kernels in the first ones

_log = logging.getLogger("toolkit.timm")


class Forward:
    """Runs a module eagerly.

    Parameters
    ----------
    module : torch.nn.Module
        On its device, in evaluation mode, channels last.
    scale : Scale
        What pixels are brought to, on the same device.
    device : str
        ``"cuda"``, ``"mps"`` or ``"cpu"``. On CUDA numbers have half precision, but for those that need more.
    """

    def __init__(self, module: Module, scale: Scale, device: str) -> None:
        self.module = module
        self._mean, self._deviation = scale
        self.device = device

    def __call__(self, pixels: Pixels) -> FloatArray:
        """Rows float32 (b, ...) of pictures uint8 (b, height, width, 3)."""
        import torch

        with torch.inference_mode():
            rows = self.rows(torch.from_numpy(pixels).to(self.device))
            return np.asarray(rows.float().cpu().numpy())

    def rows(self, pixels: torch.Tensor) -> torch.Tensor:
        """What the module makes of pixels uint8 (b, height, width, 3) that are on the device."""
        import torch

        # Pictures lie in memory a pixel at a time, which is what torch calls channels last.
        numbers = (pixels.permute(0, 3, 1, 2).float().div_(255) - self._mean) / self._deviation
        if self.device != "cuda":
            return self._made(numbers)
        with torch.autocast("cuda", torch.float16):
            return self._made(numbers)

    def _made(self, numbers: torch.Tensor) -> torch.Tensor:
        made: torch.Tensor = self.module(numbers)
        return made


@dataclass(slots=True, eq=False)
class _Graph:
    graph: torch.cuda.CUDAGraph
    pixels: torch.Tensor
    rows: torch.Tensor


class GraphForward(Forward):
    """Runs a module as a recorded CUDA graph: one call a batch, where eager running takes one for each layer.

    Between the calls of a forward pass the interpreter may give its lock to any other thread, and takes up to 5 ms
    to get it back; a graph asks for it once. What cannot be recorded is run eagerly.
    """

    def __init__(self, module: Module, scale: Scale, device: str) -> None:
        super().__init__(module, scale, device)
        self._graphs: dict[tuple[int, ...], _Graph | None] = {}

    def __call__(self, pixels: Pixels) -> FloatArray:
        """Rows float32 (b, ...) of pictures uint8 (b, height, width, 3)."""
        import torch

        largest = GRAPH_SIZES[-1]
        parts = [pixels[start : start + largest] for start in range(0, len(pixels), largest)]
        with torch.inference_mode():
            return np.concatenate([self._replayed(part) for part in parts])

    def _replayed(self, pixels: Pixels) -> FloatArray:
        import torch

        size = next(size for size in GRAPH_SIZES if size >= len(pixels))
        shape = (size, *pixels.shape[1:])
        if shape not in self._graphs:
            self._graphs[shape] = self._recorded(shape)
        recorded = self._graphs[shape]
        if recorded is None:
            return super().__call__(pixels)
        recorded.pixels[: len(pixels)].copy_(torch.from_numpy(pixels).pin_memory(), non_blocking=True)
        recorded.graph.replay()
        return np.asarray(recorded.rows[: len(pixels)].float().cpu().numpy())

    def _recorded(self, shape: tuple[int, ...]) -> _Graph | None:
        """The graph of a shape; None if the module does something that cannot be recorded."""
        import torch

        pixels = torch.zeros(shape, dtype=torch.uint8, device=self.device)
        try:
            aside = torch.cuda.Stream()
            aside.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(aside):
                for _ in range(WARM_UP):
                    self.rows(pixels)
            torch.cuda.current_stream().wait_stream(aside)
            graph = torch.cuda.CUDAGraph()
            # Other threads go on using the device meanwhile: only this one's calls are recorded.
            with torch.cuda.graph(graph, capture_error_mode="thread_local"):
                rows = self.rows(pixels)
        except torch.OutOfMemoryError:
            raise
        except RuntimeError as error:
            _log.warning("a network is run layer by layer, for it cannot be recorded: %.200s", error)
            torch.cuda.synchronize()
            return None
        return _Graph(graph, pixels, rows)


def in_halves(run: Callable[[Pixels], FloatArray]) -> Callable[[Pixels], FloatArray]:
    """The same, but a batch too large for the device's memory is run in halves, down to single pictures.

    Parameters
    ----------
    run : callable
        From pixels uint8 (b, height, width, 3) to rows float32 (b, k).
    """

    def halving(pixels: Pixels) -> FloatArray:
        import torch

        try:
            return run(pixels)
        except torch.OutOfMemoryError:
            if len(pixels) == 1:
                raise
        middle = len(pixels) // 2
        return np.concatenate([halving(pixels[:middle]), halving(pixels[middle:])])

    return halving
