"""The translator that knows what the collection itself was told."""

from __future__ import annotations

from collections.abc import Iterable

from toolkit.interfaces import Meaning, Names

from .tags import fall_back

__all__ = ["StoredNames"]


class StoredNames:
    """Finds concepts by the names stored for a language, falling back from ``zh-Hant-TW`` to ``zh``."""

    name = "names"

    def translate(self, name: str, *, language: str | None, names: Names) -> Iterable[Meaning]:
        """The concepts that go by this name in the closest language there is."""
        if language is None:
            return names.lookup(name, language=None)
        found = (names.lookup(name, language=tag) for tag in fall_back(language))
        return next(filter(None, found), ())
