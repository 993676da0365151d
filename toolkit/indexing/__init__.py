"""Getting pictures in, and computing what they lack: from sources to committed rows."""

from .add import add, index
from .recording import predictions
from .reducing import reduce, require_reducible
from .regions import NewRegions, cut
from .report import Failure, Report
from .workflow import extend_workflow, shorten_workflow

__all__ = [
    "Failure",
    "NewRegions",
    "Report",
    "add",
    "cut",
    "extend_workflow",
    "index",
    "predictions",
    "reduce",
    "require_reducible",
    "shorten_workflow",
]
