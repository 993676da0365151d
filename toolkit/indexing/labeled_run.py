"""What one run of adding has labeled so far, so that pictures met twice are treated well and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .job import KnownInput

__all__ = ["LabeledRun"]


class LabeledRun:
    """The pictures that a run has labeled."""

    def __init__(self) -> None:
        self._imported: set[tuple[str, str]] = set()
        self._whole: dict[int, tuple[str, frozenset[str]]] = {}

    def may_remove(self, known: Sequence[KnownInput]) -> list[KnownInput]:
        """The same, with whether labels of an earlier import that this one lacks are removed.

        Not if some of its labels could not be read, nor where one label file speaks of a picture a second time.
        """
        imported: set[tuple[str, str]] = set()
        marked = []
        for one in known:
            at = one.record.label_file, one.uri
            may = bool(one.record.label_file) and not one.record.is_partial
            marked.append(replace(one, may_remove=may and at not in imported and at not in self._imported))
            imported.add(at)
        return marked

    def noted(self, known: Sequence[KnownInput]) -> tuple[str, ...]:
        """A sentence for each picture that is the same as an earlier one but is labeled otherwise as a whole."""
        self._imported.update((one.record.label_file, one.uri) for one in known if one.record.label_file)
        return tuple(filter(None, map(self._note, known)))

    def _note(self, one: KnownInput) -> str:
        if not one.placed.labels:
            return ""
        names = frozenset(
            name
            for label in one.placed.labels
            if label.box is None
            for name, value in label.concepts.items()
            if value > 0
        )
        if not names:
            return ""
        uri, before = self._whole.setdefault(one.key, (one.uri, names))
        if uri == one.uri or names == before:
            return ""
        both = f"{uri} is labeled {_listed(before)}, {one.uri} {_listed(names)}"
        return f"one picture in two places: {both}; both labels stay"


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)[:5])
