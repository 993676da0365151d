"""The formats labels come in: COCO, YOLO, Pascal VOC, CVAT, labelme, Label Studio, VIA, tables, FiftyOne and others.

from toolkit_formats import Labels, write_coco

photos.add(Labels("coco", "instances.json", images="photos"))
write_coco(photos, "out.json")
"""

from __future__ import annotations

from collections.abc import Sequence

from click import Command

from toolkit.plugins import Importer, hookimpl

from .class_folders import CLASS_FOLDERS
from .coco import COCO
from .coco_results import COCO_RESULTS, write_coco_results
from .coco_writing import write_coco
from .cvat import CVAT
from .export_command import command
from .fiftyone import FIFTYONE
from .folders_writing import write_class_folders, write_yolo
from .hub import HubImporter
from .hub_writing import to_dataset
from .importer import Labels
from .label_studio import LABEL_STUDIO
from .labeled import Labeled, labeled
from .labelme import LABELME
from .tables import TABLE, FrameImporter
from .tables_writing import to_frame, write_fiftyone, write_table
from .torch_writing import to_torch
from .unknown import UnknownLabels
from .via import VIA
from .voc import VOC
from .voc_writing import write_voc
from .yolo import YOLO

__all__ = [
    "FORMATS",
    "HubImporter",
    "Labeled",
    "Labels",
    "labeled",
    "to_dataset",
    "to_frame",
    "to_torch",
    "toolkit_commands",
    "toolkit_importers",
    "write_class_folders",
    "write_coco",
    "write_coco_results",
    "write_fiftyone",
    "write_table",
    "write_voc",
    "write_yolo",
]

# The last goes first where a folder holds labels of two formats.
FORMATS = (CLASS_FOLDERS, TABLE, LABEL_STUDIO, VIA, LABELME, FIFTYONE, VOC, YOLO, CVAT, COCO_RESULTS, COCO)


@hookimpl
def toolkit_importers() -> Sequence[Importer]:
    """An importer a format."""
    return [UnknownLabels(FORMATS), *FORMATS, FrameImporter(), HubImporter()]


@hookimpl
def toolkit_commands() -> Sequence[Command]:
    """``toolkit export``."""
    return [command]
