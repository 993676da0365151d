"""What became of the labels that were read, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import ClassVar

from ..values.types import Json

__all__ = ["LabelCounts"]


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """What became of labels: ``read == written + changed + unchanged + kept + sum(dropped.values())``.

    A label is one concept of one picture or box, by one source; a box without a concept is one.

    Parameters
    ----------
    read : int
        Found in the source.
    written : int
        New in the collection.
    changed : int
        Of which the same import had another value before.
    unchanged : int
        There already.
    kept : int
        Of which the collection has a correction, which stays.
    removed : int
        Removed, because a new import from the same file no longer has them; not among those read.
    dropped : mapping of str to int
        Not written, by reason.
    """

    read: int = 0
    written: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0
    removed: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)

    MOST_LISTED: ClassVar[int] = 5

    def __bool__(self) -> bool:
        return bool(self.read or self.removed)

    @property
    def has_changes(self) -> bool:
        """Whether anything was written or taken back."""
        return bool(self.written or self.changed or self.removed)

    def __str__(self) -> str:
        dropped = sum(self.dropped.values())
        often = sorted(self.dropped.items(), key=lambda one: -one[1])
        reasons = "; ".join(f"{count:,} {reason}" for reason, count in often[: self.MOST_LISTED])
        if len(often) > self.MOST_LISTED:
            reasons += f"; and {len(often) - self.MOST_LISTED:,} more reasons"
        counts = [
            f"{self.written:,} written" if self.written else "",
            f"{self.changed:,} changed" if self.changed else "",
            f"{self.removed:,} removed" if self.removed else "",
            f"{self.unchanged:,} unchanged" if self.unchanged else "",
            f"{self.kept:,} kept as corrected here" if self.kept else "",
            f"{dropped:,} dropped ({reasons})" if dropped else "",
        ]
        return f"labels: {self.read:,} read, {', '.join(filter(None, counts))}"

    @classmethod
    def of(cls, counts: Iterable[LabelCounts]) -> LabelCounts:
        """Several as one."""
        return reduce(add, filter(None, counts), cls())

    def __add__(self, other: LabelCounts) -> LabelCounts:
        """Both as one."""
        return LabelCounts(
            read=self.read + other.read,
            written=self.written + other.written,
            changed=self.changed + other.changed,
            unchanged=self.unchanged + other.unchanged,
            kept=self.kept + other.kept,
            removed=self.removed + other.removed,
            dropped=dict(Counter(self.dropped) + Counter(other.dropped)),
        )

    def to_dict(self) -> dict[str, Json]:
        """A JSON object."""
        return {
            "read": self.read,
            "written": self.written,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "kept": self.kept,
            "removed": self.removed,
            "dropped": dict(self.dropped),
        }
