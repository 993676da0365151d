"""The annotation store: everything known about a collection of images, in one database."""

from __future__ import annotations

from ..snapshot import Snapshot
from .follower import Following
from .snapshots.snapshots import Snapshots
from .snapshots.weak_detections import without_weak_detections
from .store import AnnotationStore, Batch
from .verbs.concept_reader import ConceptName
from .verbs.files import SeenFile
from .verbs.input_writer import KEEP
from .verbs.models import StoredModel
from .verbs.new_input import AddedInput, NewInput
from .verbs.regions import Region
from .verbs.spaces import StoredSpace
from .verbs.statements import NewAnnotation

__all__ = [
    "KEEP",
    "AddedInput",
    "AnnotationStore",
    "Batch",
    "ConceptName",
    "Following",
    "NewAnnotation",
    "NewInput",
    "Region",
    "SeenFile",
    "Snapshot",
    "Snapshots",
    "StoredModel",
    "StoredSpace",
    "without_weak_detections",
]
