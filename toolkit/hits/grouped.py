"""Hits in groups: near-duplicates, and the regions of one picture, behind the best of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, overload

from . import contact_sheet

if TYPE_CHECKING:
    from .hits import Hits

__all__ = ["Grouped"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Grouped(Sequence["Hits"]):
    """Groups of hits, in the order of the best of each.

    Parameters
    ----------
    groups : sequence of Hits
        Each in rank order.
    hits : Hits
        All of them, as they were ranked.
    """

    groups: Sequence[Hits]
    hits: Hits

    @classmethod
    def of(cls, hits: Hits, same: Sequence[Sequence[str]]) -> Grouped:
        """Some hits in groups.

        Parameters
        ----------
        hits : Hits
            What is grouped.
        same : sequence of sequences of str
            Ids of inputs that belong together, none in two.
        """
        name = {id: group[0] for group in same for id in group}
        members: dict[str, list[int]] = {}
        for at, hit in enumerate(hits):
            members.setdefault(name.get(hit.input.id, hit.input.id), []).append(at)
        groups = [replace(hits, hits=[hits[at] for at in places]) for places in members.values()]
        return cls(groups, hits)

    @overload
    def __getitem__(self, index: int) -> Hits: ...
    @overload
    def __getitem__(self, index: slice) -> Grouped: ...
    def __getitem__(self, index: int | slice) -> Hits | Grouped:
        return Grouped(self.groups[index], self.hits) if isinstance(index, slice) else self.groups[index]

    def __len__(self) -> int:
        return len(self.groups)

    @property
    def first(self) -> Hits:
        """The best hit of each group."""
        return replace(self.hits, hits=[group[0] for group in self.groups])

    def _captions(self) -> list[str]:
        return ["" if len(group) == 1 else f"and {len(group) - 1} more like it" for group in self.groups]

    def __repr__(self) -> str:
        count = sum(map(len, self.groups))
        return f"<{count:,} hits in {len(self):,} groups>"

    def _repr_html_(self) -> str:
        section = self.first.section(captions=self._captions())
        return contact_sheet.fragment(replace(section, milliseconds=None, more="", summary=repr(self)[1:-1]))
