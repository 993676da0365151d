"""The contract of a translator."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from ..plugins.interfaces import ConceptLookup, Meaning, Translator
from ..plugins.registry import Registry
from .context import StubConceptLookup

__all__ = ["TranslatorContract"]


class TranslatorContract:
    """Tests of what every translator promises; subclass it and set `translator` and a word that it knows.

    Attributes
    ----------
    translator : Translator
        What is tested.
    word, language : str
        A word that it knows, and the tag of the word's language.
    concept : str
        The concept that the word means.
    foreign : str
        The tag of a language in which the word means nothing; Klingon by default.
    names : Names
        The names stored in the collection; a few in English, German and Japanese if left out.
    """

    translator: Translator
    word: str = "Hund"
    language: str = "de"
    concept: str = "dog"
    foreign: str = "tlh"
    names: ConceptLookup = StubConceptLookup()

    def meanings(self, word: str, language: str | None) -> Sequence[Meaning]:
        """What a word may mean.

        Parameters
        ----------
        word : str
            In any script.
        language : str or None
            BCP 47 tag of the word's language.
        """
        return list(self.translator.translate(word, language=language, names=self.names))

    def test_it_can_be_registered(self) -> None:
        registry = Registry()
        registry.add(self.translator, kind="translators")
        assert list(registry.translators) == [self.translator.name]

    def test_a_word_it_knows_has_its_meaning(self) -> None:
        assert self.concept in [meaning.concept for meaning in self.meanings(self.word, self.language)]

    def test_the_word_has_that_meaning_in_its_own_language_only(self) -> None:
        foreign = [meaning.concept for meaning in self.meanings(self.word, self.foreign)]
        assert self.concept not in foreign, f"{self.word!r} is no word of {self.foreign!r}; heed `language`"

    def test_without_a_language_every_one_is_looked_in(self) -> None:
        assert self.concept in [meaning.concept for meaning in self.meanings(self.word, None)]

    def test_meanings_say_what_matched_and_who_knew(self) -> None:
        for meaning in self.meanings(self.word, self.language):
            assert isinstance(meaning, Meaning)
            assert all(isinstance(part, str) for part in (meaning.concept, meaning.language, meaning.name))
            assert meaning.origin

    def test_a_meaning_is_there_once(self) -> None:
        concepts = [meaning.concept for meaning in self.meanings(self.word, self.language)]
        assert len(set(concepts)) == len(concepts)

    def test_a_word_nobody_knows_means_nothing(self) -> None:
        assert not self.meanings("qxzvkjw qxzvkjw", self.language)

    def test_any_text_and_any_language_tag_is_a_question(self) -> None:
        for word in ("", " ", "\0", "%_*?[", "'; --", "犬🐕", "e\u0301", "a" * 10_000):
            for language in (None, self.language, "tlh", "zh-Hant-TW"):
                self.meanings(word, language)

    def test_the_same_word_has_the_same_meanings_on_any_thread(self) -> None:
        expected = self.meanings(self.word, self.language)
        with ThreadPoolExecutor(4) as pool:
            every = list(pool.map(lambda _: self.meanings(self.word, self.language), range(8)))
        assert every == [expected] * 8
