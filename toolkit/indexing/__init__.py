"""Getting pictures in, and computing what they lack: from sources to committed rows."""

from .add import add, add_regions, extend_workflow, index
from .recording import predictions
from .report import Failure, Report

__all__ = ["Failure", "Report", "add", "add_regions", "extend_workflow", "index", "predictions"]
