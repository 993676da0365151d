"""The error for a word of which a collection has nothing: how near the nearest is, and what to type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from shlex import quote

from ..errors import NotIndexedError, UnavailableError
from ..plugins.interfaces import ConceptGraph, Translator
from ..remedies import Remedy
from ..store import AnnotationStore
from ..values.types import Concept
from .stored_names import StoredConceptLookup
from .titles import full_title

__all__ = ["absent"]

MOST = 4  # senses, each with what is nearest to it


@dataclass(frozen=True, slots=True)
class _Nearest:
    """The nearest concept above a sense that can be ranked.

    Parameters
    ----------
    id : str
        Of the concept.
    steps : int
        How far above.
    """

    id: str
    steps: int


def absent(
    name: str,
    senses: Sequence[str],
    names: StoredConceptLookup,
    store: AnnotationStore,
    translators: Iterable[Translator],
    *,
    language: str,
    has_text: bool,
) -> NotIndexedError:
    """The error for a word that names concepts of which no model or annotation has anything.

    Parameters
    ----------
    name : str
        As a person wrote it.
    senses : sequence of str
        Ids of the concepts it may stand for, the likeliest first.
    names : StoredConceptLookup
        The names and relations of the collection.
    store : AnnotationStore
        The collection's store.
    translators : iterable of Translator
        Some of them with a concept graph, for concepts that the collection does not store.
    language : str
        A BCP 47 tag: in which a person reads.
    has_text : bool
        Whether a ranker takes plain words.
    """
    shown = list(dict.fromkeys(senses))[:MOST]
    known = _Known(store, list(translators))
    by_sense = [(one, _nearest(one, names, known)) for one in shown]
    near = dict.fromkeys(one.id for _, one in by_sense if one)
    lines = [f"{name!r}: no model or annotation here has {_listed(shown, known, language)}, or a kind of it."]
    lines += [_distance(name, sense, one, names, known, language) for sense, one in by_sense if one]
    titles = [names.title(one) for one in near]
    offers = [Remedy(f"concept({title!r})", f"concept:{title!r}") for title in titles]
    ask: list[str | Remedy] = [part for offer in offers for part in (" or ", offer)][1:]
    asked: list[str | Remedy] = [" Ask for ", *ask, "."] if ask else []
    text = Remedy(f"text({name!r})", f"text:{name!r}")
    words: list[str | Remedy] = [" As plain words: ", text, "."] if has_text else []
    return NotIndexedError(
        " ".join(lines),
        *asked,
        *words,
        " Or give one example: ",
        Remedy("image('example.jpg')", "image:example.jpg"),
        " ranks by likeness to it; labels make it a concept, ",
        Remedy(
            f"photos.annotate(inputs, concept={name!r})", f"toolkit label COLLECTION {quote(name)} PICTURE..."
        ),
        " and ",
        Remedy(f"photos.train({name!r})", f"toolkit train COLLECTION {quote(name)}"),
        ".",
    )


class _Known:
    """Concepts by id, of the collection or of a graph."""

    def __init__(self, store: AnnotationStore, translators: Sequence[Translator]) -> None:
        self._store = store
        self._graphs = [one for one in translators if isinstance(one, ConceptGraph)]
        self._found: dict[str, Concept] = {}

    def concept(self, id: str) -> Concept | None:
        """The concept; None if it is not stored and no graph has a name for it."""
        if id not in self._found:
            stored = self._store.concepts.by_id(self._store.concepts.known([id]))
            named = {key: one for key, one in self._above(id).items() if one.names} if not stored else {}
            self._found |= named | {one.id: one for one in stored}
        return self._found.get(id)

    def levels(self, id: str) -> Iterator[Sequence[str]]:
        """What lies above, a step at a time: as the collection stores it, else as a graph has it."""
        if stored := self._store.graph.levels_above(id):
            yield from stored
            return
        found = self._above(id)
        hypernyms = {one.id: one.relations.get("hypernym", ()) for one in found.values()}
        if not any(hypernyms.values()):  # a graph that says only what is above, the nearest first
            yield from ([one] for one in found if one != id)
        level, seen = list(hypernyms.get(id, ())), {id}
        while level:
            yield level
            seen.update(level)
            level = list(
                dict.fromkeys(up for one in level for up in hypernyms.get(one, ()) if up not in seen)
            )

    def _above(self, id: str) -> Mapping[str, Concept]:
        for graph in self._graphs:
            try:
                found = {one.id: one for one in graph.above([id])}
            except UnavailableError:  # one that cannot be read now has nothing to add
                continue
            if found:
                return found
        return {}


def _nearest(sense: str, names: StoredConceptLookup, known: _Known) -> _Nearest | None:
    for steps, level in enumerate(known.levels(sense), 1):
        for one in level:
            if names.count_in_use(one):
                return _Nearest(one, steps)
    return None


def _listed(senses: Sequence[str], known: _Known, language: str) -> str:
    """The senses by name; an id that has no name says nothing to a person."""
    named = [full_title(one, language) for sense in senses if (one := known.concept(sense))]
    if not named:
        return "any of its senses" if len(senses) > 1 else "what it means"
    others = ["another of its senses"] if len(named) < len(senses) else []
    return " or ".join([*named, *others])


def _distance(
    name: str, sense: str, near: _Nearest, names: StoredConceptLookup, known: _Known, language: str
) -> str:
    concept = known.concept(sense)
    stored = names.title(sense) if names.concept(sense) else None
    asked = stored or (full_title(concept, language) if concept else repr(name))
    far = f"{near.steps} steps" if near.steps > 1 else "one step"
    kinds = names.count_in_use(near.id)
    of_it = f"{kinds:,} concepts here lie" if kinds > 1 else "one concept here lies"
    return f"Nearest above {asked}: {names.title(near.id)}, {far} up; {of_it} at or below it."
