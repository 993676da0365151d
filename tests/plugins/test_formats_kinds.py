"""Files of labeling tools as people have them: encodings, ids, paths and frames that other machines left in them."""

# ruff: noqa: E501  (label files as they are)

from __future__ import annotations

import base64
import json
import unicodedata

import pytest
from format_files import as_json, labels, picture, text
from PIL import Image
from toolkit_formats.boxes import numbers

from toolkit.errors import InputError

B = (0.1, 0.1, 0.6, 0.6)


def label_studio_several_annotators(d):
    picture(d / "a.png")

    def rect(name):
        return {
            "type": "rectanglelabels",
            "original_width": 80,
            "original_height": 60,
            "from_name": "l",
            "to_name": "i",
            "id": name,
            "value": {"x": 10, "y": 10, "width": 50, "height": 50, "rotation": 0, "rectanglelabels": [name]},
        }

    return as_json(
        d / "export.json",
        [
            {
                "id": 1,
                "data": {"image": "/data/upload/3/1a2b3c4d-a.png"},
                "annotations": [
                    {
                        "completed_by": {"id": 1, "email": "ann@uni.example"},
                        "was_cancelled": False,
                        "result": [rect("cat")],
                    },
                    {"completed_by": 2, "result": [rect("dog")]},
                    {"completed_by": 3, "was_cancelled": True, "result": [rect("cow")]},
                ],
                "predictions": [],
            }
        ],
    )


def label_studio_local_files_percent(d):
    picture(d / "sub dir/ä b.png")
    return as_json(
        d / "export.json",
        [
            {
                "id": 1,
                "data": {"image": "/data/local-files/?d=sub%20dir/%C3%A4%20b.png"},
                "annotations": [
                    {"completed_by": 1, "result": [{"type": "choices", "value": {"choices": ["cat"]}}]}
                ],
            }
        ],
    )


def cvat_rotated(d):
    picture(d / "sub/a.png")
    return text(
        d / "annotations.xml",
        '<?xml version="1.0"?><annotations><version>1.1</version><image id="0" name="sub\\a.png" width="80" height="60"><box label="cat" rotation="90.00" xtl="20" ytl="10" xbr="60" ybr="30" occluded="0"/><polygon label="dog" points="8.0,6.0;48,6;48,36"/><points label="p" points="1,1"/></image></annotations>',
    )


def cvat_tracks(d):
    picture(d / "frame_000000.png")
    return text(
        d / "annotations.xml",
        '<annotations><version>1.1</version><meta/><track id="0" label="cat"><box frame="0" outside="0" xtl="8" ytl="6" xbr="48" ybr="36"/><box frame="1" outside="1" xtl="8" ytl="6" xbr="48" ybr="36"/></track></annotations>',
    )


def labelme_base64(d):
    p = picture(d / "x.png")
    b = base64.b64encode(p.read_bytes()).decode()
    p.unlink()
    return as_json(
        d / "a.json",
        {
            "version": "5",
            "flags": {},
            "shapes": [
                {"label": "cat", "points": [[8, 6], [48, 36]], "shape_type": "rectangle"},
                {"label": "dog", "points": [[28, 21], [38, 21]], "shape_type": "circle"},
            ],
            "imagePath": "..\\gone\\a.png",
            "imageData": b,
            "imageHeight": 60,
            "imageWidth": 80,
        },
    )


def yolo_windows(d):
    picture(d / "images/train/a.png")
    text(d / "labels/train/a.txt", "0 0.35 0.35 0.5 0.5 \r\n\r\n1\t0.35 0.35 0.5 0.5\r\n")
    text(
        d / "data.yaml",
        "\ufefftrain: images\\train\r\nval: images\\train\r\nnc: 2\r\nnames: ['cat', 'dog']\r\n",
    )
    return d


