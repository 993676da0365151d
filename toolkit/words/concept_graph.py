"""Brings what lies above a collection's concepts into its store, from whatever plugin knows it."""

from __future__ import annotations

from collections.abc import Sequence

from ..plugins.contract_errors import contract_errors
from ..plugins.interfaces import ConceptGraph
from ..plugins.registry import Registry
from ..store import AnnotationStore

__all__ = ["link_to_graph"]


def link_to_graph(concepts: Sequence[str], store: AnnotationStore, registry: Registry) -> int:
    """How many concepts the collection has more, now that it stores what lies above some of its own.

    Names in every language that the graph knows come with them.
    """
    before = store.counts()["concepts"]
    for graph in registry.translators.values():
        if isinstance(graph, ConceptGraph):
            with contract_errors(f"concept graph {graph.name!r}", "above() returns concepts"):
                found = list(graph.above(concepts))
            with store.write() as batch:
                batch.concepts.add(found)
    return store.counts()["concepts"] - before
