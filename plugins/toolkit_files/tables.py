"""Pictures with what is known of them: a pandas DataFrame, or a dictionary per picture."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeGuard

from toolkit.plugins import Failure, InputError, Record

from .rows import SOURCES, record_of, record_or_failure

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RowImporter", "TableImporter"]


class RowImporter:
    """One picture as a dictionary; `toolkit_files.rows.record_of` says which keys mean what."""

    name = "row"

    def accepts(self, origin: object) -> bool:
        """Whether it is a mapping."""
        return isinstance(origin, Mapping)

    def records(self, origin: object) -> Iterator[Record]:
        """The one record."""
        if isinstance(origin, Mapping):
            yield record_of(origin, name="<row>")


class TableImporter:
    """A pandas DataFrame with a picture per row; its columns are the keys of a row."""

    name = "table"

    def accepts(self, origin: object) -> bool:
        """Whether it is a DataFrame; pandas is not imported to find out."""
        return _is_frame(origin)

    def records(self, origin: object) -> Iterator[Record | Failure]:
        """A record per row, in order; a failure, with its number from 0, for a row that cannot be read.

        Raises
        ------
        InputError
            No column says where the pictures are.
        """
        if not _is_frame(origin):
            return
        columns = [str(column) for column in origin.columns]
        if not set(columns) & set(SOURCES):
            raise InputError("<table>", f"none of the columns {columns} is a picture: {', '.join(SOURCES)}")
        for number, values in enumerate(origin.itertuples(index=False, name=None)):
            yield record_or_failure(dict(zip(columns, values, strict=True)), name=f"<row {number}>")


def _is_frame(origin: object) -> TypeGuard[pd.DataFrame]:
    pandas = sys.modules.get("pandas")  # a DataFrame cannot be made without it
    return pandas is not None and isinstance(origin, pandas.DataFrame)
