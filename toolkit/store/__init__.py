"""The annotation store: everything known about a collection of images, in one database."""

from __future__ import annotations

from ..snapshot import Snapshot
from .concepts import ConceptName
from .embeddings import StoredSpace
from .inputs import KEEP
from .kept import StoredModel
from .new_input import AddedInput, NewInput
from .progress import SeenFile
from .regions import Region
from .snapshots import Snapshots
from .statements import NewAnnotation
from .store import AnnotationStore, Batch

__all__ = [
    "KEEP",
    "AddedInput",
    "AnnotationStore",
    "Batch",
    "ConceptName",
    "NewAnnotation",
    "NewInput",
    "Region",
    "SeenFile",
    "Snapshot",
    "Snapshots",
    "StoredModel",
    "StoredSpace",
]
