"""Filters: which rows may be hits at all. They restrict and weigh nothing."""

from collections.abc import Sequence

from toolkit.plugins import Ranker, hookimpl

from .label import Label
from .where import Where

__all__ = ["Label", "Where"]


@hookimpl
def toolkit_rankers() -> Sequence[Ranker]:
    """The `label` and `where` terms."""
    return [Label(), Where()]