def yolo_windows_list(d):
    picture(d / "images/a.png")
    text(d / "labels/a.txt", "0 0.35 0.35 0.5 0.5\r\n")
    text(d / "train.txt", "C:\\data\\images\\a.png\r\n")
    text(d / "data.yaml", "path: C:\\data\r\ntrain: train.txt\r\nnames:\r\n  0: cat\r\n")
    return d / "data.yaml"


def coco_string_ids(d):
    picture(d / "a.png")
    return as_json(
        d / "c.json",
        {
            "images": [{"id": "007", "file_name": "a.png"}],
            "categories": [{"id": "3", "name": "cat"}, {"id": 4, "name": "dog"}],
            "annotations": [
                {"id": "x", "image_id": 7, "category_id": 3, "bbox": ["8", "6", "40", "30"]},
                {"image_id": "7", "category_id": "4", "bbox": [8.0, 6, 40, 30]},
            ],
        },
    )


def nfd_csv(d):
    picture(d / unicodedata.normalize("NFC", "Käfer é.png"))
    return text(
        d / "t.csv",
        "path,label\n"
        + unicodedata.normalize("NFD", "Käfer é.png")
        + ","
        + unicodedata.normalize("NFD", "Käfer")
        + "\n",
    )


def nfc_coco_on_nfd_disk(d):
    picture(d / unicodedata.normalize("NFD", "Käfer é.png"))
    return as_json(
        d / "c.json",
        {
            "images": [{"id": 1, "file_name": "Käfer é.png"}],
            "categories": [{"id": 1, "name": "cat"}],
            "annotations": [{"image_id": 1, "category_id": 1, "bbox": [8, 6, 40, 30]}],
        },
    )


def polygon_on_turned(d):
    e = Image.Exif()
    e[0x112] = 6
    picture(d / "a.jpg", size=(80, 60), exif=e)
    return as_json(
        d / "c.json",
        {
            "images": [{"id": 1, "file_name": "a.jpg", "width": 80, "height": 60}],
            "categories": [{"id": 1, "name": "cat"}],
            "annotations": [
                {"image_id": 1, "category_id": 1, "segmentation": [[0, 0, 20, 0, 20, 15, 0, 15]]}
            ],
        },
    )


def labelme_polygon_turned_8(d):
    e = Image.Exif()
    e[0x112] = 8
    picture(d / "a.jpg", size=(80, 60), exif=e)
    return as_json(
        d / "a.json",
        {
            "shapes": [{"label": "cat", "points": [[0, 0], [20, 0], [20, 15]], "shape_type": "polygon"}],
            "imagePath": "a.jpg",
            "imageHeight": 60,
            "imageWidth": 80,
        },
    )


def voc_float_swapped_part(d):
    picture(d / "a.png")
    return text(
        d / "a.xml",
        "<annotation><filename>a.PNG</filename><size><width>80</width><height>60</height></size><object><name>person</name><bndbox><xmin>48.0</xmin><ymin>6.6</ymin><xmax>9.0</xmax><ymax>36.0</ymax></bndbox><part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>5</xmax><ymax>5</ymax></bndbox></part></object></annotation>",
    )


def excel_sep_and_decimal_comma(d):
    picture(d / "a.png")
    return text(
        d / "t.csv",
        "sep=;\r\nDatei;path;label;xmin;ymin;xmax;ymax\r\n1;a.png;cat;8,0;6,0;48,0;36,0\r\n",
        "utf-8-sig",
    )


def utf_16_tsv(d):
    picture(d / "a.png")
    return text(d / "t.tsv", "path\tlabel\r\na.png\tcat\r\n", "utf-16")


def cp1252_csv(d):
    picture(d / "Käfer.png")
    return text(d / "t.csv", "path;label\r\nKäfer.png;Käfer\r\n", "cp1252")


def coco_captions(d):
    picture(d / "a.png")
    return as_json(
        d / "captions.json",
        {
            "images": [{"id": 1, "file_name": "a.png"}],
            "annotations": [{"id": 1, "image_id": 1, "caption": "a cat"}],
        },
    )


