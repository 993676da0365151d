"""Plain words rank pictures: the term `text`, over any space with a text side, or over what a concept model says.

Importing this reads no weights; the first query does.
"""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.plugins import Ranker, hookimpl

from .ranker import TextRanker

__all__ = ["TextRanker", "toolkit_rankers"]


@hookimpl
def toolkit_rankers() -> Sequence[Ranker]:
    """The `text` term."""
    return [TextRanker()]
