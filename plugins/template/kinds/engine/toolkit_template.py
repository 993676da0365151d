"""The `template` engine: vectors by region key, compared by one matrix product."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from toolkit.plugins import (
    Capabilities,
    EngineFactory,
    EngineSite,
    FloatArray,
    IntArray,
    best_by_key,
    hookimpl,
)

__all__ = ["TemplateEngine"]


class TemplateEngine:
    """Holds the vectors of spaces; the toolkit feeds it with what is stored, and what it holds may be lost."""

    name = "template"
    capabilities = Capabilities(exact=True, deletes=True, within=True, scores=True)

    def __init__(self, site: EngineSite) -> None:
        # A lasting one keeps its files in site.folder, and says `persistent=True` above.
        self.held: dict[str, dict[int, FloatArray]] = {}
        self.revisions: dict[str, str] = {}

    def revision(self, space: str) -> str | None:
        """How far it was fed, as `apply` was given it last; None where it holds nothing."""
        return self.revisions.get(space)

    def apply(
        self, space: str, keys: IntArray, vectors: FloatArray, deleted: IntArray | None, revision: str
    ) -> None:
        """Take vectors in and others out; where `deleted` is None, everything that was held."""
        held = {} if deleted is None else dict(self.held[space])
        for key in () if deleted is None else deleted.tolist():
            held.pop(key, None)
        self.held[space] = held | dict(zip(keys.tolist(), vectors, strict=True))
        self.revisions[space] = revision

    def nearest(
        self, space: str, vectors: FloatArray, k: int, within: IntArray | None = None
    ) -> tuple[IntArray, FloatArray]:
        """Keys and cosines (b, k) of what is nearest, the best first; -1 and NaN where there is no more."""
        held = self.held[space]
        keys = np.array(
            [key for key in (held if within is None else within.tolist()) if key in held], np.int64
        )
        return best_by_key(keys, self.scores(space, vectors, keys), k)

    def scores(self, space: str, vectors: FloatArray, keys: IntArray) -> FloatArray:
        """Cosines float32 (b, p) of queries with what has these keys; NaN where a key is not held."""
        held = self.held[space]
        missing = np.full(vectors.shape[1], np.nan, np.float32)
        chosen = [held.get(key, missing) for key in keys.tolist()]
        of_keys = np.array(chosen, np.float32).reshape(-1, vectors.shape[1])
        scores: FloatArray = vectors @ of_keys.T
        return scores


@hookimpl
def toolkit_engines() -> Sequence[EngineFactory]:
    """Give the toolkit its engines."""
    return [TemplateEngine]
