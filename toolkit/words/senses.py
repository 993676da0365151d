"""Which sense of a word is meant: its concepts joined to senses, and the one that is taken."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..plugins.interfaces import Meaning
from .stored_names import StoredConceptLookup

__all__ = ["Choice", "Order", "choose"]

LISTED = "as {} lists them"
NAMED = "by the place of the word among their names"
EQUALS = "of which none is more usual than the other"
LARGER = ", and one of which more is here"
ONLY = "because no model or annotation here has any of the others"


@dataclass(frozen=True, slots=True)
class Order:
    """How usual the senses of a word are.

    Parameters
    ----------
    by : str
        Who says so: a sense inventory.
    places : mapping of str to int
        By concept, from 0.
    """

    by: str
    places: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is taken for a word.

    Parameters
    ----------
    meanings : tuple of Meaning
        One for each sense taken, with all concepts of it; several only if nothing tells them apart.
    others : tuple of str
        Concepts of the senses that are not taken, the likeliest first.
    reason : str
        Why these and not the others; empty if there are no others.
    in_use : bool
        Whether a model or an annotation has any of it.
    """

    meanings: tuple[Meaning, ...]
    others: tuple[str, ...] = ()
    reason: str = ""
    in_use: bool = True


@dataclass(frozen=True, slots=True)
class _Sense:
    meaning: Meaning
    classes: int
    place: int


def choose(
    name: str,
    meanings: Iterable[Meaning],
    names: StoredConceptLookup,
    order: Callable[[Sequence[str]], Order | None],
) -> Choice:
    """The sense of a word, with all concepts of the collection that it names.

    Synonyms are one sense. A concept that is related to no other, such as a label that people made, has no sense of its
    own: it counts with whichever sense is taken. Of several senses of which a model or an annotation has anything, the
    usual one is taken: the first in a lexicon's order, else the one among whose names the word comes first. Equals are
    all taken, that with most concepts in use at or below it first. A lexicon's order is that of texts, in which a plant
    is a factory first: a sense of which more concepts are in use is taken with it.

    Parameters
    ----------
    name : str
        The word, as a person wrote it.
    meanings : iterable of Meaning
        Concepts of the collection that it may stand for.
    names : StoredConceptLookup
        The names and relations of the collection.
    order : callable
        The usual order of some concepts as senses of the word, if anybody knows it.
    """
    free, senses = _joined(name, meanings, names)
    used = [sense for sense in senses if sense.classes]
    free_used = [one for one in free if one.concept in names.in_use]
    if not used and not free_used:
        return Choice(tuple(one.meaning for one in senses) or _as_one(free), in_use=False)
    if not used:
        unused = tuple(one.meaning.concept for one in senses)
        return Choice(_as_one(free_used), unused, ONLY if unused else "")
    taken, reason = _most_usual(used, order) if len(used) > 1 else (used, "")
    first = replace(taken[0].meaning, also=tuple(one.concept for one in free_used))
    chosen = {one.meaning.concept for one in taken}
    left = sorted((one for one in senses if one.meaning.concept not in chosen), key=lambda one: -one.classes)
    rest = [one.meaning.concept for one in [*taken[1:], *left]]
    return Choice((first, *(one.meaning for one in taken[1:])), tuple(rest), reason or (ONLY if rest else ""))


def _joined(
    name: str, meanings: Iterable[Meaning], names: StoredConceptLookup
) -> tuple[list[Meaning], list[_Sense]]:
    """The concepts that are related to no other, and the senses of the others: one for all synonyms."""
    by_concept: dict[str, Meaning] = {}
    for meaning in meanings:
        by_concept.setdefault(meaning.concept, meaning)
    every = [one for one in by_concept.values() if _is_written_so(one.name, name)] or [*by_concept.values()]
    related = [one for one in every if names.is_related(one.concept)]
    senses: dict[str, _Sense] = {}
    for one in _as_written(name, related):
        same = min(names.same(one.concept))
        if same not in senses:
            senses[same] = _Sense(one, names.count_in_use(one.concept), one.place)
    return [one for one in every if one not in related], list(senses.values())


def _most_usual(
    senses: Sequence[_Sense], order: Callable[[Sequence[str]], Order | None]
) -> tuple[list[_Sense], str]:
    listed = order([one.meaning.concept for one in senses])
    if listed:
        last = len(listed.places)
        senses = [replace(one, place=listed.places.get(one.meaning.concept, last)) for one in senses]
    best = min(one.place for one in senses)
    usual = sorted((one for one in senses if one.place == best), key=lambda one: -one.classes)
    if len(usual) == len(senses):
        return usual, EQUALS
    reason = (
        f"the usual {'one' if len(usual) == 1 else 'ones'}, {LISTED.format(listed.by) if listed else NAMED}"
    )
    larger = [one for one in senses if listed and one.classes > usual[0].classes]
    return [*usual, *larger], reason + LARGER * bool(larger)


def _as_one(free: Sequence[Meaning]) -> tuple[Meaning, ...]:
    """Concepts without relations, as one sense."""
    return (replace(free[0], also=tuple(one.concept for one in free[1:])),) if free else ()


def _as_written(name: str, meanings: Sequence[Meaning]) -> Sequence[Meaning]:
    """The meanings with exactly this spelling, "cat" and not "CAT", if there are any."""
    written = unicodedata.normalize("NFC", name.strip())
    return [meaning for meaning in meanings if meaning.name == written] or meanings


def _is_written_so(name: str, asked: str) -> bool:
    """Whether a name is no other for being written in other capitals: "Dog" is "dog", "CAT" is not "cat"."""
    return name.isupper() == asked.isupper() or len(asked.strip()) == 1
