"""The concepts that words stand for in a collection: the order of lookup, and what is said of a choice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from shlex import quote

from ..errors import NotIndexedError, QueryError, UnavailableError, UnknownNameError
from ..languages import fold, language_tag, nearest_tags
from ..plugins.contract_errors import contract_errors
from ..plugins.interfaces import Dictionary, Meaning, SenseInventory, Translator
from ..plugins.registry import Registry
from ..remedies import Advice, Remedy
from ..store import AnnotationStore
from ..values.names import plain_name
from ..values.settings import Settings
from ..values.types import Concept
from .absence import absent
from .senses import Choice, Order, choose
from .shared_names import sharing_a_name
from .stored_names import StoredConceptLookup
from .titles import full_title

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
        One for each sense taken, with all its concepts; several only if they are equally likely.
    note : str
        Why these were chosen, and which lexicon could not be asked; empty if there is nothing to say.
    is_partial : bool
        Whether a translator could not be asked.
    """

    meanings: tuple[Meaning, ...]
    note: str = ""
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that is looked up.

    Parameters
    ----------
    name : str
        As a person wrote it.
    tag : str or None
        The language asked for.
    language : str
        That, or the collection's own.
    translators : tuple of Translator
        Who may know it.
    unread : list of str
        Why translators could not be asked.
    """

    name: str
    tag: str | None
    language: str
    translators: tuple[Translator, ...]
    unread: list[str]


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
        self.names = StoredConceptLookup(store, language=settings.language)
        self._store, self._registry, self._settings = store, registry, settings
        self._remembered = lru_cache(4096)(self._read)
        self._sensed = lru_cache(4096)(self._senses)

    def read(self, name: str, *, language: str | None = None, exact: bool = False) -> ResolvedWord:
        """The concepts that a word stands for in this collection.

        Parameters
        ----------
        name : str
            A name as a person wrote it.
        language : str, optional
            A BCP 47 tag; the collection's own language if None.
        exact : bool
            Whether the name is an id, and means that concept alone.

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
        if exact:
            return self._exactly(name)
        tag = language_tag(language) if language is not None else None
        # A translator that is registered later may know more, so the translators are part of the key.
        found = self._remembered(name, tag, tuple(self._registry.translators.values()))
        if found.is_partial:
            self._remembered.cache_clear()  # next time the lexicon may be free
        return found

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
            here, elsewhere = self._found(self._word(name, tag, translators))
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
                for one in _defined(translator, lacking):
                    found[one.id] = _both(found.get(one.id), one)
        return [found.get(one) or Concept(one) for one in concepts]

    def absent(self, name: str, concepts: Sequence[str]) -> NotIndexedError:
        """The error for a word of which no model or annotation has anything.

        Parameters
        ----------
        name : str
            As a person wrote it.
        concepts : sequence of str
            Ids of what it may stand for, known here or not.
        """
        return absent(
            name,
            concepts,
            self.names,
            self._store,
            self._registry.translators.values(),
            language=self._settings.language,
            has_text=PLAIN_WORDS in self._registry.rankers,
        )

    # ---- looking up

    def _word(self, name: str, tag: str | None, translators: tuple[Translator, ...]) -> _Word:
        return _Word(name, tag, tag or language_tag(self._settings.language), translators, [])

    def _exactly(self, id: str) -> ResolvedWord:
        plain = plain_name(id)
        if not self.names.concept(plain):
            near = self._store.concepts.nearest(plain)
            hint = "exact=True takes a concept's id; without it the word is looked up as a name."
            raise UnknownNameError(
                "concept", id, near=[one for one in near if not _NUMBER.fullmatch(one)], hint=hint
            )
        return ResolvedWord((Meaning(plain, "", plain, "id"),))

    def _read(self, name: str, tag: str | None, translators: tuple[Translator, ...]) -> ResolvedWord:
        word = self._word(name, tag, translators)
        with self._store.read():  # one transaction for all that is looked up
            here, elsewhere = self._found(word)
            if here:
                notes = [self._why(word, here), *word.unread]
                said = [part for note in notes if note for part in ("; ", note)]
                return ResolvedWord(here.meanings, Advice(*said[1:]), bool(word.unread))
            if elsewhere:
                raise self.absent(name, [meaning.concept for meaning in elsewhere])
            raise self._unknown(word)

    def _found(self, word: _Word) -> tuple[Choice | None, Sequence[Meaning]]:
        """The concepts of the collection that a word stands for, or without any, those it has not."""
        if pinned := self.names.pinned(word.name, word.language):
            return Choice(tuple(pinned)), ()
        unknown: dict[str, Meaning] = {}
        unused: Choice | None = None
        for stage in (self._in_its_language(word), self._in_any_language(word)):
            choice = self._chosen(word, stage, unknown)
            if choice and choice.in_use:
                return choice, ()
            unused = unused or choice
        elsewhere = list(unknown.values())
        senses = [one.concept for one in (*(unused.meanings if unused else ()), *elsewhere)]
        shared = sharing_a_name(senses, self.names, self._store, word.translators)
        if shared:
            meaning = Meaning(shared.concept, word.language, word.name, "a shared name")
            return Choice((meaning,), reason=shared.reason), ()
        return unused, elsewhere

    def _chosen(
        self, word: _Word, answers: Iterable[Sequence[Meaning]], unknown: dict[str, Meaning]
    ) -> Choice | None:
        """The choice among answers, of which no more are asked for than it takes to find a sense that is in use."""
        found: list[Meaning] = []
        for meanings in filter(None, answers):
            there = self._store.concepts.known([meaning.concept for meaning in meanings])
            found += [meaning for meaning in meanings if meaning.concept in there]
            unknown |= {one.concept: one for one in meanings if one.concept not in there | unknown.keys()}
            if any(self.names.count_in_use(one.concept) for one in found):
                break
        if not found:
            return None
        return choose(word.name, found, self.names, lambda concepts: self._order(word, found[0], concepts))

    def _in_its_language(self, word: _Word) -> Iterator[Sequence[Meaning]]:
        """An id and what else is stored under that name, if no language is asked for; the answers of translators."""
        if word.tag is None and (own := self._own_ids(word.name)):
            ids = [Meaning(id, "", id, "id") for id in own]
            yield [*ids, *self.names.lookup(word.name, language=word.language)]
        for translator in word.translators:
            yield self._translated(translator, word, word.language)

    def _in_any_language(self, word: _Word) -> Iterator[Sequence[Meaning]]:
        """The answers of ids, stored names in any language, and translators."""
        if self.names.concept(plain_name(word.name)):
            yield [Meaning(plain_name(word.name), "", word.name, "id")]
        yield self.names.lookup(word.name, language=None)
        if word.tag is None:
            for translator in word.translators:
                yield self._translated(translator, word, None)

    def _own_ids(self, name: str) -> Sequence[str]:
        """The id of the collection that a word is; else those that differ only in case, width and blanks."""
        plain = plain_name(name)
        return [plain] if self.names.concept(plain) else self.names.ids_like(plain)

    def _translated(self, translator: Translator, word: _Word, language: str | None) -> Sequence[Meaning]:
        try:
            with contract_errors(f"translator {translator.name!r}", "translate() returns meanings"):
                return list(translator.translate(word.name, language=language, names=self.names))
        except UnavailableError as error:
            word.unread[:] = dict.fromkeys([*word.unread, str(error)])
            return ()

    def _order(self, word: _Word, found: Meaning, concepts: Sequence[str]) -> Order | None:
        """The usual order of senses, by the inventory that knows most of them; None if none knows two."""
        orders = []
        for inventory in word.translators:
            if isinstance(inventory, SenseInventory):
                try:
                    with contract_errors(f"translator {inventory.name!r}", "senses() returns concept ids"):
                        listed = inventory.senses([word.name], language=found.language or word.language)
                except UnavailableError:  # `_translated` says so
                    continue
                places = {id: place for place, id in enumerate(listed.get(word.name, ()))}
                known = {
                    concept: min(places[same] for same in self.names.same(concept) if same in places)
                    for concept in concepts
                    if not places.keys().isdisjoint(self.names.same(concept))
                }
                orders.append(Order(inventory.name, known))
        best = max(orders, key=lambda order: len(order.places), default=None)
        return best if best and len(best.places) > 1 else None

    # ---- what is said

    def _why(self, word: _Word, choice: Choice) -> str:
        """What was taken for a word of several senses, and how to have another."""
        taken = [meaning.concept for meaning in choice.meanings]
        if not choice.others:
            return (
                f"{word.name!r}: took {self._titles(taken, ' and ')}, {choice.reason}"
                if choice.reason
                else ""
            )
        count, language = len({*taken, *choice.others}), choice.meanings[0].language or word.language
        left = [one for one in choice.others if one not in taken][:MOST_LISTED]
        others = f"; the others are {self._titles(left, ', ')}" if left else ""
        return Advice(
            f"{word.name!r}: {count} senses, took {self._titles(taken, ' and ')}, {choice.reason}{others}: ",
            _pin(word.name, choice.others[0], language),
            " has it mean that",
        )

    def _unknown(self, word: _Word) -> UnknownNameError:
        name, tag = word.name, word.tag
        hints = [
            f"Languages tried: {tag or self._settings.language}, then every other.",
            self._language_hint(tag),
            self._as_words(name),
            *word.unread,
            *(getattr(one, "hint", "") for one in word.translators),
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

    def _titles(self, concepts: Sequence[str], between: str) -> str:
        language = self._settings.language
        return between.join(full_title(one, language) for one in self._store.concepts.by_id(concepts))


def _defined(dictionary: Dictionary, concepts: Sequence[str]) -> Sequence[Concept]:
    try:
        with contract_errors(f"dictionary {dictionary.name!r}", "define() returns concepts"):
            return list(dictionary.define(concepts))
    except UnavailableError:  # a definition is an extra
        return ()


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
