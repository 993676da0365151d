"""Pascal VOC: an XML file a picture, corners in pixels counted from 1.

Format: http://host.robots.ox.ac.uk/pascal/VOC/voc2012/htmldoc/devkit_doc.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.plugins import Corners, Failure, Frame, InputError, Json, Label, Orientation, Record

from .boxes import numbers
from .coco import image_frame
from .importer import FormatImporter, Request, predicted_by
from .places import PictureFinder, files_in, is_picture, picture_finder, read_text, splits_of
from .reading import PictureLabels
from .xml_files import read_xml, root_name

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["USUAL_FACTS", "VOC", "corners_of"]

USUAL_FACTS = {"pose": "Unspecified", "truncated": "0", "difficult": "0"}
"""What VOC's own tools expect to be said of each object, and what is said where nothing is known."""

_READ = frozenset(("name", "score", "confidence", "source"))  # of an object; the rest are facts to keep

_LABELS = ("annotations", "labels", "xml", "xmls")
_SIDES = ("xmin", "ymin", "xmax", "ymax")
_SETS = ("train", "val", "test")


def _recognizes(path: Path) -> bool:
    if path.is_file():
        return path.suffix.lower() == ".xml" and root_name(path) == "annotation"
    first = next(iter(_some_files(path)), None)
    if first is None:
        return _label_folder(path) is not None and (path / "JPEGImages").is_dir()
    return root_name(first) == "annotation"


def _label_folder(path: Path) -> Path | None:
    there = {one.name.casefold(): one for one in sorted(path.iterdir()) if one.is_dir()}
    return next((there[name] for name in _LABELS if name in there), None)


def _some_files(path: Path) -> list[Path]:
    """Label files of a folder: of the one below that is called as such, else of its own or of its parts."""
    labels = _label_folder(path)
    if labels is not None:
        return sorted(labels.glob("*.xml")) or sorted(labels.glob("*/*.xml"))
    own = sorted(path.glob("*.xml"))
    return own or [
        file for part in sorted(path.glob("*")) if splits_of([part.name]) for file in part.glob("*.xml")
    ]


def _read(asked: Request) -> Iterator[Record | Failure]:
    path = asked.path
    if path.is_file():
        yield from _records(
            path, picture_finder(asked.images, [path.parent, path.parent.parent]), path.parent, asked
        )
        return
    if not path.is_dir():
        raise InputError(str(path), "no such folder")
    labels = _label_folder(path) or path
    files = files_in(labels, ".xml")
    if not files:
        raise InputError(str(labels), "no .xml files there")
    around = [labels.parent, labels] if labels != path else [path, path.parent]
    sets, seen = _sets(path), set()
    for file in files:
        finder = picture_finder(asked.images, [*around, file.parent])
        for one in _records(file, finder, labels, asked, sets=sets):
            if isinstance(one, Record):
                seen.add(str(one.origin))
            yield one
    for picture in files_in(asked.images or path):
        if is_picture(picture) and str(picture) not in seen:
            yield Record(str(picture), label_file=f"voc:{labels}")


def _sets(path: Path) -> dict[str, str]:
    """The part of the set that each picture is in, by its name without ending; as ``ImageSets/Main`` says."""
    found: dict[str, str] = {}
    for part in _SETS:
        file = path / "ImageSets" / "Main" / f"{part}.txt"
        if file.is_file():
            found |= {line.split()[0]: part for line in read_text(file).splitlines() if line.strip()}
    return found


def _records(
    file: Path, finder: PictureFinder, labels: Path, asked: Request, *, sets: dict[str, str] | None = None
) -> Iterator[Record | Failure]:
    try:
        tree = read_xml(file)
        if tree.tag != "annotation":
            raise InputError(str(file), f"not Pascal VOC: <{tree.tag}> where <annotation> was expected")
        picture = _picture(tree, file, finder, file.parent.relative_to(labels))
    except InputError as error:
        yield Failure(str(file), error.reason)
        return
    part = (sets or {}).get(file.stem)
    datasets = (part,) if part else splits_of(file.relative_to(labels).parts[:-1])
    kept = _kept(tree, asked.orientation)
    yield from _labels(tree, file).finish(
        str(picture), metadata={"voc": kept} if kept else {}, datasets=datasets, label_file=f"voc:{labels}"
    )


