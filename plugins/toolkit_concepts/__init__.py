"""Concept terms: how confident the annotations of a collection are that a concept is there."""

from collections.abc import Sequence

from toolkit.plugins import Ranker, hookimpl

from .ranker import ConceptRanker

__all__ = ["ConceptRanker"]


@hookimpl
def toolkit_rankers() -> Sequence[Ranker]:
    """The `concept` term."""
    return [ConceptRanker()]