def coco_keypoints_only(d):
    picture(d / "a.png")
    return as_json(
        d / "kp.json",
        {
            "images": [{"id": 1, "file_name": "a.png"}],
            "categories": [{"id": 1, "name": "person"}],
            "annotations": [
                {
                    "id": 1,
                    "image_id": 1,
                    "category_id": 1,
                    "keypoints": [8, 6, 2, 48, 36, 2, 0, 0, 0],
                    "num_keypoints": 2,
                }
            ],
        },
    )


def class_folders_junk(d):
    picture(d / "cat/a.png")
    text(d / "cat/.DS_Store", "x")
    text(d / "cat/Thumbs.db", "x")
    picture(d / "__MACOSX/cat/._a.png")
    text(d / "__MACOSX/cat/._b.png", "x")
    return f"class-folders:{d}"


def via_csv(d):
    picture(d / "a.png")
    return text(
        d / "via_export_csv.csv",
        'filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\na.png,100,"{}",1,0,"{""name"":""rect"",""x"":8,""y"":6,""width"":40,""height"":30}","{""kind"":""cat""}"\n',
    )


def openimages(d):
    picture(d / "000a.jpg")
    return text(
        d / "validation-annotations-bbox.csv",
        "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded\n000a,xclick,/m/01yrx,1,0.1,0.6,0.1,0.6,0\n",
    )


def tf_csv(d):
    picture(d / "a.png")
    return text(
        d / "train_labels.csv", "filename,width,height,class,xmin,ymin,xmax,ymax\na.png,80,60,cat,8,6,48,36\n"
    )


def retinanet_no_header(d):
    picture(d / "a.png")
    picture(d / "b.png", seed=2)
    return text(d / "annotations.csv", "a.png,8,6,48,36,cat\nb.png,,,,,\n")


def createml(d):
    picture(d / "a.png")
    return as_json(
        d / "_annotations.createml.json",
        [
            {
                "image": "a.png",
                "annotations": [
                    {"label": "cat", "coordinates": {"x": 28, "y": 21, "width": 40, "height": 30}}
                ],
            }
        ],
    )


def fiftyone_mixed(d):
    picture(d / "data/a.png")
    return as_json(
        d / "samples.json",
        {
            "samples": [
                {
                    "filepath": "data/a.png",
                    "g": {
                        "_cls": "Detections",
                        "detections": [
                            {"_cls": "Detection", "label": "cat", "bounding_box": [0.1, 0.1, 0.5, 0.5]},
                            None,
                        ],
                    },
                    "k": {
                        "_cls": "Keypoints",
                        "keypoints": [{"_cls": "Keypoint", "label": "nose", "points": [[0.1, 0.1]]}],
                    },
                    "r": {"_cls": "Regression", "value": 3.0},
                    "c": {
                        "_cls": "Classifications",
                        "classifications": [{"_cls": "Classification", "label": "dog"}],
                    },
                }
            ]
        },
    )


def yolo_dup_neg_empty(d):
    picture(d / "images/a.png")
    picture(d / "images/b.png", seed=3)
    text(d / "labels/a.txt", "0 0.35 0.35 0.5 0.5\n0 0.35 0.35 0.5 0.5\n-1 0.3 0.3 0.1 0.1\n")
    text(d / "labels/b.txt", "")
    text(d / "classes.txt", "cat\r\n")
    return d


def yolo_obb(d):
    picture(d / "images/a.png")
    text(d / "labels/a.txt", "0 0.1 0.1 0.6 0.1 0.6 0.6 0.1 0.6\n")
    text(d / "data.yaml", "path: ../datasets/x\ntrain: images\nval: images\nnames: {0: cat}\n")
    return d


def hf_imagefolder_metadata(d):
    picture(d / "a.png")
    return text(
        d / "metadata.jsonl",
        json.dumps({"file_name": "a.png", "objects": {"bbox": [[8, 6, 40, 30]], "categories": ["cat"]}})
        + "\n",
    )


