"""Filters: they restrict which rows may be hits, and weigh nothing."""

from collections.abc import Sequence

from toolkit.plugins import Ranker, hookimpl

from .label import Label
from .only import Only
from .updated import Updated
from .where import Where

__all__ = ["Label", "Only", "Updated", "Where"]


@hookimpl
def toolkit_rankers() -> Sequence[Ranker]:
    """The terms `label`, `where`, `only` and `updated`."""
    return [Label(), Where(), Only(), Updated()]
