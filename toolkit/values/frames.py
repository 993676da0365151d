"""Rows as a pandas DataFrame, and the one word on pandas where it is not installed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ..errors import MissingExtraError

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["data_frame"]


def data_frame(
    rows: Iterable[Mapping[str, object] | Sequence[object]], columns: Sequence[str], *, asked: str
) -> DataFrame:
    """A pandas DataFrame of rows.

    Parameters
    ----------
    rows : iterable of mapping or sequence
        From column to value, or a value for each column.
    columns : sequence of str
        In order; they are there without rows as well.
    asked : str
        What was asked for, as one types it, for the error: ``"hits.frame()"``.

    Raises
    ------
    MissingExtraError
        pandas is not installed.
    """
    try:
        from pandas import DataFrame
    except ImportError as error:
        raise MissingExtraError(asked, "pandas", "pandas") from error
    return DataFrame.from_records(list(rows), columns=list(columns))
