"""Numbers as text that JSON can hold: float32 in base64, and back to the same bits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..errors import StoreError
from .base64_text import from_base64, to_base64
from .types import FloatArray, Json

__all__ = ["packed", "unpacked"]


def packed(numbers: FloatArray) -> str:
    """The text of some numbers, in row order.

    Examples
    --------
    >>> packed(np.array([1, -2], np.float32))
    'AACAPwAAAMA='
    """
    return to_base64(numbers.astype("<f4").tobytes())


def unpacked(value: Json, name: str, *, damaged: Callable[[str], StoreError]) -> FloatArray:
    """The numbers of a text, float32 (k,), read-only; at least one, and all finite.

    Parameters
    ----------
    value : str
        What `packed` made.
    name : str
        Of the numbers.
    damaged : callable
        Makes the error of the rule that is broken.

    Raises
    ------
    Exception
        What `damaged` makes: the text is not base64 of float32 numbers, or a number is not finite.
    """
    try:
        numbers = np.frombuffer(from_base64(str(value)), "<f4").astype(np.float32)
    except ValueError as error:
        raise damaged(f"{name}: float32 in base64 is expected ({error})") from error
    if not len(numbers) or not np.isfinite(numbers).all():
        raise damaged(f"{name}: finite numbers are expected, at least one")
    numbers.flags.writeable = False
    return numbers
