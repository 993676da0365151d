"""The translator and concept graph over the lexicons that are installed."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from toolkit.plugins import (
    Advice,
    Concept,
    ConceptLookup,
    Meaning,
    Remedy,
    fallbacks,
    fold,
)

from .lexicons import Lexicon, edition, installed, is_installed, lemmas, open_lexicons

if TYPE_CHECKING:
    from wn import Synset, Wordnet

__all__ = ["WordnetTranslator"]

# Lexicons of the Open Multilingual Wordnet number their synsets as WordNet 3.0, and so does ImageNet.
_SYNSET = re.compile(r"omwx?-\w+-(\d{8})-n")
_CONCEPT = re.compile(r"n(\d{8})")


ADD = Remedy("toolkit_wordnet.add_lexicons(FILE)", "toolkit wordnet add FILE")


class WordnetTranslator:
    """Finds concepts by the words of installed lexicons, and their hypernyms.

    A concept is the synset of WordNet 3.0, as ImageNet and timm name it (``n02084071`` is the dog); or whatever
    concept of the collection has an English word of that synset as a name.

    References
    ----------
    Open Multilingual Wordnet: https://omwn.org
    """

    name = "wordnet"

    @property
    def hint(self) -> str:
        """What to type to have more words, if there is none of them yet."""
        if importlib.util.find_spec("wn") is None:
            return Advice("80,000 more nouns: pip install 'rank-toolkit[wordnet]', then ", ADD, ".")
        return "" if is_installed() else Advice("80,000 more nouns: ", ADD, ".")

    @property
    def edition(self) -> str:
        """Changes when a lexicon is added."""
        return edition()

    def senses(self, words: Sequence[str], *, language: str) -> Mapping[str, Sequence[str]]:
        """The synsets of each English word, the usual sense first.

        The English lexicon lists the senses of a word by how often they are meant; those of other languages by number,
        or in no order.
        """
        lexicons = _english()
        if not lexicons or language.split("-", maxsplit=1)[0] != lexicons[0].language:
            return {}
        with open_lexicons(lexicons) as wordnet:
            found = {word: wordnet.synsets(word.strip(), pos="n") for word in words}
        return {
            word: list(dict.fromkeys(f"n{_offset(synset)}" for synset in synsets))
            for word, synsets in found.items()
            if synsets
        }

    def translate(self, name: str, *, language: str | None, names: ConceptLookup) -> Iterable[Meaning]:
        """The concepts of every synset with this word, in the order of the lexicons' senses."""
        found: dict[str, Meaning] = {}
        for lexicons in _of_language(language):
            with open_lexicons(lexicons) as wordnet:
                for synset in wordnet.synsets(name.strip(), pos="n"):
                    tag, (place, word) = synset.lexicon().language, _written(synset, name)
                    for concept in _concepts(synset, names):
                        found.setdefault(concept, Meaning(concept, tag, word, self.name, place))
            if found:
                break
        return list(found.values())

    def define(self, concepts: Sequence[str]) -> Iterable[Concept]:
        """The synsets with their English words and definitions."""
        english = _english()
        if not english:
            return []
        with open_lexicons(english) as wordnet:
            numbers = [found[1] for one in concepts if (found := _CONCEPT.fullmatch(one))]
            synsets = [one for number in numbers if (one := _synset(wordnet, english[0], number))]
            return [
                Concept(f"n{_offset(one)}", {"en": tuple(one.lemmas())}, one.definition() or "")
                for one in synsets
            ]

    def above(self, concepts: Iterable[str]) -> Iterable[Concept]:
        """The synsets and all their hypernyms, with their words in every installed language."""
        english = _english()
        if not english:
            return []
        numbered = [one for one in installed() if _SYNSET.fullmatch(f"{one.id}-00000000-n")]
        with open_lexicons(english) as wordnet:
            synsets = list(_upward(wordnet, english[0], concepts))
            words = _words(numbered, [_offset(synset) for synset in synsets])
            return [_concept(synset, words[_offset(synset)]) for synset in synsets]


