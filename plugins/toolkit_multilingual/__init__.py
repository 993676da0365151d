"""Concepts named in any language: by the names a collection stores, then by a lexicon of everyday words."""

from collections.abc import Sequence

from toolkit.plugins import Translator, hookimpl

from .emoji_lexicon import EmojiLexicon
from .stored_names import StoredNames

__all__ = ["EmojiLexicon", "StoredNames"]


@hookimpl(tryfirst=True)  # what the collection itself says goes before any lexicon
def toolkit_translators() -> Sequence[Translator]:
    """The names stored in the collection, and those of emoji."""
    return [StoredNames(), EmojiLexicon()]
