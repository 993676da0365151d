"""The translator that finds the names stored in the collection."""

from __future__ import annotations

from collections.abc import Iterable

from toolkit.plugins import ConceptLookup, Meaning

__all__ = ["StoredNames"]


class StoredNames:
    """Finds concepts by the names that the collection stores."""

    name = "names"

    def translate(self, name: str, *, language: str | None, names: ConceptLookup) -> Iterable[Meaning]:
        """The concepts with this name in the language, or in the nearest wider one."""
        return names.lookup(name, language=language)
