"""Which inputs were taken in a range of time, by the clock of their cameras."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from toolkit.plugins import Json, QueryError, TextColumn

from .key_values import MOMENT, moments_of

__all__ = ["taken_within"]


def taken_within(metadata: TextColumn, wanted: Json) -> npt.NDArray[np.bool_]:
    """Bool (n,): whether ``taken_at`` in the metadata is in a range; False where it is not said.

    Times are compared as the cameras wrote them, without their zones: noon is noon wherever it was. A time that is
    given in part means all of it: ``["2023-12", "2024"]`` is from December 2023 to the end of 2024.

    Parameters
    ----------
    metadata : TextColumn
        JSON objects, as text (n,).
    wanted : str or list
        A year, month, day or time, or the first and the last; null for no limit.

    Raises
    ------
    QueryError
        It is no time, or a range that ends before it begins.
    """
    first, last = _range(wanted)
    taken = moments_of(metadata, "taken_at")
    holds = (taken != b"") & (taken >= first.encode())
    if last:  # a time that is given in part means all of it
        holds &= taken.astype(f"S{len(last)}") <= last.encode()
    return np.asarray(holds)


def _range(wanted: Json) -> tuple[str, str]:
    limits = list(wanted) if isinstance(wanted, list | tuple) else [wanted, wanted]
    if len(limits) != 2 or limits == [None, None]:
        raise QueryError(
            f"where(taken=...) is a time such as '2024-05', or the first and the last, not {wanted!r}"
        )
    first, last = ("" if limit is None else _time(limit) for limit in limits)
    if last and first[: len(last)] > last:
        raise QueryError(
            f"where(taken=...): {limits[0]!r} is after {limits[1]!r}; give the first and then the last"
        )
    return first, last


def _time(value: Json) -> str:
    text = str(value).strip().replace(" ", "T", 1) if isinstance(value, str | int) else ""
    if not MOMENT.fullmatch(text):
        raise QueryError(
            f"where(taken=...): {value!r} is no time; write '2024', '2024-05', '2024-05-01' or '2024-05-01T12:00'"
        )
    return text
