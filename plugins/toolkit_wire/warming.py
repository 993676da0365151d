"""Loading what the first requests need before they come."""

from __future__ import annotations

import logging

import numpy as np

from toolkit import Collection
from toolkit import open as open_collection
from toolkit.plugins import Record, ToolkitError, encode_png, from_array

from .make_term import make_term

__all__ = ["warm"]

log = logging.getLogger("toolkit.wire")

_SIDE = 64  # pixels of the picture that every model looks at once


def warm(photos: Collection) -> None:
    """Load the models of a collection, its newest snapshot and its similarity index.

    A picture is indexed in a collection of its own, in memory, so that nothing of what the first one needs is left
    out. A model that cannot be loaded is logged; whoever asks for it is answered why.
    """
    gray = encode_png(from_array(np.full((_SIDE, _SIDE, 3), 128, np.uint8)))
    try:
        with open_collection(
            workflow=photos.workflow, settings=photos.settings, registry=photos.registry
        ) as scratch:
            scratch.inputs.add([Record(gray)])
    except ToolkitError:
        log.exception("not every model was loaded")
    if first := next(iter(photos), None):
        try:
            photos.search(make_term("input", first), limit=1)
        except ToolkitError:
            log.exception("no search by an input is possible yet")
