"""A word as an axis: how much every picture shows what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import NotIndexedError, UnknownNameError
from ..fusion.scores import collapse
from ..query import Term
from ..values.types import FloatArray

if TYPE_CHECKING:
    from ..snapshot import Snapshot
    from .interfaces import Context

__all__ = ["axis_values"]


def axis_values(word: str, snapshot: Snapshot, context: Context) -> FloatArray:
    """Values float32 (n,) of the inputs: the confidence of a concept named in any language, 0 where nothing says it.

    A word that is no concept here is compared as a text, if the collection can; then the values are cosines.

    Parameters
    ----------
    word : str
        As a person wrote it.
    snapshot : Snapshot
        A revision of the collection.
    context : Context
        Of a term.

    Raises
    ------
    UnknownNameError, NotIndexedError
        It is no concept, and no text can be compared.
    """
    try:
        values = context.rank(Term("concept", word))
    except (UnknownNameError, NotIndexedError):
        if context.text_space() is None:
            raise
        values = context.rank(Term("text", word))
    best, _ = collapse(values, snapshot.rows.input, len(snapshot.inputs))
    return np.nan_to_num(np.asarray(best, np.float32), nan=0.0)
