"""The hits of a page in another order, and in groups that are folded behind the best of each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..hits import Hits
from ..hits.captions import display_name
from ..values.types import Hit, Json
from .labels import key_of

__all__ = ["ORDERS", "Arrangement", "arranged"]

ORDERS: Final[Mapping[str, Callable[[Hit], object] | None]] = {
    "best": None,
    "newest": lambda hit: -hit.input.created_at,
    "oldest": lambda hit: hit.input.created_at,
    "name": lambda hit: display_name(hit.input).casefold(),
    "largest": lambda hit: -hit.input.width * hit.input.height,
}


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Hits as they are laid out.

    Parameters
    ----------
    hits : Hits
        What is shown, in order.
    others : mapping of int to int
        By the place of the first of a group, how many more it has.
    members : frozenset of int
        The places of those that are shown behind the first of their group.
    """

    hits: Hits
    others: Mapping[int, int]
    members: frozenset[int] = frozenset()

    def place(self, at: int) -> dict[str, Json]:
        """What a cell says of its group, as a JSON object: ``others`` behind it, or whether it is a ``member``."""
        return {"others": self.others.get(at, 0), "member": at in self.members}


def arranged(hits: Hits, *, order: str, grouped: bool, unfolded: Collection[str]) -> Arrangement:
    """Hits in an order, and in groups.

    Parameters
    ----------
    hits : Hits
        Best first.
    order : str
        One of `ORDERS`.
    grouped : bool
        Whether near-duplicates, and regions of one picture, are one group each.
    unfolded : collection of str
        The keys of those firsts whose groups are shown whole.
    """
    groups: Sequence[Hits] = hits.grouped().groups if grouped else [replace(hits, hits=[hit]) for hit in hits]
    key = ORDERS[order]
    if key is not None:
        groups = sorted(groups, key=lambda group: key(group[0]))  # type: ignore[arg-type,return-value]  # of one type each
    shown: list[Hit] = []
    others: dict[int, int] = {}
    members: set[int] = set()
    for group in groups:
        if len(group) > 1:
            others[len(shown)] = len(group) - 1
        is_whole = key_of(group[0], hits.level) in unfolded
        members.update(range(len(shown) + 1, len(shown) + len(group)) if is_whole else ())
        shown += group if is_whole else [group[0]]
    return Arrangement(replace(hits, hits=shown), others, frozenset(members))
