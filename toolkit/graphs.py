"""Brings what lies above a collection's concepts into its store, from whatever plugin knows it."""

from __future__ import annotations

from collections.abc import Sequence

from .blamed import blamed
from .interfaces import ConceptGraph
from .resources import Resources

__all__ = ["link"]


def link(concepts: Sequence[str], resources: Resources) -> int:
    """How many concepts the collection has more, now that it stores what lies above some of its own.

    Names in every language that the graph knows come with them.
    """
    before = resources.store.counts()["concepts"]
    for graph in resources.registry.translators.values():
        if isinstance(graph, ConceptGraph):
            with blamed(f"concept graph {graph.name!r}", "above() returns concepts"):
                found = list(graph.above(concepts))
            with resources.store.write() as batch:
                batch.add_concepts(found)
    return resources.store.counts()["concepts"] - before
