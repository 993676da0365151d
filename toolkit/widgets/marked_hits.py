"""Hits of which a person selects, opens and marks some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import traitlets

from ..errors import QueryError, UnknownNameError
from ..hits import Hits
from ..values.types import Hit
from .labels import key_of
from .message_widget import MessageWidget

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["MarkedHits", "Marker"]

Marker: TypeAlias = Callable[["Sequence[Hit]", "float | None", str], None]


class MarkedHits(MessageWidget):
    """Hits by their keys, with those that are selected, marked, and open.

    Parameters
    ----------
    hits : Hits
        What is shown first.
    """

    selected: traitlets.List[str] = traitlets.List().tag(sync=True)
    marks: traitlets.Dict[str, float] = traitlets.Dict().tag(sync=True)
    pending: traitlets.Dict[str, float] = traitlets.Dict().tag(sync=True)
    theirs: traitlets.Dict[str, list[str]] = traitlets.Dict().tag(sync=True)
    opened = traitlets.Unicode("").tag(sync=True)

    def __init__(self, hits: Hits) -> None:
        super().__init__()
        self._hits = self._before = hits
        self._index: dict[str, int] = {}
        self._done: list[dict[str, float | None]] = []
        self.marker: Marker | None = None
        """Who writes marks down before they are shown; `undo` is then theirs."""
        self.undoer: Callable[[], object] | None = None
        self.namer: Callable[[str], object] | None = None
        """Who writes down the marks that wait for the name of a concept."""

    @property
    def selection(self) -> Hits:
        """The selected hits; ``gallery.selection.frame()`` is a DataFrame of them."""
        return self._some(self.selected)

    def select(self, which: Iterable[int | str | Hit]) -> None:
        """Select hits by position, key, or as hits; those selected before are no more."""
        self.selected = [self.key(one) for one in which]

    def enlarge(self, which: int | str | Hit | None = 0) -> None:
        """Open a hit large, or another picture of the collection by its id; None closes it."""
        self.opened = "" if which is None else self._key_of(which)

    def _key_of(self, which: int | str | Hit) -> str:
        return key_of(self._hit(which), self._hits.level)

    def _hit(self, which: int | str | Hit) -> Hit:
        """A hit that is shown."""
        return self._hits[self._index[self.key(which)]]

    def mark(self, which: Iterable[int | str | Hit], value: float | None = 1.0, *, concept: str = "") -> None:
        """Mark hits as relevant (1), not relevant (0), or as neither (None).

        Parameters
        ----------
        which : iterable of int, str or Hit
            Hits: their places among those shown, their keys, or themselves.
        value : float or None
            In [0, 1]; None removes the mark.
        concept : str
            What the marks are labels of, where they are written down; by default what the labeler has.
        """
        hits = [self._hit(one) for one in which]
        keys = [key_of(hit, self._hits.level) for hit in hits]
        if self.marker is not None:
            self.marker(hits, value, concept)
            return
        self._done.append({key: self.marks.get(key) for key in keys})
        self.set_marks(dict.fromkeys(keys, value))

    def set_marks(self, marks: dict[str, float | None]) -> None:
        """Change what is shown as marked, and nothing else."""
        merged = {**self.marks, **marks}
        self.marks = {key: value for key, value in merged.items() if value is not None}

    def undo(self) -> None:
        """Take back the last marking."""
        if self.undoer is not None:
            self.undoer()
        elif self._done:
            self.set_marks(self._done.pop())

    @property
    def relevant(self) -> Hits:
        """The hits marked as relevant."""
        return self._some(key for key, value in self.marks.items() if value >= 0.5)

    @property
    def irrelevant(self) -> Hits:
        """The hits marked as not relevant."""
        return self._some(key for key, value in self.marks.items() if value < 0.5)

    def frame(self) -> DataFrame:
        """The hits as a DataFrame, with what is marked and selected.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        keys = [key_of(hit, self._hits.level) for hit in self._hits]
        frame = self._hits.frame()
        frame["mark"] = [self.marks.get(key) for key in keys]
        frame["selected"] = [key in self.selected for key in keys]
        return frame

    def key(self, which: int | str | Hit) -> str:
        """The key of a hit that is shown.

        Raises
        ------
        UnknownNameError
            It is not shown.
        QueryError
            There is nothing at this position.
        """
        if isinstance(which, int):
            if not -len(self._hits) <= which < len(self._hits):
                raise QueryError(f"no hit {which}: there are {len(self._hits)}, counted from 0")
            which = self._hits[which]
        key = key_of(which, self._hits.level) if isinstance(which, Hit) else which
        if key not in self._index:
            raise UnknownNameError("hit", key, self._index)
        return key

    def _some(self, keys: Iterable[str]) -> Hits:
        positions = sorted(self._index[key] for key in keys if key in self._index)
        return replace(self._hits, hits=[self._hits[at] for at in positions])
