"""Labels as one table or one JSON file: CSV, Parquet, a DataFrame, a dataset of the hub, FiftyOne's samples."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.plugins import InputError, MissingExtraError, guarded

from .fiftyone import MODEL_FIELDS
from .labeled import Labeled, Some, StoredLabel, labeled
from .tables import SIDES
from .writing import Exported, replaced

if TYPE_CHECKING:
    import pandas as pd

    from toolkit import Collection

__all__ = ["to_dataset", "to_frame", "write_fiftyone", "write_table"]

COLUMNS = ("path", "id", "width", "height", "concept", *SIDES, "value", "source")


def write_table(
    photos: Collection,
    path: str | os.PathLike[str],
    *,
    source: str | None = "human",
    of: Some = None,
    guard: bool = True,
) -> Exported:
    """Write a row per label, or per input that has none, as CSV or, if the file is called so, Parquet.

    A label has its value, 0 for a "no", and who says it. Says what was written.

    Parameters
    ----------
    photos : Collection
        What is written.
    path : str or Path
        The file; replaced when all is written.
    source : str or None
        Whose labels, as `labeled` takes it.
    of : Hits, Query, str, sequence of str or None
        Which inputs, as `labeled` takes it.
    guard : bool
        Whether a cell of CSV that a spreadsheet would run, for it begins with ``=``, ``+``, ``-`` or ``@``, gets a
        ``'`` before it, which spreadsheets and `toolkit_formats` take away. Parquet needs none.

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
    inputs = list(labeled(photos, source=source, of=of, least=0.0))
    with replaced(path) as file:
        if suffix == ".parquet":
            _write_parquet(list(_rows(inputs)), file)
        else:
            _write_csv(_rows(inputs), file, guard=guard)
    return Exported(str(path), len(inputs), sum(len(one.labels) for one in inputs))


def _write_csv(rows: Iterable[dict[str, Any]], file: Path, *, guard: bool) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, COLUMNS)
        writer.writeheader()
        for row in rows:
            writer.writerow({name: guarded(cell) if guard else cell for name, cell in row.items()})


def _write_parquet(rows: list[dict[str, Any]], file: Path) -> None:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("writing Parquet", "pyarrow", "formats") from None
    text, whole, number = pyarrow.string(), pyarrow.int64(), pyarrow.float64()
    kinds = {"path": text, "id": text, "width": whole, "height": whole, "concept": text, "source": text}
    columns = {
        column: pyarrow.array([row[column] for row in rows], kinds.get(column, number)) for column in COLUMNS
    }
    parquet.write_table(pyarrow.table(columns), file)


