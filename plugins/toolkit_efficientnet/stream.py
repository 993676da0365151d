"""Tensors of a PyTorch file of the kind before version 1.6, a plain stream, read without torch.

It holds a magic number, a version, facts on the machine, a table of tensors, the keys of their storages, and these.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from io import BytesIO
from math import prod

import numpy as np
import numpy.typing as npt

from toolkit.plugins import InputError

from .stream_values import Storage, View, next_value

__all__ = ["Array", "read_stream"]

Array = npt.NDArray[np.generic]

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001
COUNT = 8  # bytes before each storage, which say how many numbers follow


def read_stream(encoded: bytes, *, name: str) -> dict[str, Array]:
    """The tensors of a file by name, each an array of its own.

    Parameters
    ----------
    encoded : bytes
        The file.
    name : str
        What to call it in an error.

    Raises
    ------
    InputError
        Another kind of file, cut short, longer than it should be, or one that holds anything but tensors which lie
        inside their storages.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", DeprecationWarning
            )  # of a text in it that only damage can have escaped
            return _read(BytesIO(encoded), encoded)
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:  # what a damaged program raises
        raise InputError(name, f"damaged, or no weights: {error or type(error).__name__}") from error


def _read(stream: BytesIO, encoded: bytes) -> dict[str, Array]:
    if next_value(stream) != MAGIC or next_value(stream) != VERSION:
        raise ValueError("it is no PyTorch stream")
    machine = next_value(stream)
    if not isinstance(machine, dict) or machine.get("little_endian") is not True:
        raise ValueError("its numbers are not in little-endian order")
    table, keys = next_value(stream), next_value(stream)
    views = _views(table)
    storages = _storages(views, keys, encoded, stream.tell())
    return {name: _tensor(view, storages[view.storage.key]) for name, view in views.items()}


def _views(table: object) -> dict[str, View]:
    if not isinstance(table, dict):
        raise TypeError("it holds no table of tensors")
    views = {name: one for name, one in table.items() if isinstance(name, str) and isinstance(one, View)}
    if len(views) != len(table):
        raise ValueError("its table holds something else than tensors")
    return views


def _storages(views: Mapping[str, View], keys: object, encoded: bytes, start: int) -> dict[str, Array]:
    """The numbers of every storage, in the order in which the file has them."""
    wanted: dict[str, Storage] = {}
    for view in views.values():
        if wanted.setdefault(view.storage.key, view.storage) != view.storage:
            raise ValueError(f"it describes storage {view.storage.key!r:.40} in two ways")
    if not isinstance(keys, list) or sorted(key for key in keys if isinstance(key, str)) != sorted(wanted):
        raise ValueError("its storages are not those of its tensors")
    found: dict[str, Array] = {}
    for key in filter(wanted.__contains__, map(str, keys)):
        _, dtype, count = wanted[key]
        if int.from_bytes(encoded[start : start + COUNT], "little") != count:
            raise ValueError(f"storage {key!r:.40} has not the {count} numbers it should have")
        found[key] = np.frombuffer(encoded, dtype, count, start + COUNT)  # refuses to go beyond the end
        start += COUNT + found[key].nbytes
    if start != len(encoded):
        raise ValueError("it goes on behind its last storage")
    return found


def _tensor(view: View, storage: Array) -> Array:
    """A copy of a part of a storage; kernels lie transposed in these files, so strides are of any order."""
    _, offset, shape, strides = view
    if len(shape) != len(strides) or min((offset, *shape, *strides)) < 0:
        raise ValueError("a tensor has negative sizes, or not one stride an axis")
    last = offset + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
    count: int = prod(shape)
    if count > len(storage) or (count and last >= len(storage)):
        raise ValueError("a tensor reaches beyond its storage")
    if not count:
        return np.empty(shape, storage.dtype)
    steps = [stride * storage.itemsize for stride in strides]
    return np.array(np.lib.stride_tricks.as_strided(storage[offset:], shape, steps, writeable=False))
