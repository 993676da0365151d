"""A collection as a data set of Hugging Face, with pictures, and with classes that know their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from toolkit.plugins import Box, InputError, MissingExtraError, QueryError

from .labeled import YES, Labeled, Some, labeled
from .tables import SIDES
from .tables_writing import COLUMNS, rows_of

if TYPE_CHECKING:
    from toolkit import Collection

__all__ = ["to_dataset"]


def to_dataset(
    photos: Collection,
    *,
    source: str | None = "human",
    of: Some = None,
    rows: Literal["labels", "pictures"] = "labels",
) -> Any:  # noqa: ANN401  (of a library that may be absent)
    """A ``datasets.Dataset`` with the picture in ``image``; classes are of type ``ClassLabel``.

    A picture that is a file is named and not read; ``push_to_hub`` puts it in.

    Parameters
    ----------
    photos : Collection
        What is in it.
    source : str or None
        Whose labels, as `labeled` takes it.
    of : Hits, Query, str, sequence of str or None
        Which inputs, as `labeled` takes it.
    rows : {"labels", "pictures"}
        A row per label, or per input that has none, with its value and source. Or a row per input, as detection sets of
        the hub are: ``labels`` of the whole, ``objects`` with ``bbox`` (left, top, width, height in pixels) and
        ``category``; values below 0.5 are no labels.

    Raises
    ------
    MissingExtraError
        datasets is not installed.
    QueryError
        There are no such rows.
    """
    try:
        import datasets
    except ImportError:
        raise MissingExtraError("a dataset of the hub", "datasets", "formats") from None
    if rows not in ("labels", "pictures"):
        raise QueryError(f"rows are 'labels' or 'pictures', not {rows!r}")
    per_label = rows == "labels"
    inputs = list(labeled(photos, source=source, of=of, least=0.0 if per_label else YES))
    found = sorted({label.concept for one in inputs for label in one.labels})
    concept = datasets.ClassLabel(names=found) if found else datasets.Value("string")
    features = _of_labels(datasets, concept) if per_label else _of_pictures(datasets, concept)
    made = list(map(_picture_row, inputs)) if not per_label else _label_rows(inputs)
    columns = {name: [row[name] for row in made] for name in features}
    return datasets.Dataset.from_dict(columns, features=datasets.Features(features))


def _of_labels(datasets: Any, concept: Any) -> dict[str, Any]:  # noqa: ANN401
    text, whole, number = (datasets.Value(kind) for kind in ("string", "int64", "float64"))
    kinds = {"path": text, "id": text, "width": whole, "height": whole, "concept": concept, "source": text}
    return {**{name: kinds.get(name, number) for name in COLUMNS}, "image": datasets.Image()}


def _of_pictures(datasets: Any, concept: Any) -> dict[str, Any]:  # noqa: ANN401
    box = datasets.Sequence(datasets.Value("float64"), length=len(SIDES))
    return {
        "image": datasets.Image(),
        "id": datasets.Value("string"),
        "width": datasets.Value("int64"),
        "height": datasets.Value("int64"),
        "labels": datasets.Sequence(concept),
        "objects": {"bbox": datasets.Sequence(box), "category": datasets.Sequence(concept)},
    }


def _label_rows(inputs: Sequence[Labeled]) -> list[dict[str, Any]]:
    return [{**row, "image": image} for one in inputs for image in (_image(one),) for row in rows_of([one])]


def _picture_row(one: Labeled) -> dict[str, Any]:
    boxes = [(label, label.box) for label in one.labels if label.box is not None]
    return {
        "image": _image(one),
        "id": one.input.id,
        "width": one.input.width,
        "height": one.input.height,
        "labels": list(dict.fromkeys(one.concepts)),
        "objects": {
            "bbox": [_span(box, one) for _, box in boxes],
            "category": [label.concept for label, _ in boxes],
        },
    }


def _span(box: Box, one: Labeled) -> list[float]:
    wide, high = one.input.width, one.input.height
    left, top = box.left_col * wide, box.top_row * high
    return [left, top, box.right_col * wide - left, box.bottom_row * high - top]


def _image(one: Labeled) -> dict[str, Any] | None:
    """The picture as the library takes it: by name where it is a file, else its bytes; None where it is missing."""
    if one.path is not None:
        return {"path": str(one.path), "bytes": None}
    try:
        return {"path": None, "bytes": one.file.read()}
    except InputError:
        return None
