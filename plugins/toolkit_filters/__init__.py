"""Filters: they restrict which rows may be hits, and weigh nothing."""

from collections.abc import Sequence

from toolkit.plugins import Ranker, hookimpl

from .label import Label
from .lasso import Lasso
from .only import Only
from .updated import Updated
from .where import Where

__all__ = ["Label", "Lasso", "Only", "Updated", "Where"]


@hookimpl
def toolkit_rankers() -> Sequence[Ranker]:
    """The terms `label`, `where`, `only`, `lasso` and `updated`."""
    return [Label(), Where(), Only(), Lasso(), Updated()]
