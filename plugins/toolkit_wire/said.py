"""What one source says of one row, added to, put in place of, or taken back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

from toolkit.types import Box

from . import collection_access as access
from .calls import Call

__all__ = ["say"]


def say(
    input: str, box: Box | None, concepts: Mapping[str, float], *, source: str, action: str, call: Call
) -> None:
    """Change the latest annotation of a source on a row; there is one after, if there was none.

    Parameters
    ----------
    action : {"merge", "overwrite", "remove"}
        As in the API's patches.
    """
    mine = [
        one
        for one in access.annotation_page(call.photos, access.Page(0, 1000), inputs=[input], sources=[source])
        if one.box == box
    ]
    before = dict(mine[-1].concepts) if mine else {}
    match action:
        case "merge":
            after = before | dict(concepts)
        case "overwrite":
            after = dict(concepts)
        case _:
            after = {concept: value for concept, value in before.items() if concept not in concepts}
    access.add_annotation(
        call.photos,
        input,
        id=mine[-1].id if mine else uuid4().hex,
        source=source,
        box=box,
        concepts=after,
        status=None,
        info=None,
    )
