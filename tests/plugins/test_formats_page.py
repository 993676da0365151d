"""What docs/labels.md says of formats is so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import toolkit_formats
from format_files import as_json, labels, picture, text
from toolkit_formats import FORMATS, Labels

from toolkit.values.types import Annotation, Box

PAGE = Path(__file__).parents[2] / "docs" / "labels.md"
SPAN = [8, 6, 40, 30]
PARTS = ("whole pictures", "boxes", "predictions")


def rows() -> dict[str, dict[str, str]]:
    """The table of formats, by name and column."""
    lines = [line for line in PAGE.read_text().split("## Formats")[1].split("\n") if line.startswith("|")]
    head, _, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0].strip("`"): dict(zip(head, row, strict=True)) for row in body}


def sample(format: str, folder: Path) -> Path:
    """A file of the format that has everything it can say: of a whole picture, a box, and a prediction of a box."""
    coco = {"image_id": 1, "category_id": 1}
    rect = {"x": 10, "y": 10, "width": 50, "height": 50, "rectanglelabels": ["cat"]}
    shape = {"label": "cat", "points": [[8, 6], [48, 36]], "shape_type": "rectangle"}
    via = {"shape_attributes": {"name": "rect", "x": 8, "y": 6, "width": 40, "height": 30}}
    detection = {"_cls": "Detection", "label": "cat", "bounding_box": [0.1, 0.1, 0.5, 0.5]}
    found = {
        "coco": {
            "images": [{"id": 1, "file_name": "a.png"}], "categories": [{"id": 1, "name": "cat"}],
            "annotations": [coco, {**coco, "bbox": SPAN}, {**coco, "bbox": SPAN, "score": 0.9}],
        },
        "coco-results": [{**coco, "bbox": SPAN, "score": 0.9}],
        "labelme": {"imagePath": "a.png", "flags": {"cat": True}, "shapes": [shape, {**shape, "score": 0.9}]},
        "label-studio": [{
            "data": {"image": "a.png"},
            "annotations": [{"result": [{"id": "r", "value": rect}, {"id": "c", "value": {"choices": ["cat"]}}]}],
            "predictions": [{"score": 0.9, "result": [{"id": "r", "value": rect}]}],
        }],
        "via": {"a": {"filename": "a.png", "file_attributes": {"kind": "cat"},
                      "regions": [{**via, "region_attributes": {"kind": "cat"}}]}},
        "fiftyone": {"samples": [{
            "filepath": "a.png", "kind": {"_cls": "Classification", "label": "cat"}, "truth": detection,
            "guess": {**detection, "confidence": 0.9},
        }]},
    }  # fmt: skip
    if format == "coco-results":
        truth = {"images": [{"id": 1, "file_name": "a.png"}], "categories": [{"id": 1, "name": "cat"}]}
        as_json(folder / "truth.json", {**truth, "annotations": []})
    if format in found:
        return as_json(folder / "labels.json", found[format])
    box = "<name>cat</name><bndbox><xmin>9</xmin><ymin>7</ymin><xmax>48</xmax><ymax>36</ymax></bndbox>"
    thing = f"<object>{box}</object><object><confidence>0.9</confidence>{box}</object>"
    cvat = '<box label="cat" {} xtl="8" ytl="6" xbr="48" ybr="36"/>'
    shapes = f'{cvat.format("")}{cvat.format("source=" + json.dumps("auto"))}<tag label="cat"/>'
    texts = {
        "voc": ("a.xml", f"<annotation><filename>a.png</filename>{thing}</annotation>"),
        "cvat": ("annotations.xml", f'<annotations><image name="a.png">{shapes}</image></annotations>'),
        "label-table": ("t.csv", "path,label,x1,y1,x2,y2,score\na.png,cat,,,,,\na.png,cat,8,6,48,36,\na.png,cat,8,6,48,36,0.9\n"),  # noqa: E501  (a file as it is)
    }  # fmt: skip
    if format in texts:
        return text(folder / texts[format][0], texts[format][1])
    text(folder / "labels/a.txt", "0 0.35 0.35 0.5 0.5\n0 0.35 0.35 0.5 0.5 0.9\n")
    text(folder / "classes.txt", "cat\n")
    return folder


def parts(photos) -> set[str]:
    """Which of the three is in a collection."""
    people = [box for said in labels(photos).values() for _, box in said]
    models = [box for said in labels(photos, "model").values() for _, box in said]
    there = {"whole pictures": None in people, "boxes": any(people), "predictions": any(models)}
    return {name for name, is_there in there.items() if is_there}


def test_the_table_lists_every_format():
    assert set(rows()) == {one.name for one in FORMATS}


@pytest.mark.parametrize("format", [one.name for one in FORMATS])
def test_what_is_said_to_be_read_is_read(photos, tmp_path, format):
    folder = tmp_path / "set"
    if format == "class-folders":
        picture(folder / "cat/a.png")
        photos.add(f"{format}:{folder}")
    else:
        picture(folder / "a.png")
        path = sample(format, folder)
        assert next(one.name for one in reversed(FORMATS) if one.accepts(path)) == format, "recognized"
        report = photos.add(path)
        assert not report.failed, report
    assert parts(photos) == {name for name in PARTS if "read" in rows()[format][name]}


@pytest.mark.parametrize("format", [one.name for one in FORMATS])
def test_what_is_said_to_be_written_is_written(photos, tmp_path, format):
    writers = re.findall(r"`(write_\w+)`", rows()[format]["written by"])
    written = {name for name in PARTS if "written" in rows()[format][name]}
    assert bool(writers) == bool(written)
    for writer in writers:
        photos.add(picture(tmp_path / "in/a.png"))
        (id,) = photos
        photos.annotate(id, concept="cat")
        photos.annotate(id, concept="cat", box=Box(0.1, 0.1, 0.6, 0.6))
        photos.annotations.put([Annotation("", id, "", Box(0.2, 0.2, 0.6, 0.6), "model:net@1", {"cat": 0.9})])
        path = tmp_path / {
            "label-table": "out.csv",
            "fiftyone": "out.json",
            "coco": "out.json",
            "coco-results": "results.json",
        }.get(format, "out")
        if format == "coco-results":
            toolkit_formats.write_coco(photos, tmp_path / "truth.json")
        source = {"class-folders": "human", "coco-results": "model"}.get(format)
        getattr(toolkit_formats, writer)(photos, path, source=source)
        for one in list(photos):
            photos.delete(one)
        photos.add(Labels(format, path, images=None if format == "class-folders" else tmp_path / "in"))
        assert parts(photos) == written


def test_the_first_block_runs(photos, tmp_path, monkeypatch):

    monkeypatch.chdir(tmp_path)
    picture(Path("animals/dog/a.png"), seed=1)
    picture(Path("boxes/a.png"))
    sample("coco", Path("boxes")).rename("boxes/instances.json")
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    names = {"photos": photos}
    exec(block, names)
    assert str(names["report"].labels) == "labels: 3 read, 3 written"
    assert (Path("dogs.json").exists(), Path("everything.csv").exists()) == (True, True)
