"""Prepared pixels in the type and the order of axes that an ONNX file declares for its input."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from toolkit.plugins import FloatArray

from .description import Preparation

__all__ = ["as_declared", "declared_type", "takes_whole_numbers"]

_TYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8,
    "tensor(int8)": np.int8,
    "tensor(uint16)": np.uint16,
    "tensor(int16)": np.int16,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
}


def declared_type(name: str) -> np.dtype[np.generic] | None:
    """NumPy's type of the name that ONNX Runtime gives it; None if it has none.

    Examples
    --------
    >>> declared_type("tensor(float16)")
    dtype('float16')
    """
    kind = _TYPES.get(name)
    return None if kind is None else np.dtype(kind)


def takes_whole_numbers(kind: np.dtype[np.generic] | None, how: Preparation) -> bool:
    """Whether pictures prepared so can be given as the type: whole numbers need pixels from 0 to 255 as they are.

    Parameters
    ----------
    kind : dtype or None
        The type that the file declares.
    how : Preparation
        How pictures are prepared.
    """
    is_whole = kind is not None and kind.kind in "iu"
    return not is_whole or (how.scale == 1 and set(how.std) == {1.0})


def as_declared(
    pixels: FloatArray, kind: np.dtype[np.generic] | None, shape: Sequence[int | str | None]
) -> npt.NDArray[np.generic]:
    """The pixels as a file declares its input; whole numbers are rounded, and held to the range of the type.

    Parameters
    ----------
    pixels : float32 (b, 3, h, w), (b, h, w, 3), or one picture without b
        The input, in the order that the JSON says.
    kind : dtype or None
        The declared type; None leaves it.
    shape : sequence
        The declared shape, numbers where they are fixed.

    Examples
    --------
    >>> as_declared(np.full((1, 3, 4, 5), 254.6, np.float32), np.dtype("uint8"), [1, 4, 5, 3]).shape
    (1, 4, 5, 3)
    """
    axis, wanted = _color_axis(pixels.shape), _color_axis(shape)
    if axis is not None and wanted is not None and axis != wanted and len(shape) == pixels.ndim:
        pixels = np.moveaxis(pixels, axis, wanted)
    if kind is None or kind == pixels.dtype:
        return np.ascontiguousarray(pixels)
    if kind.kind in "iu":
        limits = np.iinfo(kind.name)
        pixels = np.clip(np.rint(pixels), limits.min, limits.max)
    return np.ascontiguousarray(pixels.astype(kind))


def _color_axis(shape: Sequence[int | str | None]) -> int | None:
    """Where the three colors are; None where the shape does not say."""
    places = [axis for axis in (len(shape) - 3, len(shape) - 1) if axis >= 0 and shape[axis] == 3]
    return places[0] if len(places) == 1 else None
