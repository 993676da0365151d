"""Getting pictures in, and computing what they lack: from sources to committed rows."""

from .add import add_from, index
from .recording import predictions
from .reducing import reduce, require_reducible
from .region_concepts import classify_regions, unclassified
from .regions import NewRegions, embed_new_regions
from .report import Failure, Report
from .sure_detections import counting, sure_detections
from .workflow import extend_workflow, shorten_workflow

__all__ = [
    "Failure",
    "NewRegions",
    "Report",
    "add_from",
    "classify_regions",
    "counting",
    "embed_new_regions",
    "extend_workflow",
    "index",
    "predictions",
    "reduce",
    "require_reducible",
    "shorten_workflow",
    "sure_detections",
    "unclassified",
]
