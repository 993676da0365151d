"""Read-only arrays of one revision: what rankers see.

Nothing here reads the store; `catch_up.py` makes a snapshot and `cache.py` keeps one beside the store.
Indices are positions: an *input* index is in [0, n), a *row* index in [0, r). Both follow the order of
creation, and deleting an input moves those after it up: indices belong to one snapshot, ids are what is kept.
"""

from .columns import Column, ConceptColumns
from .later import Later
from .snapshot import Snapshot
from .space import Space
from .tables import AnnotationArrays, InputArrays, RowArrays
from .text_column import TextColumn

__all__ = [
    "AnnotationArrays",
    "Column",
    "ConceptColumns",
    "InputArrays",
    "Later",
    "RowArrays",
    "Snapshot",
    "Space",
    "TextColumn",
]
