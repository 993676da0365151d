"""Store the hypernyms of a collection's concepts, from plugins with a concept graph."""

from __future__ import annotations

from collections.abc import Sequence

from ..plugins.contract_errors import contract_errors
from ..plugins.interfaces import ConceptGraph
from ..plugins.registry import Registry
from ..store import AnnotationStore

__all__ = ["link_to_graph"]


def link_to_graph(concepts: Sequence[str], store: AnnotationStore, registry: Registry) -> int:
    """Store the hypernyms of some concepts; returns how many concepts are new.

    Names in every language that the graph knows come with them.

    Parameters
    ----------
    concepts : sequence of str
        Ids of concepts whose hypernyms are looked up.
    store : AnnotationStore
        The collection's store.
    registry : Registry
        The plugins, among them translators with a concept graph.
    """
    before = store.counts()["concepts"]
    for graph in registry.translators.values():
        if isinstance(graph, ConceptGraph):
            with contract_errors(f"concept graph {graph.name!r}", "above() returns concepts"):
                found = list(graph.above(concepts))
            with store.write() as batch:
                batch.concepts.add(found)
    return store.counts()["concepts"] - before
