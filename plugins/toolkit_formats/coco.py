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
from pathlib import Path
from typing import Any

from toolkit.plugins import Failure, Frame, InputError, Label, Record

from .boxes import frame_of, from_span, numbers
from .importer import FormatImporter, Request, predicted_by
from .masks import segmentation_corners
from .places import SPLITS, is_picture, picture_finder, pictures_in, read_json, splits_of
from .reading import PictureLabels

__all__ = ["COCO", "label_of", "plain_id"]

_KEYS = [re.compile(rb'"%s"\s*:\s*\[' % key) for key in (b"images", b"annotations")]
_NOT_OURS = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*\[")
_MOST_LOOKED_AT = 50  # files of a folder
_FOLDERS = frozenset((*SPLITS, "annotations", "labels", "."))

Found = Mapping[str, Any]


def _recognizes(path: Path) -> bool:
    return bool(_files(path)) if path.is_dir() else _is_coco(path)


def _is_coco(path: Path) -> bool:
    if path.suffix.lower() != ".json" or not path.is_file() or not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return not _NOT_OURS.match(data) and all(key.search(data) for key in _KEYS)


def _files(folder: Path) -> list[Path]:
    """The COCO files of a folder, and of those below that usually hold them."""
    places = [
        folder,
        *(one for one in sorted(folder.iterdir()) if one.name.lower() in _FOLDERS and one.is_dir()),
    ]
    found = [path for place in places for path in sorted(place.glob("*.json"))[:_MOST_LOOKED_AT]]
    return [path for path in found if _is_coco(path)]


def _read(asked: Request) -> Iterator[Record | Failure]:
    if not asked.path.is_dir():
        yield from _read_file(asked.path, asked.images, splits=())
        return
    seen: set[str] = set()
    for path in _files(asked.path):
        splits = splits_of(path.relative_to(asked.path).parts[:-1])
        for one in _read_file(path, asked.images, splits=splits):
            if isinstance(one, Record):
                seen.add(str(one.origin))
            yield one
    folder = asked.images or asked.path
    for picture in pictures_in(folder) if any(map(is_picture, folder.rglob("*"))) else ():
        if str(picture) not in seen:
            yield Record(str(picture), label_file=f"coco:{asked.path}")


def _read_file(path: Path, images: Path | None, *, splits: tuple[str, ...]) -> Iterator[Record | Failure]:
    found = read_json(path)
    if not isinstance(found, Mapping) or not isinstance(found.get("images"), list):
        raise InputError(str(path), "not COCO: it has a list of images, of annotations and of categories")
    categories = _by_id(found.get("categories") or [], "name", "categories", path)
    pictures = _by_id(found["images"], "file_name", "images", path)
    said: defaultdict[object, list[Found]] = defaultdict(list)
    for annotation in found.get("annotations") or []:
        said[plain_id(annotation.get("image_id"))].append(annotation)
    yield from _strays(said, pictures, path)
    finder = picture_finder(images, [path.parent, path.parent.parent])
    header: dict[str, Any] = {
        key: part for key, part in found.items() if key not in ("images", "annotations")
    }
    for id, image in pictures.items():
        used = dict.fromkeys(plain_id(one.get("category_id")) for one in said[id])
        kept = {
            "image": image,
            "annotations": said[id],
            "categories": [categories[one] for one in used if one in categories],
        }
        try:
            origin = _place(image, finder, path)
        except InputError as error:
            yield Failure(str(path), error.reason, labels=len(said[id]))
            continue
        if header and Path(origin).is_file():  # once, with the first picture that gets in
            kept["header"], header = header, {}
        labels = _labels(said[id], categories, image, path)
        yield from labels.finish(origin, metadata={"coco": kept}, datasets=splits, label_file=f"coco:{path}")


def _place(image: Found, finder: Any, path: Path) -> str:  # noqa: ANN401
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


def _strays(
    said: Mapping[object, Sequence[Found]], pictures: Mapping[object, Found], path: Path
) -> Iterator[Failure]:
    strays = [id for id in said if id not in pictures]
    if strays:
        count = sum(len(said[id]) for id in strays)
        ids = ", ".join(str(id) for id in strays[:5])
        yield Failure(str(path), f"annotations of images that are not there: {ids}", labels=count)


def _labels(
    annotations: Sequence[Found], categories: Mapping[object, Found], image: Found, path: Path
) -> PictureLabels:
    labels = PictureLabels(str(path))
    frame, model = frame_of(image.get("width"), image.get("height")), predicted_by(path.stem)
    for annotation in annotations:
        labels.take(
            f"annotation {annotation.get('id')!r:.40}", label_of, annotation, categories, frame, model
        )
    return labels


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
