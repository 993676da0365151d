"""Everyday words in 14 languages, from the names that Unicode gives to emoji."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from toolkit.plugins import ConceptLookup, Meaning, fallbacks, fold

from .kanji import KANA

__all__ = ["EmojiLexicon"]

# Skin tones, the flags of countries, and people joined to others say nothing new of what is on a picture.
_PARTS = frozenset(map(chr, [*range(0x1F3FB, 0x1F400), *range(0x1F1E6, 0x1F200), 0x200D, 0xE007F]))


class EmojiLexicon:
    """Finds concepts by the names of emoji: 犬 and Hund are the 🐕 that English calls "dog".

    The words come with the package ``emoji``, taken from the Common Locale Data Repository; nothing is downloaded.

    References
    ----------
    Unicode CLDR, short names of characters: https://cldr.unicode.org/translation/characters/short-names-and-keywords
    """

    name = "emoji"

    def translate(self, name: str, *, language: str | None, names: ConceptLookup) -> Iterable[Meaning]:
        """The concepts whose English name is that of an emoji that goes by this name in the language."""
        found: dict[str, Meaning] = {}
        for tag in _languages(language):
            for english in _lexicon(tag).get(fold(name), ()):
                for meaning in names.lookup(english, language="en"):
                    found.setdefault(meaning.concept, Meaning(meaning.concept, tag, name, self.name))
            if found:
                break
        return list(found.values())


def _languages(language: str | None) -> Iterator[str]:
    from emoji import LANGUAGES

    return (tag for tag in (LANGUAGES if language is None else fallbacks(language)) if tag in LANGUAGES)


@cache  # one entry a language
def _lexicon(language: str) -> Mapping[str, tuple[str, ...]]:
    """English names by folded name in a language."""
    from emoji import EMOJI_DATA, config

    config.load_language(language)
    english: dict[str, dict[str, None]] = {}
    for character, names in EMOJI_DATA.items():
        if _PARTS.isdisjoint(character) and language in names:
            words = dict.fromkeys(_english([names["en"], *names.get("alias", ())]))
            for word in words if language == "en" else [_word(names[language])]:
                english.setdefault(fold(word), {}).update(words)
    if language == "ja":
        english = {fold(kanji): english.get(fold(kana), {}) for kanji, kana in KANA.items()} | english
    return {folded: tuple(words) for folded, words in english.items()}


def _english(codes: Iterable[str]) -> Iterator[str]:
    for code in codes:
        word = _word(code)
        yield word
        if word.endswith(" face"):  # 🐶 is "dog face"; in other languages just as often "dog"
            yield word.removesuffix(" face")


def _word(code: str) -> str:
    return code.strip(":").replace("_", " ")