def _concept(synset: Synset, words: Mapping[str, tuple[str, ...]]) -> Concept:
    hypernyms = tuple(f"n{_offset(one)}" for one in synset.hypernyms())
    relations = {"hypernym": hypernyms} if hypernyms else {}
    return Concept(f"n{_offset(synset)}", words, synset.definition() or "", relations)


def _of_language(language: str | None) -> Iterator[Sequence[Lexicon]]:
    """The lexicons of a language, then of wider ones; None: all at once."""
    there = installed() if is_installed() else ()
    for tag in [None] if language is None else fallbacks(language):
        if chosen := [one for one in there if tag is None or one.language == tag]:
            yield chosen


def _concepts(synset: Synset, names: ConceptLookup) -> Iterator[str]:
    """The concepts of the collection that a synset is; its own number, if it is none of them."""
    concept = f"n{_offset(synset)}"
    if names.concept(concept):
        yield concept
        return
    named = (
        meaning.concept for word in _english_words(synset) for meaning in names.lookup(word, language="en")
    )
    # A concept with a number of its own is another sense of the word.
    found = dict.fromkeys(one for one in named if not _CONCEPT.fullmatch(one))
    yield from found or [concept]


def _offset(synset: Synset) -> str:
    """The number in WordNet 3.0; that of the English synset it is linked to, if a lexicon has its own numbers."""
    if own := _SYNSET.fullmatch(synset.id):
        return own[1]
    linked = _linked(synset)
    found = _SYNSET.fullmatch(linked.id) if linked else None
    return found[1] if found else synset.id


def _linked(synset: Synset) -> Synset | None:
    english = _english()
    if not english or synset.ili is None:
        return None
    with open_lexicons(english) as wordnet:
        return next(iter(wordnet.synsets(ili=synset.ili)), None)


def _english() -> Sequence[Lexicon]:
    """The lexicon whose hypernyms the others borrow."""
    return [one for one in installed() if one.id == "omw-en"][:1] if is_installed() else []


def _english_words(synset: Synset) -> Sequence[str]:
    linked = synset if synset.lexicon().language == "en" else _linked(synset)
    return linked.lemmas() if linked else ()


def _written(synset: Synset, name: str) -> tuple[int, str]:
    """How many words of the synset come before this one, and the word as the lexicon writes it."""
    words = synset.lemmas()
    if name in words:
        return words.index(name), name
    alike = (place for place, word in enumerate(words) if fold(word) == fold(name))
    place = next(alike, None)
    return (len(words), name) if place is None else (place, words[place])


def _upward(wordnet: Wordnet, lexicon: Lexicon, concepts: Iterable[str]) -> Iterator[Synset]:
    """The synsets of some concepts, then their hypernyms, a level at a time."""
    numbers = [found[1] for one in concepts if (found := _CONCEPT.fullmatch(one))]
    level = [one for number in numbers if (one := _synset(wordnet, lexicon, number))]
    seen: set[str] = set()
    while level:
        level = [one for one in {synset.id: synset for synset in level}.values() if one.id not in seen]
        seen |= {one.id for one in level}
        yield from level
        level = [above for synset in level for above in synset.hypernyms()]


def _synset(wordnet: Wordnet, lexicon: Lexicon, number: str) -> Synset | None:
    from wn import Error

    try:
        return wordnet.synset(f"{lexicon.id}-{number}-n")
    except Error:  # there is none of that number
        return None


def _words(lexicons: Sequence[Lexicon], numbers: Sequence[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    """The words of some synsets by language, by number."""
    words: dict[str, dict[str, tuple[str, ...]]] = {number: {} for number in numbers}
    for lexicon in lexicons:
        found = lemmas(lexicon, [f"{lexicon.id}-{number}-n" for number in numbers])
        for number, names in words.items():
            if own := found.get(f"{lexicon.id}-{number}-n"):
                both = (*names.get(lexicon.language, ()), *own)
                names[lexicon.language] = tuple(dict.fromkeys(filter(fold, both)))
    return words
