"""Pictures as a network wants to see them: resized and cropped as timm says, one byte a number until the device."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL.Image import Image

if TYPE_CHECKING:
    import torch

__all__ = ["Pixels", "Scale", "preparation", "scale_of"]

Pixels: TypeAlias = npt.NDArray[np.uint8]
"""Upright RGB, uint8 (height, width, 3)."""

Scale: TypeAlias = "tuple[torch.Tensor, torch.Tensor]"
"""Mean and deviation of the channels, float32 (1, 3, 1, 1), for values in [0, 1]."""


def preparation(settings: Mapping[str, Any], *, squash: bool) -> Callable[[Image], Pixels]:
    """What makes an upright RGB picture of any size into the pixels that a network looks at.

    The steps are timm's own up to where it makes numbers of a picture. Those come later, on the device and for a whole
    batch: a byte a number is a quarter of what has to be moved.

    Parameters
    ----------
    settings : mapping
        As ``timm.data.resolve_data_config`` says.
    squash : bool
        Whether to bring the whole picture to the input size instead of cropping it as the model says.
    """
    from timm.data import create_transform
    from timm.data.transforms import MaybeToTensor
    from torchvision.transforms import Normalize, ToTensor

    plain = {key: value for key, value in settings.items() if key != "crop_border_pixels"}
    if squash:
        plain |= {"crop_pct": 1.0, "crop_mode": "squash"}
    steps = [
        step
        for step in create_transform(**plain).transforms
        if not isinstance(step, MaybeToTensor | Normalize | ToTensor)
    ]

    def prepare(image: Image) -> Pixels:
        for step in steps:
            image = step(image)
        return np.asarray(image.convert("RGB"))

    return prepare


def scale_of(settings: Mapping[str, Any], device: str) -> Scale:
    """The mean and the deviation that a network's pictures are brought to.

    Parameters
    ----------
    settings : mapping
        As ``timm.data.resolve_data_config`` says.
    device : str
        Where they are needed.
    """
    import torch

    mean, deviation = (
        torch.tensor(settings[key], dtype=torch.float32, device=device).view(1, 3, 1, 1)
        for key in ("mean", "std")
    )
    return mean, deviation
