"""What knows the meanings of words, and the names that a collection stores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ...values.types import Concept

__all__ = ["ConceptGraph", "ConceptLookup", "Dictionary", "Meaning", "Translator"]


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
    """

    concept: str
    language: str
    name: str
    origin: str


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

    def below(self, concept: str) -> Sequence[str]:
        """The concept itself, its synonyms, and every concept below any of them; empty if it is unknown."""
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