READ = {
    label_studio_several_annotators: {"a.png": [("cat", B), ("dog", B)]},
    label_studio_local_files_percent: {"ä b.png": [("cat", None)]},
    cvat_rotated: {"a.png": [("cat", (0.375, 0.0, 0.625, 0.667)), ("dog", B)]},
    yolo_windows: {"a.png": [("cat", B), ("dog", B)]},
    yolo_windows_list: {"a.png": [("cat", B)]},
    coco_string_ids: {"a.png": [("cat", B), ("dog", B)]},
    nfd_csv: {"Käfer é.png": [("Käfer", None)]},
    nfc_coco_on_nfd_disk: {unicodedata.normalize("NFD", "Käfer é.png"): [("cat", B)]},
    polygon_on_turned: {"a.jpg": [("cat", (0.75, 0.0, 1.0, 0.25))]},
    labelme_polygon_turned_8: {"a.jpg": [("cat", (0.0, 0.75, 0.25, 1.0))]},
    voc_float_swapped_part: {"a.png": [("person", (0.1, 0.093, 0.6, 0.6))]},
    excel_sep_and_decimal_comma: {"a.png": [("cat", B)]},
    utf_16_tsv: {"a.png": [("cat", None)]},
    class_folders_junk: {"a.png": [("cat", None)]},
    via_csv: {"a.png": [("cat", B)]},
    tf_csv: {"a.png": [("cat", B)]},
    fiftyone_mixed: {"a.png": [("cat", B), ("dog", None)]},
    yolo_dup_neg_empty: {"a.png": [("cat", B)], "b.png": []},
    yolo_obb: {"a.png": [("cat", B)]},
    hf_imagefolder_metadata: {"a.png": [("cat", B)]},
}


@pytest.mark.parametrize("make", READ, ids=lambda make: make.__name__)
def test_what_it_says_comes_in(photos, tmp_path, make):
    report = photos.add(make(tmp_path))
    assert labels(photos) == READ[make]
    counts = report.labels
    assert counts.read == counts.written + counts.unchanged + sum(counts.dropped.values())


def test_a_picture_inside_its_label_file_is_added_where_the_file_is_gone(photos, tmp_path):
    photos.add(labelme_base64(tmp_path))
    (said,) = labels(photos).values()
    assert said == [("cat", B), ("dog", (0.225, 0.183, 0.475, 0.517))]
    assert photos.image(next(iter(photos))).size == (80, 60)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (cp1252_csv, "not UTF-8 text"),
        (retinanet_no_header, "the header is missing"),
        (createml, "neither a picture nor labels in a known format"),
        (coco_captions, "annotation 1: category None is not there"),
        (cvat_tracks, "track"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_what_cannot_be_read_is_said(photos, tmp_path, make, reason):
    try:
        said = str(photos.add(make(tmp_path)))
    except InputError as error:
        said = str(error)
    assert reason in said
    assert not photos.annotations


def test_a_score_makes_it_a_models_and_corners_below_one_are_fractions(photos, tmp_path):
    photos.add(openimages(tmp_path))
    assert labels(photos, "model") == {"000a.jpg": [("/m/01yrx", B)]}


@pytest.mark.parametrize(
    ("written", "number"), [("8,5", 8.5), ("0,125", 0.125), ("-1,25", -1.25), ("12,3456", 12.3456)]
)
def test_decimal_commas_are_read(written, number):
    assert numbers([written], 1) == [number]


@pytest.mark.parametrize("written", ["1,234", "123,456", "1,2,3"])
def test_what_may_be_thousands_is_no_number(written):
    with pytest.raises(ValueError, match="is no number"):
        numbers([written], 1)


def test_a_cell_of_via_that_is_not_json_drops_that_region(photos, tmp_path):
    path = via_csv(tmp_path)
    path.write_text(path.read_text() + 'a.png,100,x,2,1,"{broken","{}"\n')
    report = photos.add(path)
    assert labels(photos) == {"a.png": [("cat", B)]}
    assert "region 1" in str(report)
