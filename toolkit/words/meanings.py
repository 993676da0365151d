"""The concepts that words stand for in a collection: the order of lookup, and the choice among several senses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from shlex import quote

from ..errors import NotIndexedError, QueryError, UnknownNameError
from ..languages import fold, language_tag, nearest_tags
from ..plugins.contract_errors import contract_errors
from ..plugins.interfaces import ConceptGraph, Dictionary, Meaning, Translator
from ..plugins.registry import Registry
from ..remedies import Advice, Remedy
from ..store import AnnotationStore
from ..values.names import plain_name
from ..values.settings import Settings
from ..values.types import Concept
from .stored_names import StoredConceptLookup

__all__ = ["ResolvedWord", "WordMeanings"]

_NUMBER = re.compile(r"n\d{8}")  # a WordNet id: nothing to choose from in an error
MOST_LISTED = 8  # other senses
PLAIN_WORDS = "text"  # the ranker that takes any words


@dataclass(frozen=True, slots=True)
class ResolvedWord:
    """The concepts chosen for a word, and why.

    Parameters
    ----------
    meanings : tuple of Meaning
        The concepts it stands for; several only if they are equally likely.
    note : str
        Why these were chosen; empty if there were no others.
    """

    meanings: tuple[Meaning, ...]
    note: str = ""


class WordMeanings:
    """Looks up words in a collection as of one revision; answers are cached.

    Parameters
    ----------
    store, registry, settings
        Of the open collection.
    revision : int
        Of the store.
    """

    def __init__(
        self, store: AnnotationStore, registry: Registry, settings: Settings, *, revision: int
    ) -> None:
        self.revision = revision
        self.names = StoredConceptLookup(store)
        self._store, self._registry, self._settings = store, registry, settings
        self._remembered = lru_cache(4096)(self._read)
        self._sensed = lru_cache(4096)(self._senses)

    def read(self, name: str, *, language: str | None = None) -> ResolvedWord:
        """The concepts that a word stands for in this collection.

        Parameters
        ----------
        name : str
            A name as a person wrote it.
        language : str, optional
            A BCP 47 tag; the collection's own language if None.

        Raises
        ------
        QueryError
            A blank word, or what is no language tag.
        UnknownNameError
            No concept has that name; the error lists the languages tried and the nearest names.
        NotIndexedError
            It is a concept, but no model or annotation here has it; the error names the nearest that can be ranked.
        """
        if not fold(name):
            raise QueryError(f"{name!r} is blank: name a concept, such as concept('dog')")
        tag = language_tag(language) if language is not None else None
        # A translator that is registered later may know more, so the translators are part of the key.
        return self._remembered(name, tag, tuple(self._registry.translators.values()))

    def senses(self, name: str, *, language: str | None = None) -> Sequence[Meaning]:
        """The concepts a word may stand for, the likeliest first, whether or not the collection has any of them.

        Parameters
        ----------
        name : str
            A name as a person wrote it.
        language : str, optional
            A BCP 47 tag; the collection's own language, then any, if None.
        """
        tag = language_tag(language) if language is not None else None
        return self._sensed(name, tag, tuple(self._registry.translators.values()))

    def _senses(self, name: str, tag: str | None, translators: tuple[Translator, ...]) -> Sequence[Meaning]:
        with self._store.read():
            here, elsewhere = self._found(name, tag, translators)
        return here.meanings if here else tuple(elsewhere)

    def define(self, concepts: Sequence[str]) -> Sequence[Concept]:
        """Some concepts with their English names and definitions, in this order.

        Both are those of the collection, then of the first dictionary that has them.

        Parameters
        ----------
        concepts : sequence of str
            Concept ids, known here or not.
        """
        if not concepts:
            return []
        with self._store.read():
            there = self._store.concepts.known(concepts)
            found = {
                one.id: one for one in self._store.concepts.by_id([one for one in concepts if one in there])
            }
        for translator in self._registry.translators.values():
            lacking = [one for one in concepts if one not in found or not found[one].definition]
            if isinstance(translator, Dictionary) and lacking:
                with contract_errors(f"dictionary {translator.name!r}", "define() returns concepts"):
                    for one in translator.define(lacking):
                        found[one.id] = _both(found.get(one.id), one)
        return [found.get(one) or Concept(one) for one in concepts]

    def _read(self, name: str, tag: str | None, translators: tuple[Translator, ...]) -> ResolvedWord:
        with self._store.read():  # one transaction for all that is looked up
            return self._looked_up(name, tag, translators)

    def _looked_up(self, name: str, tag: str | None, translators: tuple[Translator, ...]) -> ResolvedWord:
        here, elsewhere = self._found(name, tag, translators)
        if here:
            return here
        if elsewhere:
            raise self._not_here(name, elsewhere, translators)
        raise self._unknown(name, tag, translators)

    def _found(
        self, name: str, tag: str | None, translators: tuple[Translator, ...]
    ) -> tuple[ResolvedWord | None, Sequence[Meaning]]:
        """The concepts of the collection that a word stands for, or without any, those it has not."""
        if tag is None and (ids := self._own_ids(name)):
            return ResolvedWord((Meaning(ids[0], "", ids[0], "id"),)), ()
        unknown: list[Meaning] = []
        for meanings in filter(None, self._answers(name, tag, translators)):
            there = self._store.concepts.known([meaning.concept for meaning in meanings])
            if known := [meaning for meaning in meanings if meaning.concept in there]:
                return self._with_most_classes(name, known), ()
            unknown += meanings
        return None, unknown

    def _own_ids(self, name: str) -> Sequence[str]:
        """The id of the collection that a word is; else those that differ only in case, width and blanks.

        A pin of the word comes before the latter.
        """
        plain = plain_name(name)
        if self.names.concept(plain):
            return [plain]
        language = language_tag(self._settings.language)
        return [] if self.names.pinned(name, language) else self.names.ids_like(plain)

    def _answers(
        self, name: str, tag: str | None, translators: tuple[Translator, ...]
    ) -> Iterator[Sequence[Meaning]]:
        """The answers of pins, translators, ids and stored names, in this order."""
        language = tag or language_tag(self._settings.language)
        yield self.names.pinned(name, tag) or self.names.pinned(name, language)
        for translator in translators:
            yield self._translated(translator, name, language)
        if self.names.concept(name):
            yield [Meaning(plain_name(name), "", name, "id")]
        yield self.names.lookup(name, language=None)
        if tag is None:
            for translator in translators:
                yield self._translated(translator, name, None)

    def _translated(self, translator: Translator, name: str, language: str | None) -> Sequence[Meaning]:
        with contract_errors(f"translator {translator.name!r}", "translate() returns meanings"):
            return list(translator.translate(name, language=language, names=self.names))

    def _with_most_classes(self, name: str, meanings: Sequence[Meaning]) -> ResolvedWord:
        """Of several senses, those with the most concepts in use at or below them.

        On the English names of ImageNet's classes and their hypernyms this is right for 92 in 100; the first sense
        a dictionary lists, for 80.
        """
        senses: dict[str, Meaning] = {}
        for meaning in _as_written(name, meanings):
            senses.setdefault(meaning.concept, meaning)
        if len(senses) == 1:
            return ResolvedWord(tuple(senses.values()))
        classes = {concept: self.names.count_in_use(concept) for concept in senses}
        most = max(classes.values())
        chosen = [concept for concept in senses if classes[concept] == most]
        others = sorted(set(senses).difference(chosen[:1]), key=lambda concept: -classes[concept])
        return ResolvedWord(
            tuple(senses[concept] for concept in chosen),
            Advice(
                f"{name!r}: {len(senses)} senses, took {self._titles(chosen)} because {most:,} of this collection's "
                f"concepts lie at or below {'it' if len(chosen) == 1 else 'each'}; the others are "
                f"{', '.join(others[:MOST_LISTED])}: ",
                _pin(name, others[0], senses[chosen[0]].language),
                " has it mean that",
            ),
        )

    def _not_here(
        self, name: str, unknown: Sequence[Meaning], translators: Iterable[Translator]
    ) -> NotIndexedError:
        concepts = list(dict.fromkeys(meaning.concept for meaning in unknown))
        near = next((above for concept in concepts for above in self._above(concept, translators)), None)
        offer = f"ask for {self._titles([near])} above it, or " if near else ""
        return NotIndexedError(
            f"{name!r} is {' or '.join(concepts[:3])}, and no model or annotation here has that or a kind of it: "
            f"{offer}label examples with ",
            Remedy(
                f"photos.annotate(inputs, concept={name!r})",
                f"toolkit label COLLECTION {quote(name)} PICTURE...",
            ),
            " and ",
            Remedy(f"photos.train({name!r})", f"toolkit train COLLECTION {quote(name)}"),
            ".",
            *([" ", words] if (words := self._as_words(name)) else []),
        )

    def _above(self, concept: str, translators: Iterable[Translator]) -> Iterator[str]:
        """Concepts in use above one that the collection does not store, the nearest first."""
        for graph in translators:
            if isinstance(graph, ConceptGraph):
                chain = [one.id for one in graph.above([concept])][1:]
                yield from (one for one in chain if self.names.count_in_use(one))

    def _unknown(self, name: str, tag: str | None, translators: Iterable[Translator]) -> UnknownNameError:
        tried = f"Languages tried: {tag or self._settings.language}, then every other."
        hints = [
            tried,
            self._language_hint(tag),
            self._as_words(name),
            *(getattr(one, "hint", "") for one in translators),
        ]
        near = self._store.names.nearest(name, language=tag) or [
            one for one in self._store.concepts.nearest(name) if not _NUMBER.fullmatch(one)
        ]
        given = [part for hint in hints if hint for part in (" ", hint)]
        return UnknownNameError("concept", name, near, hint=Advice(*given[1:]))

    def _as_words(self, name: str) -> str:
        """What to type to rank by the words themselves; empty if no plugin can."""
        if PLAIN_WORDS not in self._registry.rankers:
            return ""
        return Advice("As plain words: ", Remedy(f"text({name!r})", f"text:{name!r}"), ".")

    def _language_hint(self, tag: str | None) -> str:
        """A hint for a language in which nothing has a name; empty otherwise."""
        languages = self._store.names.languages()
        if tag is None or tag.split("-")[0] in {one.split("-")[0] for one in languages}:
            return ""
        near = nearest_tags(tag, languages)
        if not near:
            return ""
        other = Remedy(f"language={near[0]!r}", f"language={near[0]}")
        return Advice(f"Nothing is named in {tag!r}; did you mean ", other, "?")

    def _titles(self, concepts: Sequence[str]) -> str:
        named = self._store.concepts.by_id(concepts)
        return " and ".join(one.id if one.name() == one.id else f"{one.name()} ({one.id})" for one in named)


def _pin(name: str, concept: str, language: str) -> Remedy:
    return Remedy(
        f"photos.concepts.pin({name!r}, {concept!r}, language={language!r})",
        f"toolkit names pin COLLECTION {quote(name)} {quote(concept)} --language {quote(language)}",
    )


def _both(known: Concept | None, more: Concept) -> Concept:
    """A concept with what is lacking from another."""
    if known is None:
        return more
    names = known.names if known.names.get("en") else {**known.names, **more.names}
    return replace(known, names=names, definition=known.definition or more.definition)


def _as_written(name: str, meanings: Sequence[Meaning]) -> Sequence[Meaning]:
    """The meanings with exactly this spelling, "cat" and not "CAT", if there are any."""
    written = unicodedata.normalize("NFC", name.strip())
    return [meaning for meaning in meanings if meaning.name == written] or meanings