def to_frame(photos: Collection, *, source: str | None = "human", of: Some = None) -> pd.DataFrame:
    """A pandas DataFrame with a row per label, or per input that has none.

    Parameters
    ----------
    photos : Collection
        What is in it.
    source : str or None
        Whose labels, as `labeled` takes it.
    of : Hits, Query, str, sequence of str or None
        Which inputs, as `labeled` takes it.

    Raises
    ------
    MissingExtraError
        pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError:
        raise MissingExtraError("a DataFrame", "pandas", "pandas") from None
    return pd.DataFrame(list(_rows(labeled(photos, source=source, of=of, least=0.0))), columns=list(COLUMNS))


def to_dataset(photos: Collection, *, source: str | None = "human", of: Some = None) -> Any:  # noqa: ANN401  (of a library that may be absent)
    """A ``datasets.Dataset`` with a row per label, or per input that has none, and the picture in ``image``.

    Parameters
    ----------
    photos : Collection
        What is in it.
    source : str or None
        Whose labels, as `labeled` takes it.
    of : Hits, Query, str, sequence of str or None
        Which inputs, as `labeled` takes it.

    Raises
    ------
    MissingExtraError
        datasets is not installed.
    """
    try:
        import datasets
    except ImportError:
        raise MissingExtraError("a dataset of the hub", "datasets", "formats") from None
    rows = list(_rows(labeled(photos, source=source, of=of, least=0.0)))
    columns: dict[str, list[Any]] = {column: [row[column] for row in rows] for column in COLUMNS}
    columns["image"] = columns["path"]
    return datasets.Dataset.from_dict(columns).cast_column("image", datasets.Image())


def write_fiftyone(
    photos: Collection, path: str | os.PathLike[str], *, source: str | None = "human", of: Some = None
) -> Exported:
    """Write samples as FiftyOne reads them; says what was written.

    People's boxes are in ``ground_truth``, and what they say of whole images in ``classes``. What a model says is in
    fields called as the model, with its ``confidence``; ``source=None`` writes both.

    Parameters
    ----------
    photos : Collection
        What is written.
    path : str or Path
        The file; replaced when all is written.
    source : str or None
        Whose labels, as `labeled` takes it.
    of : Hits, Query, str, sequence of str or None
        Which inputs, as `labeled` takes it.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    inputs = list(labeled(photos, source=source, of=of))
    samples = [_sample(one) for one in inputs]
    with replaced(path) as file:
        file.write_text(json.dumps({"samples": samples}, ensure_ascii=False), "utf-8")
    return Exported(str(path), len(inputs), sum(len(one.labels) for one in inputs))


def _rows(inputs: Iterable[Labeled]) -> Iterator[dict[str, Any]]:
    for one in inputs:
        known = {
            "path": one.input.uri,
            "id": one.input.id,
            "width": one.input.width,
            "height": one.input.height,
        }
        rows = [{**known, **_row(label)} for label in one.labels]
        nothing: dict[str, Any] = dict.fromkeys(("concept", *SIDES, "value", "source"))
        yield from rows or [{**known, **nothing}]


def _row(label: StoredLabel) -> dict[str, Any]:
    sides = (None,) * 4 if label.box is None else tuple(label.box)
    box = dict(zip(SIDES, sides, strict=True))
    return {"concept": label.concept, **box, "value": label.value, "source": label.source}


def _sample(one: Labeled) -> dict[str, Any]:
    people = [label for label in one.labels if not label.is_model]
    models = list(dict.fromkeys(label.source for label in one.labels if label.is_model))
    sample = {
        "filepath": one.input.uri,
        "tags": list(one.input.datasets),
        "metadata": {"_cls": "ImageMetadata", "width": one.input.width, "height": one.input.height},
        "ground_truth": _detections(people),
        "classes": _classifications(people),
    }
    fields: dict[str, str] = {}
    for model in models:
        said = [label for label in one.labels if label.source == model]
        name = "".join(letter if letter.isalnum() else "_" for letter in model.removeprefix("model:"))
        for field, labels in ((name, _detections(said)), (f"{name}_classes", _classifications(said))):
            if any(labels.get(key) for key in ("detections", "classifications")):
                sample[field] = labels
                fields[field] = model
    return {**sample, **({MODEL_FIELDS: fields} if fields else {})}


def _detections(labels: Iterable[StoredLabel]) -> dict[str, Any]:
    found = [
        {
            "_cls": "Detection",
            "label": label.concept,
            "bounding_box": [
                label.box.left_col,
                label.box.top_row,
                label.box.right_col - label.box.left_col,
                label.box.bottom_row - label.box.top_row,
            ],
            **_confidence(label),
        }
        for label in labels
        if label.box is not None
    ]
    return {"_cls": "Detections", "detections": found}


def _classifications(labels: Iterable[StoredLabel]) -> dict[str, Any]:
    found = [
        {"_cls": "Classification", "label": label.concept, **_confidence(label)}
        for label in labels
        if label.box is None
    ]
    return {"_cls": "Classifications", "classifications": found}


def _confidence(label: StoredLabel) -> dict[str, float]:
    return {"confidence": label.value} if label.is_model else {}