def _picture(tree: Element, file: Path, finder: PictureFinder, folder: Path) -> Path:
    """The picture that it names, in the folders of the label file; else the one that is called as the label file."""
    name = (tree.findtext("filename") or "").strip()
    named = (tree.findtext("folder") or "").strip()
    tried = [f"{named}/{name}"] if name and named else []
    tried += [str(folder / name), name] if name else []
    found: list[Path] = []
    refused: list[InputError] = []
    for one in (*tried, str(folder / file.stem)):
        try:
            found.append(finder.find(one, of=file))
        except InputError as error:
            refused.append(error)
        else:
            if found[-1].is_file():
                return found[-1]
    if refused:
        raise refused[-1]
    return found[-2] if len(found) > 1 else found[0]


def _image(tree: Element) -> dict[str, Json]:
    """The size that a file states, and the picture that it is of."""
    found = {
        "width": tree.findtext("size/width"),
        "height": tree.findtext("size/height"),
        "orientation": tree.findtext("orientation"),
    }
    return {key: text for key, text in found.items() if text}


def _kept(tree: Element, orientation: Orientation) -> dict[str, Json]:
    """What the store has no place for: facts of objects, such as ``difficult``; empty where nothing unusual is said."""
    objects: list[Json] = []
    for thing in tree.iter("object"):
        facts = {part.tag: (part.text or "").strip() for part in thing if not len(part)}
        facts = {tag: text for tag, text in facts.items() if tag not in _READ and text}
        if (
            any(text != USUAL_FACTS.get(tag) for tag, text in facts.items())
            and thing.find("bndbox") is not None
        ):
            sides = {side: thing.findtext(f"bndbox/{side}") or "" for side in _SIDES}
            objects.append({"name": thing.findtext("name") or "", "bndbox": sides, "facts": facts})
    stated = {} if orientation == "auto" else {"orientation": orientation}
    return {"image": {**_image(tree), **stated}, "objects": objects} if objects else {}


def _labels(tree: Element, file: Path) -> PictureLabels:
    labels = PictureLabels(str(file))
    frame = image_frame(_image(tree))
    for number, thing in enumerate(tree.iter("object"), 1):
        if thing.find("robndbox") is not None:
            labels.drop("turned boxes (robndbox)")
        elif thing.find("bndbox") is None:
            labels.drop("objects without a box")
        else:
            labels.take(f"object {number}", _label, thing, frame, file)
    return labels


def _label(thing: Element, frame: Frame, file: Path) -> Label:
    name = (thing.findtext("name") or "").strip()
    if not name:
        raise ValueError("no name")
    score = next((found for tag in ("score", "confidence") if (found := thing.findtext(tag))), None)
    value = 1.0 if score is None else numbers([score], 1)[0]
    source = thing.findtext("source") or ("" if score is None else predicted_by(file.parent.parent.name))
    return Label({name: value}, _corners(thing), frame, source)


def _corners(thing: Element) -> Corners:
    return corners_of({side: thing.findtext(f"bndbox/{side}") or "" for side in _SIDES})


def corners_of(sides: Mapping[str, str]) -> Corners:
    """The corners of a ``bndbox``, counted from 0.

    Raises
    ------
    ValueError
        One is missing, or no number.
    """
    left, top, right, bottom = numbers([sides[side].strip() for side in _SIDES], 4)
    # The first pixel is 1, and the last one belongs to the box.
    return min(left, right) - 1, min(top, bottom) - 1, max(left, right), max(top, bottom)


VOC = FormatImporter("voc", _recognizes, _read)
