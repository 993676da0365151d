"""Terms for looking after a collection: duplicates, wrong labels, outliers, and what a model is unsure of."""

from collections.abc import Sequence

from toolkit.plugins import Ranker, hookimpl

from .duplicate import Duplicate
from .mislabeled import Mislabeled
from .outlier import Outlier
from .uncertain import Uncertain

__all__ = ["Duplicate", "Mislabeled", "Outlier", "Uncertain"]


@hookimpl
def toolkit_rankers() -> Sequence[Ranker]:
    """The terms `duplicate`, `mislabeled`, `outlier` and `uncertain`."""
    return [Duplicate(), Mislabeled(), Outlier(), Uncertain()]
