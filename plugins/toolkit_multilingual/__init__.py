"""Concepts named in any language, by the names a collection stores."""

from collections.abc import Sequence

from toolkit.hooks import hookimpl
from toolkit.interfaces import Translator

from .stored_names import StoredNames

__all__ = ["StoredNames"]


@hookimpl
def toolkit_translators() -> Sequence[Translator]:
    """The names stored in the collection."""
    return [StoredNames()]
