"""Link a collection's concepts to a concept graph: what lies above them, and which concept a bare name is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain

from ..errors import UnavailableError
from ..plugins.contract_errors import contract_errors
from ..plugins.interfaces import ConceptGraph, Dictionary, SenseInventory
from ..plugins.registry import Registry
from ..store import AnnotationStore, Batch
from ..values.types import Concept
from .stored_names import StoredConceptLookup
from .vocabularies import vocabularies

__all__ = [
    "EDITION",
    "Linked",
    "edition",
    "link",
    "link_all",
    "link_labels",
    "must_be_linked",
    "new_labels_linked",
]

LINKS = "linked concepts"  # property: the synonym that was found for each concept
EDITION = "linked edition"  # property: what the graphs knew when all was linked; none if models came since
LANGUAGE = "en"  # of the names of classes


@dataclass(slots=True)
class Linked:
    """What linking did.

    Parameters
    ----------
    new : int
        How many concepts are new.
    notes : list of str
        Which graph could not be asked.
    """

    new: int = 0
    notes: list[str] = field(default_factory=list)


def link_all(store: AnnotationStore, registry: Registry) -> Linked:
    """Link the concepts of all models and labels: to be done when models brought some, or `edition` has changed.

    Parameters
    ----------
    store : AnnotationStore
        The collection's store.
    registry : Registry
        The plugins, among them translators with a concept graph.
    """
    declared = {concept for one in vocabularies(store).values() for concept in one.concepts}
    done = link(sorted(declared), store, registry)
    link_labels(store.concepts.annotated() - declared, store, registry)
    return done


def must_be_linked(batch: Batch) -> None:
    """Record, in the transaction that brings concepts of models, that they are still to be linked."""
    batch.properties.set(EDITION, None)


def link(concepts: Iterable[str], store: AnnotationStore, registry: Registry) -> Linked:
    """Store what graphs know of some concepts: hypernyms, names in every language, and what a bare name is.

    A concept with neither relations nor a definition, such as a detector's class ``dog``, becomes a synonym of the
    concept that its English name means. Of several senses that is the first of which the collection has anything else,
    else the usual one. What a person has taken back is not linked again; what was linked by itself is, when more is
    known.

    Parameters
    ----------
    concepts : iterable of str
        Ids of concepts.
    store : AnnotationStore
        The collection's store.
    registry : Registry
        The plugins, among them translators with a concept graph.
    """
    done = Linked()
    before = store.counts()["concepts"]
    concepts = list(dict.fromkeys(concepts))
    _store_above(concepts, store, registry, done)
    links = _links(store)
    bare = _bare(concepts, links, store)
    chosen = _senses(bare, store, registry, done)
    _store_above(sorted(set(chosen.values())), store, registry, done)
    _relate(chosen, links, store)
    if not done.notes:  # else all is asked again the next time
        with store.write() as batch:
            batch.properties.set(EDITION, edition(registry))
    done.new = store.counts()["concepts"] - before
    return done


@contextmanager
def new_labels_linked(labels: Iterable[str], store: AnnotationStore, registry: Registry) -> Iterator[None]:
    """Link those of some labels that the collection does not have yet, once they are written inside.

    Parameters
    ----------
    labels : iterable of str
        Ids of concepts, as people label.
    store : AnnotationStore
        The collection's store.
    registry : Registry
        The plugins, among them translators with a concept graph.
    """
    labels = set(labels)
    new = labels - store.concepts.known(labels)
    yield
    if new:
        link_labels(new, store, registry)


def link_labels(concepts: Iterable[str], store: AnnotationStore, registry: Registry) -> None:
    """Make concepts that people label with synonyms of what their names mean, if the collection has that already.

    A label alone brings no new concepts: a collection of a hundred labels would drown in what lies above them.

    Parameters
    ----------
    concepts : iterable of str
        Ids of concepts.
    store : AnnotationStore
        The collection's store.
    registry : Registry
        The plugins, among them sense inventories.
    """
    links = _links(store)
    bare = [one for one in _bare(list(concepts), links, store) if one.id not in links]
    if bare:
        chosen = _senses(bare, store, registry, Linked(), only_stored=True)
        _relate(chosen, links, store)


def _store_above(concepts: Sequence[str], store: AnnotationStore, registry: Registry, done: Linked) -> None:
    """Store concepts and all above them, with their names."""
    for graph in registry.translators.values():
        if isinstance(graph, ConceptGraph) and concepts:
            try:
                with contract_errors(f"concept graph {graph.name!r}", "above() returns concepts"):
                    found = list(graph.above(concepts))
            except UnavailableError as error:
                _note(error, done)
                continue
            with store.write() as batch:
                batch.concepts.add(found)


def _bare(concepts: Sequence[str], links: Mapping[str, str], store: AnnotationStore) -> list[Concept]:
    """The concepts that have nothing but a name, or were linked by it."""
    known = store.concepts.by_id(sorted(store.concepts.known([*concepts, *links])))
    return [one for one in known if not one.definition and _is_bare(one, links.get(one.id))]


def _is_bare(concept: Concept, link: str | None) -> bool:
    if link is not None:  # linked before, and nothing else was said since
        return dict(concept.relations) == {"synonym": (link,)}
    return not concept.relations


def _senses(
    bare: Sequence[Concept],
    store: AnnotationStore,
    registry: Registry,
    done: Linked,
    *,
    only_stored: bool = False,
) -> dict[str, str]:
    """The concept that each bare one is, of those that any inventory lists."""
    words = {one.id: _word(one) for one in bare}
    listed = _listed(list(dict.fromkeys(words.values())), registry, done)
    names = StoredConceptLookup(store)
    every = {one for senses in listed.values() for one in senses}
    known = store.concepts.known(every) | (set() if only_stored else _defined(every, registry))
    chosen = {}
    for id, word in words.items():
        senses = [one for one in listed.get(word, ()) if one != id and one in known]
        here = [one for one in senses if _others_in_use(one, id, names)]
        if senses:
            chosen[id] = (here or senses)[0]
    return chosen


def _defined(concepts: Iterable[str], registry: Registry) -> set[str]:
    """Those of some concepts that a dictionary has."""
    asked, found = sorted(concepts), set()
    for dictionary in registry.translators.values():
        if isinstance(dictionary, Dictionary):
            with (
                contract_errors(f"dictionary {dictionary.name!r}", "define() returns concepts"),
                suppress(UnavailableError),
            ):
                found |= {one.id for one in dictionary.define(asked)}
    return found


def _listed(words: Sequence[str], registry: Registry, done: Linked) -> dict[str, Sequence[str]]:
    """The senses of each word, in the order of the inventory that knows most of them, then those of others."""
    answers = [
        _asked(inventory, words, done)
        for inventory in registry.translators.values()
        if isinstance(inventory, SenseInventory) and words
    ]
    by_word = {word: sorted((one.get(word, ()) for one in answers), key=len, reverse=True) for word in words}
    return {word: list(dict.fromkeys(chain.from_iterable(by_word[word]))) for word in words}


def _asked(inventory: SenseInventory, words: Sequence[str], done: Linked) -> Mapping[str, Sequence[str]]:
    try:
        with contract_errors(f"translator {inventory.name!r}", "senses() returns concept ids"):
            return inventory.senses(words, language=LANGUAGE)
    except UnavailableError as error:
        _note(error, done)
        return {}


def _word(concept: Concept) -> str:
    name = next(iter(concept.names.get(LANGUAGE, ())), concept.id)
    return name.replace("_", " ")


def _others_in_use(sense: str, concept: str, names: StoredConceptLookup) -> bool:
    """Whether a model or an annotation has a sense, or a kind of it, besides the concept itself."""
    return bool(names.in_use.intersection(names.below(sense)) - {concept})


def _relate(chosen: Mapping[str, str], links: Mapping[str, str], store: AnnotationStore) -> None:
    """Store the links; one that is another now replaces what it was."""
    there = store.concepts.known(chosen.values())
    new = {id: one for id, one in chosen.items() if one in there and links.get(id) != one}
    if not new:
        return
    with store.write() as batch:
        for id, sense in new.items():
            if id in links:
                batch.concepts.unrelate(id, "synonym", links[id])
            batch.concepts.relate(id, "synonym", sense)
        batch.properties.set(LINKS, {**links, **new})


def _links(store: AnnotationStore) -> dict[str, str]:
    stored = store.properties.get(LINKS)
    return {id: str(one) for id, one in stored.items()} if isinstance(stored, dict) else {}


def edition(registry: Registry) -> str:
    """A text that changes when one of the graphs knows more."""
    known = []
    for name, one in registry.translators.items():
        if its := getattr(one, "edition", ""):
            known.append(f"{name}={its}")
    return " ".join(sorted(known))


def _note(error: UnavailableError, done: Linked) -> None:
    done.notes[:] = dict.fromkeys([*done.notes, f"without what it knows of concepts: {error}"])
