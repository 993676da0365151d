"""Words in many languages and hypernyms, from any lexicon of the Open Multilingual Wordnet."""

from collections.abc import Sequence

from click import Command

from toolkit.plugins import Translator, hookimpl

from .lexicons import add_lexicons
from .translator import WordnetTranslator

__all__ = ["WordnetTranslator", "add_lexicons"]


@hookimpl
def toolkit_translators() -> Sequence[Translator]:
    """The lexicons that ``toolkit wordnet add`` installed."""
    return [WordnetTranslator()]


@hookimpl
def toolkit_commands() -> Sequence[Command]:
    """``toolkit wordnet``."""
    from .commands import wordnet

    return [wordnet]
