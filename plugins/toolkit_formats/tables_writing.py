"""Labels as one table or one JSON file: CSV, Parquet, a DataFrame, a dataset of the hub, FiftyOne's samples."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.plugins import InputError, MissingExtraError

from .labeled import Labeled, labeled
from .tables import SIDES
from .writing import replaced

if TYPE_CHECKING:
    import pandas as pd

    from toolkit import Collection

__all__ = ["to_dataset", "to_frame", "write_fiftyone", "write_table"]

COLUMNS = ("path", "id", "width", "height", "concept", *SIDES)


def write_table(photos: Collection, path: str | os.PathLike[str], *, source: str = "human") -> None:
    """Write a row per label, or per input that has none, as CSV or, if the file is called so, Parquet.

    Raises
    ------
    InputError
        The file cannot be written, or is called otherwise.
    MissingExtraError
        Parquet needs pyarrow.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in (".csv", ".parquet"):
        raise InputError(str(path), "a table is written as .csv or .parquet")
    rows = _rows(photos, source)
    with replaced(path) as file:
        if suffix == ".parquet":
            _write_parquet(list(rows), file)
            return
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)


def _write_parquet(rows: list[dict[str, Any]], file: Path) -> None:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("writing Parquet", "pyarrow", "formats") from None
    parquet.write_table(pyarrow.table({column: [row[column] for row in rows] for column in COLUMNS}), file)


def to_frame(photos: Collection, *, source: str = "human") -> pd.DataFrame:
    """A pandas DataFrame with a row per label, or per input that has none."""
    try:
        import pandas as pd
    except ImportError:
        raise MissingExtraError("a DataFrame", "pandas", "pandas") from None
    return pd.DataFrame(list(_rows(photos, source)), columns=list(COLUMNS))


def to_dataset(photos: Collection, *, source: str = "human") -> Any:  # noqa: ANN401  (of a library that may be absent)
    """A ``datasets.Dataset`` with a row per label, or per input that has none, and the picture in ``image``."""
    try:
        import datasets
    except ImportError:
        raise MissingExtraError("a dataset of the hub", "datasets", "formats") from None
    rows = list(_rows(photos, source))
    columns: dict[str, list[Any]] = {column: [row[column] for row in rows] for column in COLUMNS}
    columns["image"] = columns["path"]
    return datasets.Dataset.from_dict(columns).cast_column("image", datasets.Image())


def write_fiftyone(photos: Collection, path: str | os.PathLike[str], *, source: str = "human") -> None:
    """Write samples as FiftyOne reads them, with ``ground_truth`` boxes and ``classes`` of whole images.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    samples = [_sample(one) for one in labeled(photos, source=source)]
    with replaced(path) as file:
        file.write_text(json.dumps({"samples": samples}, ensure_ascii=False), "utf-8")


def _rows(photos: Collection, source: str) -> Iterator[dict[str, Any]]:
    for one in labeled(photos, source=source):
        known = {
            "path": one.input.uri,
            "id": one.input.id,
            "width": one.input.width,
            "height": one.input.height,
        }
        empty: dict[str, Any] = dict.fromkeys(SIDES)
        rows = [{**known, "concept": concept, **empty} for concept in one.concepts]
        rows += [
            {**known, "concept": concept, **dict(zip(SIDES, box, strict=True))}
            for box, concept in one.regions
        ]
        yield from rows or [{**known, "concept": None, **empty}]


def _sample(one: Labeled) -> dict[str, Any]:
    boxes = [
        {
            "_cls": "Detection",
            "label": concept,
            "bounding_box": [
                box.left_col,
                box.top_row,
                box.right_col - box.left_col,
                box.bottom_row - box.top_row,
            ],
        }
        for box, concept in one.regions
    ]
    classes = [{"_cls": "Classification", "label": concept} for concept in one.concepts]
    return {
        "filepath": one.input.uri,
        "tags": list(one.input.datasets),
        "metadata": {"_cls": "ImageMetadata", "width": one.input.width, "height": one.input.height},
        "ground_truth": {"_cls": "Detections", "detections": boxes},
        "classes": {"_cls": "Classifications", "classifications": classes},
    }
