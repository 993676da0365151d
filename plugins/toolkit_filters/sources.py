"""The sources that a word stands for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from toolkit.plugins import Snapshot, UnknownNameError

__all__ = ["matching_sources"]

KINDS = ("human", "model")  # may be asked for although there is none yet


def matching_sources(wanted: str, snapshot: Snapshot) -> npt.NDArray[np.bool_]:
    """Bool (s,): the sources that a word stands for: ``human``, ``human:<user>``, ``model``, or a model's name.

    Parameters
    ----------
    wanted : str
        The word.
    snapshot : Snapshot
        Whose s sources are looked at.

    Raises
    ------
    UnknownNameError
        No source has that name.
    """
    taken = [snapshot.is_from(source, wanted) for source in range(len(snapshot.sources))]
    if not any(taken) and wanted not in KINDS:
        raise UnknownNameError("source", wanted, (*KINDS, *snapshot.sources))
    return np.asarray(taken, bool)
