"""COCO's JSON, read so that writing it again loses nothing.

What the store has no place for (ids, segmentations, areas, crowds, licenses) travels in the metadata of each input
under ``coco``. What a box shows is in the store; who changes it there changes what is written.

Format: https://cocodataset.org/#format-data
"""

from __future__ import annotations

import mmap
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from toolkit.plugins import Failure, Frame, InputError, Label, Orientation, Record

from .boxes import frame_of, from_span, numbers
from .importer import FormatImporter, Request, predicted_by
from .masks import segmentation_corners
from .places import SPLITS, PictureFinder, is_picture, picture_finder, pictures_in, read_json, splits_of
from .reading import PictureLabels

__all__ = [
    "COCO",
    "coco_files",
    "has_only_key_points",
    "image_frame",
    "label_of",
    "labels_of",
    "pictures_and_categories",
    "place_of",
    "plain_id",
    "strays",
]

_KEYS = [re.compile(rb'"%s"\s*:\s*\[' % key) for key in (b"images", b"annotations")]
_NOT_OURS = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*\[")
_MOST_LOOKED_AT = 50  # files of a folder
_FOLDERS = frozenset((*SPLITS, "annotations", "labels", "."))

Found = Mapping[str, Any]


def _recognizes(path: Path) -> bool:
    return bool(coco_files(path)) if path.is_dir() else _is_coco(path)


def _is_coco(path: Path) -> bool:
    if path.suffix.lower() != ".json" or not path.is_file() or not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return not _NOT_OURS.match(data) and all(key.search(data) for key in _KEYS)


def coco_files(folder: Path) -> list[Path]:
    """The COCO files of a folder, and of those below that usually hold them."""
    places = [
        folder,
        *(one for one in sorted(folder.iterdir()) if one.name.lower() in _FOLDERS and one.is_dir()),
    ]
    found = [path for place in places for path in sorted(place.glob("*.json"))[:_MOST_LOOKED_AT]]
    return [path for path in found if _is_coco(path)]


def _read(asked: Request) -> Iterator[Record | Failure]:
    if not asked.path.is_dir():
        yield from _read_file(asked.path, asked, splits=())
        return
    seen: set[str] = set()
    for path in coco_files(asked.path):
        splits = splits_of(path.relative_to(asked.path).parts[:-1])
        for one in _read_file(path, asked, splits=splits):
            if isinstance(one, Record):
                seen.add(str(one.origin))
            yield one
    folder = asked.images or asked.path
    for picture in pictures_in(folder) if any(map(is_picture, folder.rglob("*"))) else ():
        if str(picture) not in seen:
            yield Record(str(picture), label_file=f"coco:{asked.path}")


def pictures_and_categories(
    found: object,
    path: Path,
) -> tuple[dict[object, Found], dict[object, Found]]:
    """The images and the categories of a file, by id.

    Parameters
    ----------
    found : object
        What the file holds.
    path : Path
        The file, for errors.

    Raises
    ------
    InputError
        It is not COCO, or two things have one id.
    """
    if not isinstance(found, Mapping) or not isinstance(found.get("images"), list):
        raise InputError(str(path), "not COCO: it has a list of images, of annotations and of categories")
    pictures = _by_id(found["images"], "file_name", "images", path)
    return pictures, _by_id(found.get("categories") or [], "name", "categories", path)


def _read_file(path: Path, asked: Request, *, splits: tuple[str, ...]) -> Iterator[Record | Failure]:
    found = read_json(path)
    pictures, categories = pictures_and_categories(found, path)
    said: defaultdict[object, list[Found]] = defaultdict(list)
    for annotation in found.get("annotations") or []:
        said[plain_id(annotation.get("image_id"))].append(annotation)
    yield from strays(said, pictures, path)
    finder = picture_finder(asked.images, [path.parent, path.parent.parent])
    header: dict[str, Any] = {
        key: part for key, part in found.items() if key not in ("images", "annotations")
    }
    for id, there in pictures.items():
        # Written with the picture, so that it is written again and its boxes are found where they were read.
        image = there if asked.orientation == "auto" else {**there, "orientation": asked.orientation}
        used = dict.fromkeys(plain_id(one.get("category_id")) for one in said[id])
        kept = {
            "image": image,
            "annotations": said[id],
            "categories": [categories[one] for one in used if one in categories],
        }
        try:
            origin = place_of(image, finder, path)
        except InputError as error:
            yield Failure(str(path), error.reason, labels=len(said[id]))
            continue
        if header and Path(origin).is_file():  # once, with the first picture that gets in
            kept["header"], header = header, {}
        labels = labels_of(said[id], categories, image, path)
        yield from labels.finish(origin, metadata={"coco": kept}, datasets=splits, label_file=f"coco:{path}")


def place_of(image: Found, finder: PictureFinder, path: Path) -> str:
    """The path or address of an image.

    Parameters
    ----------
    image : mapping
        As COCO has it.
    finder : PictureFinder
        Looks for names of files.
    path : Path
        The label file, for errors.

    Raises
    ------
    InputError
        It has no name, or one that leads elsewhere.
    """
    name = image.get("file_name")
    if not isinstance(name, str) or not name:
        raise InputError(str(path), f"image {image.get('id')!r:.60} has no file_name")
    return name if re.match(r"https?://", name) else str(finder.find(name, of=path))


def plain_id(id: object) -> object:
    """An id as it is compared: ``"1"``, ``1.0`` and ``1`` are one."""
    if isinstance(id, float) and id.is_integer():
        return int(id)
    if isinstance(id, str) and re.fullmatch(r"-?\d{1,18}", id.strip()):
        return int(id)
    return id if isinstance(id, int | str) else None


def _by_id(some: Sequence[Found], name: str, kind: str, path: Path) -> dict[object, Found]:
    """Images or categories by id.

    Raises
    ------
    InputError
        Two things have one id, so that nothing says which one a label is of.
    """
    found: dict[object, Found] = {}
    for number, one in enumerate(some):
        if not isinstance(one, Mapping) or plain_id(one.get("id")) is None:
            raise InputError(str(path), f"{kind}: number {number} has no id")
        before = found.setdefault(plain_id(one["id"]), one)
        if before.get(name) != one.get(name):
            both = f"{before.get(name)!r:.60} and {one.get(name)!r:.60}"
            raise InputError(str(path), f"{kind}: two have the id {one['id']!r}, {both}")
    return found


def strays(
    said: Mapping[object, Sequence[Found]], pictures: Mapping[object, Found], path: Path
) -> Iterator[Failure]:
    """A failure, if there are annotations of images that are not in the file.

    Parameters
    ----------
    said : mapping of id to annotations
        By `plain_id` of the image.
    pictures : mapping of id to image
        Those there are.
    path : Path
        The label file.
    """
    unknown = [id for id in said if id not in pictures]
    if unknown:
        count = sum(len(said[id]) for id in unknown)
        ids = ", ".join(str(id) for id in unknown[:5])
        yield Failure(str(path), f"annotations of images that are not there: {ids}", labels=count)


def image_frame(image: Found) -> Frame:
    """What the boxes of an image are measured in: the size that it states, of the picture that it states."""
    frame, orientation = frame_of(image.get("width"), image.get("height")), image.get("orientation")
    return replace(frame, orientation=orientation) if orientation in ("stored", "upright") else frame


def labels_of(
    annotations: Sequence[Found],
    categories: Mapping[object, Found],
    image: Found,
    path: Path,
    *,
    orientation: Orientation = "auto",
) -> PictureLabels:
    """The labels that some annotations of one image are.

    Parameters
    ----------
    annotations : sequence of mapping
        As COCO has them.
    categories : mapping of id to mapping
        By `plain_id`.
    image : mapping
        The image.
    path : Path
        The label file.
    orientation : {"auto", "stored", "upright"}
        What a person says of the picture that the boxes were drawn on.
    """
    labels = PictureLabels(str(path))
    frame, model = image_frame(image), predicted_by(path.stem)
    if orientation != "auto":
        frame = replace(frame, orientation=orientation)
    for annotation in annotations:
        if has_only_key_points(annotation):
            labels.drop("key points, which have no box")
            continue
        labels.take(
            f"annotation {annotation.get('id')!r:.40}", label_of, annotation, categories, frame, model
        )
    return labels


def has_only_key_points(annotation: Found) -> bool:
    """Whether it is of some points of a picture, and so neither of a box nor of the whole."""
    return bool(annotation.get("keypoints")) and not (
        annotation.get("bbox") or annotation.get("segmentation")
    )


def label_of(annotation: Found, categories: Mapping[object, Found], frame: Frame, model: str) -> Label:
    """The label that an annotation is.

    Parameters
    ----------
    annotation : mapping
        As COCO has it; with a ``score`` it is a model's.
    categories : mapping of id to mapping
        By `plain_id`.
    frame : Frame
        Of the image.
    model : str
        The source of what has a score.

    Raises
    ------
    ValueError
        It has a category that is not there, or a box that is none.
    """
    category = categories.get(plain_id(annotation.get("category_id")))
    if category is None:
        raise ValueError(f"category {annotation.get('category_id')!r:.40} is not there")
    score = annotation.get("score")
    value = 1.0 if score is None else numbers([score], 1)[0]
    source = str(annotation.get("source") or ("" if score is None else model))
    if not source.startswith(("human:", "model:")):
        source = "" if score is None else model
    span = annotation.get("bbox")
    if span:
        return Label({str(category["name"]): value}, from_span(*numbers(span, 4)), frame, source)
    found = segmentation_corners(annotation.get("segmentation"), frame)
    corners, frame = found or (None, frame)
    return Label({str(category["name"]): value}, corners, frame, source)


COCO = FormatImporter("coco", _recognizes, _read)
