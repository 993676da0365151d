"""The lexicon of everyday words that comes with the toolkit."""

from __future__ import annotations

import subprocess
import sys

import pytest
from toolkit_multilingual.emoji_lexicon import EmojiLexicon

from toolkit.plugins.interfaces import Meaning
from toolkit.testing import TranslatorContract


class TestEmojiLexicon(TranslatorContract):
    translator = EmojiLexicon()

    @pytest.mark.parametrize(
        ("word", "language", "spoken"),
        [
            ("Hund", "de", "de"),
            ("HUND", "de-AT", "de"),
            ("犬", "ja", "ja"),
            ("イヌ", "ja", "ja"),
            ("いぬ", "ja", "ja"),
            ("狗", "zh-Hant-TW", "zh"),
            ("chien", "fr", "fr"),
            ("собака", "ru", "ru"),
            ("개", "ko", "ko"),
            ("كلب", "ar", "ar"),
            ("كَلْب", "ar", "ar"),
            ("perro", None, "es"),
        ],
    )
    def test_an_everyday_word_finds_the_concept_of_its_english_name(self, word, language, spoken):
        assert list(self.meanings(word, language)) == [Meaning("dog", spoken, word, "emoji")]

    def test_a_language_it_does_not_have_means_nothing(self):
        assert not self.meanings("madra", "ga")

    def test_flags_and_skin_tones_are_no_words(self):
        assert not self.meanings("Flagge: Schweiz", "de")


def test_importing_the_plugin_reads_no_lexicon():
    code = "import sys, toolkit_multilingual, toolkit_wordnet; print({'emoji', 'wn'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
