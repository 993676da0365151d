"""COCO's JSON, written: what was read comes out as it was, what changed in the store comes out changed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias

from toolkit.plugins import Box, Frame, InputError, plain_name

from .boxes import to_span
from .coco import has_only_key_points, image_frame, label_of, plain_id
from .labeled import Labeled, Some, StoredLabel, labeled
from .places import alike
from .reading import ERRORS, error_text
from .writing import Exported, PictureNames, orientation_of, picture_names, replaced

if TYPE_CHECKING:
    from toolkit import Collection

__all__ = ["WrittenCoco", "coco_of", "write_coco"]

Key: TypeAlias = tuple[Box | None, str, bool]  # what is said of a box, and whether a model says it
Found: TypeAlias = Mapping[str, Any]


def write_coco(
    photos: Collection,
    path: str | os.PathLike[str],
    *,
    source: str | None = "human",
    of: Some = None,
    detections: float | None = None,
) -> Exported:
    """Write boxes and what they show as COCO JSON; says what was written.

    An input that came from COCO keeps its ids, segmentations, areas, crowds and licenses, as far as the box and its
    concept are still there. Where two files that were read gave one id to two things, the later gets a new one.
    What a model says has a ``score``, and its name under ``source``. An image that was not read from COCO says that its
    boxes are on the upright picture, under ``orientation``, which other readers pass over. Labels of whole images that
    were not read from COCO are left out: it has none.

    Parameters
    ----------
    photos : Collection
        What is written.
    path : str or Path
        The file; replaced when all is written.
    source : str or None
        Whose boxes, as `labeled` takes it.
    of : Hits, Query, str, sequence of str or None
        Which inputs, as `labeled` takes it.
    detections : float, optional
        The least confidence of a detection; `Settings.detections`, 0.3, by default.

    Raises
    ------
    InputError
        The file cannot be written, or what was kept of another was changed.
    """
    written = coco_of(photos, path, source=source, of=of, detections=detections)
    with replaced(path) as file:
        file.write_text(json.dumps(written.content, ensure_ascii=False), "utf-8")
    whole = sum(len(one.concepts) for one in written.inputs) - written.whole
    left_out = (f"{whole:,} labels of whole pictures, which COCO has no place for",) if whole else ()
    return Exported(str(path), len(written.inputs), len(written.labels), written.images, left_out)


@dataclass(frozen=True, slots=True)
class WrittenCoco:
    """COCO, made of some inputs.

    Parameters
    ----------
    content : dict
        What a file of it holds.
    labels : list of StoredLabel or None
        For each of its annotations the label that it is; None for what was read and is no label.
    inputs : list of Labeled
        What it was made of.
    images : str
        The folder that names of pictures are relative to; empty where none is a file.
    """

    content: dict[str, Any]
    labels: list[StoredLabel | None]
    inputs: list[Labeled]
    images: str

    @property
    def whole(self) -> int:
        """How many of its annotations are of whole pictures."""
        return sum(label is not None and label.box is None for label in self.labels)


def coco_of(
    photos: Collection,
    path: str | os.PathLike[str],
    *,
    source: str | None,
    of: Some,
    detections: float | None = None,
) -> WrittenCoco:
    """Some inputs as COCO.

    Parameters
    ----------
    photos : Collection
        Where they are.
    path : str or Path
        The file, for errors.
    source : str or None
        Whose boxes, as `labeled` takes it.
    of : Hits, Query, str, sequence of str or None
        Which inputs, as `labeled` takes it.
    detections : float, optional
        The least confidence of a detection; `Settings.detections`, 0.3, by default.

    Raises
    ------
    InputError
        What was kept of another file was changed.
    """
    inputs = list(labeled(photos, source=source, of=of, detections=detections))
    names = picture_names(inputs)
    concepts = {label.concept for one in inputs for label in one.labels}
    known = {id: frozenset(_names(concept)) for id, concept in photos.concepts.existing(concepts).items()}
    try:
        writer = _Writer(inputs, names, known)
        content, labels = writer.coco()
    except ERRORS as error:
        raise InputError(
            str(path), f"metadata kept under 'coco' is damaged: {error_text(error):.100}"
        ) from error
    return WrittenCoco(content, labels, inputs, writer.root)


def _names(concept: Any) -> Iterator[str]:  # noqa: ANN401
    yield concept.id
    for names in concept.names.values():
        yield from (plain_name(name) for name in names)


class _Ids:
    """Ids that are each given once: the one asked for, or the next that nothing else has."""

    def __init__(self, asked: Iterable[object]) -> None:
        self._last = max((id for id in map(plain_id, asked) if isinstance(id, int)), default=0)
        self._given: set[object] = set()

    def id(self, asked: object = None) -> object:
        if asked is None or plain_id(asked) in self._given:
            self._last += 1
            asked = self._last
        self._given.add(plain_id(asked))
        return asked


@dataclass(slots=True)
class _Picture:
    """One image as it is written, and what its boxes are measured in."""

    one: Labeled
    kept: Found
    image: Found
    frame: Frame
    orientation: int

    def box(
        self, annotation: Found, categories: Mapping[object, Found]
    ) -> tuple[Box | None, str, bool] | None:
        """What an annotation that was read says; None if it could not be read, or was not taken over."""
        if has_only_key_points(annotation):
            return None
        try:
            label = label_of(annotation, categories, self.frame, "model:unknown")
        except ERRORS:
            return None
        (name,) = label.concepts
        size = {"width": self.one.input.width, "height": self.one.input.height}
        box = None
        if label.corners is not None:
            box = label.frame.box(label.corners, **size, orientation=self.orientation)
            if box is None:
                return None
        return box, plain_name(name), label.source.startswith("model:")


class _Writer:
    """Makes COCO of inputs.

    Parameters
    ----------
    inputs : sequence of Labeled
        What is written.
    names : PictureNames
        What they are called.
    known : mapping of str to set of str
        The names of each concept, by id.
    """

    def __init__(
        self, inputs: Sequence[Labeled], names: PictureNames, known: Mapping[str, frozenset[str]]
    ) -> None:
        self._inputs, self._names, self._known = inputs, names, known
        self._kept = [_kept(one) for one in inputs]
        read = [of["image"]["file_name"] for of in self._kept if "image" in of]
        roots = {_root(one, name) for one, name in zip(inputs, read, strict=False) if one.path is not None}
        is_one_each = len(read) == len(inputs) and len({alike(name) for name in read}) == len(read)
        # Names that were read in several folders are found in none.
        self.are_kept = is_one_each and len(roots) <= 1 and None not in roots
        self.root = (next(iter(roots), None) or "") if self.are_kept else names.root

    def coco(self) -> tuple[dict[str, Any], list[StoredLabel | None]]:
        """All of it, and for each annotation the label that it is."""
        header: Found = next((of["header"] for of in self._kept if "header" in of), {})
        categories = self._categories(header)
        image_ids = _Ids(of["image"]["id"] for of in self._kept if "image" in of)
        ids = _Ids(old.get("id") for of in self._kept for old in of.get("annotations", []))
        pictures = [
            self._picture(one, of, name, image_ids)
            for one, of, name in zip(self._inputs, self._kept, self._names.names, strict=True)
        ]
        written = [pair for picture in pictures for pair in self._annotations(picture)]
        annotations = [{**annotation, "id": ids.id(annotation.get("id"))} for annotation, _ in written]
        images = [picture.image for picture in pictures]
        content = {**header, "categories": categories, "images": images, "annotations": annotations}
        return content, [label for _, label in written]

    def _categories(self, header: Found) -> list[dict[str, Any]]:
        """The categories of the file that was read, those of other files, then concepts that no file had."""
        read = [
            *header.get("categories", []),
            *(one for of in self._kept for one in of.get("categories", [])),
        ]
        ids = _Ids(category["id"] for category in read)
        found: dict[str, dict[str, Any]] = {}
        for category in read:
            if str(category["name"]) not in found:
                found[str(category["name"])] = {**category, "id": ids.id(category.get("id"))}
        self._read = {plain_name(name): category["id"] for name, category in found.items()}
        said = [label for one in self._inputs for label in one.labels if label.box is not None]
        people = {label.concept for label in said if not label.is_model}
        models = {label.concept for label in said} - people
        # So that what people say has the same ids whether or not models are written with it.
        for concept in (*sorted(people), *sorted(models)):
            if self._category(concept) is None:
                found[concept] = {"id": ids.id(), "name": concept}
                self._read[concept] = found[concept]["id"]
        return list(found.values())

    def _category(self, concept: str) -> object:
        """The id of the category of a concept, by its id or by a name of it; None if there is none yet."""
        names = (concept, *sorted(self._known.get(concept, ())))
        return next((self._read[name] for name in names if name in self._read), None)

    def _picture(self, one: Labeled, of: Found, name: str, ids: _Ids) -> _Picture:
        size = {"width": one.input.width, "height": one.input.height}
        own = Frame(float(one.input.width), float(one.input.height), "upright")
        if "image" not in of:
            image = {"id": ids.id(), "file_name": name, **size, "orientation": "upright"}
            return _Picture(one, {}, image, own, 1)
        image = {**of["image"], "id": ids.id(of["image"]["id"])}
        if not self.are_kept:
            image["file_name"] = name
        frame = image_frame(image)
        orientation = orientation_of(one) if frame.lies(**size) else 1
        if (
            orientation is None
        ):  # its boxes were drawn on a file that is gone: those of the upright picture are sure
            return _Picture(one, {}, {**image, **size, "orientation": "upright"}, own, 1)
        return _Picture(one, of, image, frame, orientation)

    def _annotations(self, picture: _Picture) -> Iterator[tuple[dict[str, Any], StoredLabel | None]]:
        by_id = {plain_id(category["id"]): category for category in picture.kept.get("categories", [])}
        left: dict[StoredLabel, None] = dict.fromkeys(picture.one.labels)
        there: dict[Key, StoredLabel] = {
            (label.box, name, label.is_model): label
            for label in picture.one.labels
            for name in (label.concept, *self._known.get(label.concept, ()))
        }
        for old in picture.kept.get("annotations", []):
            key = picture.box(old, by_id)
            label = there.get(key) if key is not None else None
            if key is None or label is not None:
                category = {} if key is None else {"category_id": self._read[key[1]]}
                score = {"score": label.value} if label is not None and label.is_model else {}
                yield {**old, "image_id": picture.image["id"], **category, **score}, label
            if label is not None:
                left.pop(label, None)
        for label in left:
            if label.box is not None:
                yield self._new(label, label.box, picture), label

    def _new(self, label: StoredLabel, box: Box, picture: _Picture) -> dict[str, Any]:
        one = picture.one.input
        span = to_span(
            box, frame=picture.frame, width=one.width, height=one.height, orientation=picture.orientation
        )
        said = {"score": label.value, "source": label.source} if label.is_model else {}
        return {
            "image_id": picture.image["id"],
            "category_id": self._category(label.concept),
            "bbox": span,
            "area": round(span[2] * span[3], 2),
            "iscrowd": 0,
            **said,
        }


def _root(one: Labeled, name: str) -> str | None:
    """The folder in which a picture is found by a name that was read; None if it is called otherwise now."""
    path, plain = str(one.path), name.replace("\\", "/")
    if path.endswith(f"/{plain}"):
        return path.removesuffix(f"/{plain}") or "/"
    last = PurePosixPath(plain).name
    assert one.path is not None
    return str(one.path.parent) if alike(one.path.name) == alike(last) else None


def _kept(one: Labeled) -> Found:
    kept: Any = one.input.metadata.get("coco")
    return kept if isinstance(kept, Mapping) else {}
