"""What knows the meanings of words, and the names that a collection stores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ...values.types import Concept

__all__ = ["ConceptGraph", "ConceptLookup", "Dictionary", "Meaning", "SenseInventory", "Translator"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """One concept that a word may stand for.

    Parameters
    ----------
    concept : str
        Concept id.
    language : str
        Tag of the language of the name.
    name : str
        The name that matched, as stored.
    origin : str
        What found it: ``"id"``, ``"names"``, ``"pin"`` or a translator's name.
    place : int
        How many names of the concept in that language go before this one.
    also : tuple of str
        Other concepts of the collection that the word names in the same sense, and that count with it.
    """

    concept: str
    language: str
    name: str
    origin: str
    place: int = 0
    also: tuple[str, ...] = ()

    @property
    def concepts(self) -> tuple[str, ...]:
        """The ids of all concepts that count as one: people's ``dog`` and WordNet's n02084071."""
        return (self.concept, *self.also)


class ConceptLookup(Protocol):
    """The concept names stored in a collection."""

    def lookup(self, name: str, *, language: str | None) -> Sequence[Meaning]:
        """Concepts with this name; those with it as preferred name come first.

        Case, width and characters that cannot be seen make no difference. A language in which no concept has
        it gives way to wider ones (``zh-Hant-TW``, ``zh-Hant``, ``zh``); None looks in all.

        Parameters
        ----------
        name : str
            A name as a person wrote it.
        language : str or None
            A BCP 47 tag; None for any language.
        """
        ...

    def concept(self, id: str) -> bool:
        """Whether the collection knows a concept by this id."""
        ...

    def below(self, concept: str, *, exact: bool = False) -> Sequence[str]:
        """The concept itself, its synonyms, and every concept below any of them; empty if it is unknown.

        Parameters
        ----------
        concept : str
            A concept's id.
        exact : bool
            Whether its own synonyms, and what is below those alone, are left out.
        """
        ...

    def same(self, concept: str) -> Sequence[str]:
        """The concept itself, and its synonyms."""
        ...

    def title(self, concept: str) -> str:
        """The name of a concept for a person to read: in the collection's language, else in any; else the id."""
        ...

    def above(self, concept: str) -> Sequence[str]:
        """Every concept above one, the nearest first."""
        ...

    def count_in_use(self, concept: str) -> int:
        """The number of concepts at or below one that a model predicts or an annotation has."""
        ...


@runtime_checkable
class Translator(Protocol):
    """Finds the concepts that words stand for.

    Attributes
    ----------
    name : str
        Shown as the origin of a meaning.

    Notes
    -----
    An attribute ``hint``, if it has one, is a sentence added to the error for an unknown word.
    """

    name: str

    def translate(self, name: str, *, language: str | None, names: ConceptLookup) -> Iterable[Meaning]:
        """The concepts a word may stand for, the likeliest first.

        Parameters
        ----------
        name : str
            The word as the person wrote it.
        language : str or None
            BCP 47 tag; None for any language.
        names : Names
            The names stored in the collection, to look up what the word means there. Meanings whose concept
            the collection does not know only serve the error message.
        """
        ...


@runtime_checkable
class ConceptGraph(Protocol):
    """A translator that also knows hypernyms; it is called when a model brings new concepts.

    Attributes
    ----------
    name : str
        That of the translator.
    """

    name: str

    def above(self, concepts: Iterable[str]) -> Iterable[Concept]:
        """The concepts themselves, then all above them, the nearest first, with names and hypernyms.

        Those it does not know are left out. A collection stores what comes back, so that ranking by what lies
        above needs no graph.
        """
        ...


@runtime_checkable
class SenseInventory(Protocol):
    """A concept graph that also lists the senses of a word, whatever a collection has.

    A collection asks it which concept a class of a model is that has nothing but a name, and which of several senses
    of a word is the usual one.

    Attributes
    ----------
    name : str
        That of the translator.

    Notes
    -----
    An attribute ``edition``, a text that changes when it knows more, has a collection link its concepts again.
    """

    name: str

    def senses(self, words: Sequence[str], *, language: str) -> Mapping[str, Sequence[str]]:
        """The ids of the concepts that each word names, the usual sense first; words it does not know are left out.

        Parameters
        ----------
        words : sequence of str
            As they are written.
        language : str
            BCP 47 tag of the words' language.
        """
        ...


@runtime_checkable
class Dictionary(Protocol):
    """A translator that also has definitions; it is asked what a concept is, in a collection or not.

    Attributes
    ----------
    name : str
        That of the translator.
    """

    name: str

    def define(self, concepts: Sequence[str]) -> Iterable[Concept]:
        """The concepts it knows, with their English names and a definition; the others are left out."""
        ...
