"""The `template` translator: a small dictionary into English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from toolkit.plugins import ConceptLookup, Meaning, Translator, fold, hookimpl

__all__ = ["TemplateTranslator"]

ENGLISH: Mapping[str, Mapping[str, str]] = {"es": {"perro": "dog", "gato": "cat"}}  # by language and word


class TemplateTranslator:
    """Finds the concepts of words by their English names."""

    name = "template"

    def translate(self, name: str, *, language: str | None, names: ConceptLookup) -> Iterable[Meaning]:
        """The concepts that a word may stand for, the likeliest first; any language if there is none."""
        for tag in ENGLISH if language is None else [language.split("-")[0]]:
            if english := ENGLISH.get(tag, {}).get(fold(name)):
                for meaning in names.lookup(english, language="en"):
                    yield replace(meaning, language=tag, name=name, origin=self.name)


@hookimpl
def toolkit_translators() -> Sequence[Translator]:
    """Give the toolkit its translators."""
    return [TemplateTranslator()]
