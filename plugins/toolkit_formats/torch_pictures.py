"""Pictures and what they show as a ``torch.utils.data.Dataset``; imported only where torch is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch.utils.data import Dataset

from toolkit.plugins import Box, PictureFile, decode

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Pictures"]


class Pictures(Dataset):  # type: ignore[misc]  # the type checker does not read torch
    """Pairs of a picture and its target. It needs no open collection, so worker processes can have it.

    Parameters
    ----------
    files : sequence of PictureFile
        The pictures.
    targets : sequence
        For each picture a sequence of values float (c,), or of pairs of a box and the index of a class.
    classes : sequence of c str
        The concepts.
    boxes : bool
        Whether targets are boxes.
    transform : callable or None
        From a picture (PIL, upright, RGB) to what a model takes.
    max_pixels : int
        The largest picture that is decoded.
    """

    def __init__(
        self,
        files: Sequence[PictureFile],
        targets: Sequence[Any],
        classes: Sequence[str],
        *,
        boxes: bool,
        transform: Callable[[Image], object] | None,
        max_pixels: int,
    ) -> None:
        self.files, self.classes, self.transform = list(files), list(classes), transform
        self._targets, self._boxes, self._max_pixels = list(targets), boxes, max_pixels

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> tuple[object, object]:
        file = self.files[index]
        picture = decode(file.read(), uri=file.uri, working_size=None, max_pixels=self._max_pixels).image
        target = self._targets[index]
        made = _detections(target, picture.size) if self._boxes else torch.tensor(target, dtype=torch.float32)
        return (picture if self.transform is None else self.transform(picture)), made


def _detections(found: Sequence[tuple[Box, int]], size: tuple[int, int]) -> dict[str, torch.Tensor]:
    """What torchvision's detectors take: corners (k, 4) in pixels, and classes (k,)."""
    wide, high = size
    corners = [
        (box.left_col * wide, box.top_row * high, box.right_col * wide, box.bottom_row * high)
        for box, _ in found
    ]
    return {
        "boxes": torch.tensor(corners, dtype=torch.float32).reshape(-1, 4),
        "labels": torch.tensor([index for _, index in found], dtype=torch.int64),
    }
