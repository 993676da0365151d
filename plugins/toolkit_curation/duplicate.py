"""The `duplicate` term."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from toolkit.plugins import (
    Advice,
    Arguments,
    Context,
    DuplicateEvidence,
    FloatArray,
    NotIndexedError,
    Parameter,
    Remedy,
    Snapshot,
    duplicates_of,
)

__all__ = ["Duplicate"]

PIXELS = "pixels"
UNLIKELY = 0.01


class Duplicate:
    """Finds the near-duplicates of an input: the same file, or one that was edited.

    A score is the chance that a picture is one. The input itself scores 1, as does whatever has the same file.
    """

    name = "duplicate"
    is_filter = False
    help = "Near-duplicates of a stored input, and copies of its file."
    parameters: Sequence[Parameter] = (
        Parameter("id", "input", "The input's id."),
        Parameter("space", "space", "The embedder to compare by, beside pixels; the first by default.", None),
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """Chances float32 (r,) for whole pictures; NaN for regions, and where there is next to none."""
        id = cast("str", term["id"])
        whole, input = snapshot.rows.whole_of_input, context.input_row(id)
        scores = np.full(len(snapshot.rows), np.nan, np.float32)
        spaces = _spaces(cast("str | None", term["space"]), context)
        positions = np.stack([snapshot.spaces[name].position(whole) for name in spaces])
        compared = np.flatnonzero((positions >= 0).all(axis=0))
        if input in compared:
            evidence = [
                DuplicateEvidence.of(name, snapshot.spaces[name].vectors[at], is_pixels=_is_pixels(name))
                for name, at in zip(spaces, positions[:, compared], strict=True)
            ]
            found, chances = duplicates_of(evidence, int(np.searchsorted(compared, input)))
            likely = chances >= UNLIKELY
            scores[whole[compared[found[likely]]]] = chances[likely]
        else:
            context.note(f"input {id!r} has no embedding, so only copies of its file are found")
        scores[whole[[input, *context.copies(id)]]] = 1
        return scores


def _spaces(name: str | None, context: Context) -> list[str]:
    spaces = [context.space(name)]
    try:
        spaces.append(context.space(PIXELS))
    except NotIndexedError:
        index = Remedy("photos.index(embedder='pixels')", "toolkit index COLLECTION --embedder pixels")
        context.note(Advice("surer with pixels beside the embedding: ", index))
    return list(dict.fromkeys(spaces))


def _is_pixels(space: str) -> bool:
    return space.partition("@")[0] == PIXELS
