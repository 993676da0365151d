"""Hits, a query or a whole collection as a data set to train on with PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from toolkit.plugins import MissingExtraError, QueryError

from .labeled import YES, Labeled, Some, labeled

if TYPE_CHECKING:
    from PIL.Image import Image

    from toolkit import Collection

    from .torch_pictures import Pictures

__all__ = ["to_torch"]


def to_torch(
    photos: Collection,
    *,
    of: Some = None,
    source: str | None = "human",
    target: Literal["labels", "boxes"] = "labels",
    classes: Sequence[str] | None = None,
    unsaid: float = 0.0,
    transform: Callable[[Image], object] | None = None,
) -> Pictures:
    """A ``torch.utils.data.Dataset`` of pairs of a picture and its target.

    A picture (PIL, upright, RGB) is read when it is asked for, wherever it lies then; a ``DataLoader`` may do so in
    worker processes, for no open collection is needed.

    Parameters
    ----------
    photos : Collection
        Where they are.
    of : Hits, Query, str, sequence of str or None
        Which inputs, in this order, as `labeled` takes it.
    source : str or None
        Whose labels, as `labeled` takes it.
    target : {"labels", "boxes"}
        Values float32 (c,) of the whole picture, in [0, 1]; or a dictionary as torchvision's detectors take it:
        ``boxes`` float32 (k, 4), left, top, right and bottom in pixels, and ``labels`` int64 (k,), which count
        `classes` from 1, for 0 is the background.
    classes : sequence of c str, optional
        Concept ids; by default all that are said, sorted. The data set has them as ``classes``.
    unsaid : float
        The value of a concept of which nothing is said of a picture; NaN tells it from a "no".
    transform : callable, optional
        From a picture to what a model takes.

    Raises
    ------
    MissingExtraError
        torch is not installed.
    QueryError
        There is no such target.
    """
    try:
        from .torch_pictures import Pictures
    except ImportError:
        raise MissingExtraError("a data set of torch", "torch", "timm") from None
    if target not in ("labels", "boxes"):
        raise QueryError(f"a target is 'labels' or 'boxes', not {target!r}")
    is_boxes = target == "boxes"
    inputs = list(labeled(photos, source=source, of=of, least=YES if is_boxes else 0.0))
    chosen = list(classes) if classes is not None else _said(inputs, is_boxes)
    index = {concept: number for number, concept in enumerate(chosen)}
    targets = [_boxes(one, index) if is_boxes else _values(one, index, unsaid) for one in inputs]
    most = photos.settings.max_pixels
    return Pictures(
        [one.file for one in inputs], targets, chosen, boxes=is_boxes, transform=transform, max_pixels=most
    )


def _said(inputs: Sequence[Labeled], is_boxes: bool) -> list[str]:
    return sorted(
        {label.concept for one in inputs for label in one.labels if (label.box is not None) == is_boxes}
    )


def _values(one: Labeled, index: dict[str, int], unsaid: float) -> list[float]:
    values = [unsaid] * len(index)
    for label in one.labels:
        if label.box is None and label.concept in index:
            values[index[label.concept]] = label.value
    return values


def _boxes(one: Labeled, index: dict[str, int]) -> list[tuple[object, int]]:
    return [
        (label.box, index[label.concept] + 1)
        for label in one.labels
        if label.box is not None and label.concept in index
    ]
