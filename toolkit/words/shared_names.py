"""A concept in use that shares a name with one that is not, and lies beside it: the cock for the rooster."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..errors import UnavailableError
from ..plugins.interfaces import ConceptGraph, Translator
from ..store import AnnotationStore
from ..values.types import Concept
from .stored_names import StoredConceptLookup
from .titles import full_title

__all__ = ["SharedName", "sharing_a_name"]


@dataclass(frozen=True, slots=True)
class SharedName:
    """A concept that stands in for another.

    Parameters
    ----------
    concept : str
        Its id.
    reason : str
        Why it does.
    """

    concept: str
    reason: str


def sharing_a_name(
    senses: Iterable[str],
    names: StoredConceptLookup,
    store: AnnotationStore,
    translators: Iterable[Translator],
) -> SharedName | None:
    """The first concept in use that has an English name of one of the senses and lies right below what is above it.

    WordNet has "cock, rooster" among the chickens and ImageNet's "cock" among the birds: one thing, split by a
    dictionary. The cock of a gun shares the name as well, but lies below nothing that the rooster does.

    Parameters
    ----------
    senses : iterable of str
        Ids of concepts of which no model or annotation has anything.
    names : StoredConceptLookup
        The names and relations of the collection.
    store : AnnotationStore
        The collection's store.
    translators : iterable of Translator
        Some of them with a concept graph, for concepts that the collection does not store.
    """
    graphs = [one for one in translators if isinstance(one, ConceptGraph)]
    for sense in senses:
        known, above = _placed(sense, names, store, graphs)
        for name in known.names.get("en", ()):
            for meaning in names.lookup(name, language="en"):
                [found] = store.concepts.by_id([meaning.concept])
                parents = set(found.relations.get("hypernym", ()))
                if parents & above and names.count_in_use(found.id):
                    other = full_title(known, "en")
                    reason = f"which shares the name {name!r} with {other}, of which nothing is here"
                    return SharedName(found.id, reason)
    return None


def _placed(
    concept: str, names: StoredConceptLookup, store: AnnotationStore, graphs: Sequence[ConceptGraph]
) -> tuple[Concept, set[str]]:
    """A concept with its names, and the ids of all above it."""
    if names.concept(concept) and (above := names.above(concept)):
        return store.concepts.by_id([concept])[0], set(above)
    for graph in graphs:
        try:
            found = list(graph.above([concept]))
        except UnavailableError:
            continue
        if found:
            return found[0], {one.id for one in found[1:]}
    return Concept(concept), set()
