"""A torch module on the best device there is, run over pictures a few at a time."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL.Image import Image

from toolkit.plugins import ContractError, FloatArray

if TYPE_CHECKING:
    import torch
    from torch.nn import Module

__all__ = ["Network", "best_device", "turns", "weights_digest"]

Prepare = Callable[[Image], "torch.Tensor"]

# Measured on 2 cores with MobileNetV2: 99 pictures a second at 4, 67 at 8, 40 at 32, in channels-last order.
# What a batch touches stays in the processor's cache.
CPU_BATCH = 4
GPU_BATCH = 64


def best_device() -> str:
    """``"cuda"``, ``"mps"`` or ``"cpu"``: the first there is."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def turns(device: str) -> AbstractContextManager[object]:
    """What each run is entered by: on a GPU one at a time; on a processor all at once, a thread each.

    The toolkit already runs one worker for each core. Torch's own threads on top wait for each other, and on a machine
    that is busy they wait badly: a detector took 0.3 s a picture with one thread and 3 to 9 s with two,
    where an idle machine gains 7 %. So torch is set once to use one, unless ``OMP_NUM_THREADS`` says otherwise.
    """
    import torch

    if device != "cpu":
        return Lock()
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(1)
    return nullcontext()


def weights_digest(module: Module, settings: Mapping[str, object]) -> str:
    """Ten hexadecimal digits of the weights, the kinds of layers and how pictures are prepared.

    The kinds of layers say what weights do not: padding as TensorFlow does it is a layer of another class.

    Parameters
    ----------
    module : torch.nn.Module
        The network.
    settings : mapping
        How pictures are prepared for it.
    """
    import torch

    found = hashlib.sha256(json.dumps(settings, sort_keys=True, default=str).encode())
    found.update(
        " ".join(f"{name}:{type(layer).__name__}" for name, layer in module.named_modules()).encode()
    )
    for name, tensor in sorted(module.state_dict().items()):
        found.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        found.update(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy())
    return found.hexdigest()[:10]


class Network:
    """Runs a module that returns one row of numbers a picture.

    Safe to run from many threads; while a GPU runs a batch, other workers decode and prepare theirs.

    Parameters
    ----------
    module : torch.nn.Module
        In evaluation mode.
    settings : mapping
        How its pictures are prepared, as ``timm.data.resolve_data_config`` says.
    who : str
        What to call it in an error.
    """

    def __init__(self, module: Module, settings: Mapping[str, Any], *, who: str) -> None:
        import torch
        from timm.data import create_transform

        self._who = who
        self._device = best_device()
        self._batch = CPU_BATCH if self._device == "cpu" else GPU_BATCH
        self._module = module.to(self._device, memory_format=torch.channels_last)
        self._size = tuple(settings["input_size"])
        self._turn = turns(self._device)
        plain = {key: value for key, value in settings.items() if key != "crop_border_pixels"}
        self._whole: Prepare = create_transform(**plain)
        self._squashed: Prepare = create_transform(**{**plain, "crop_pct": 1.0, "crop_mode": "squash"})

    def width(self) -> int:
        """How many numbers a picture gets."""
        import torch

        return len(self._rows(torch.zeros(1, *self._size))[0])

    def run(self, images: Sequence[Image], *, squash: bool = False) -> FloatArray:
        """Rows float32 (b, k) of upright RGB pictures of any size.

        Parameters
        ----------
        squash : bool
            Whether to bring the whole picture to the input size instead of cropping it as the model says.

        Raises
        ------
        ContractError
            A number is not finite.
        """
        import torch

        prepare = self._squashed if squash else self._whole
        rows: list[FloatArray] = []
        for start in range(0, len(images), self._batch):
            some = images[start : start + self._batch]
            rows.append(self._rows(torch.stack([prepare(image) for image in some])))
        return np.concatenate(rows) if rows else np.empty((0, 0), np.float32)

    def _rows(self, pixels: torch.Tensor) -> FloatArray:
        import torch

        try:
            rows = self._forward(pixels)
        except torch.OutOfMemoryError:
            if len(pixels) == 1:
                raise
            self._batch = max(1, len(pixels) // 2)
            return np.concatenate([self._rows(part) for part in pixels.split(self._batch)])
        if rows.ndim != 2:
            raise ContractError(self._who, "it gives one row of numbers a picture", f"shape {rows.shape}")
        if not np.isfinite(rows).all():
            raise ContractError(self._who, "its numbers are finite", "NaN or infinity")
        return rows

    def _forward(self, pixels: torch.Tensor) -> FloatArray:
        import torch

        half = torch.autocast(self._device, torch.float16, enabled=self._device == "cuda")
        with self._turn, torch.inference_mode(), half:
            rows = self._module(pixels.to(self._device, memory_format=torch.channels_last))
            return np.asarray(rows.float().cpu().numpy())
