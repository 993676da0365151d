"""What came of adding or indexing: counts, and every failure with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..plain_text import printable
from ..values.types import Json

__all__ = ["Failure", "Report"]

RATED = 100  # so few pictures say nothing of how fast it goes


@dataclass(frozen=True, slots=True, order=True)
class Failure:
    """One source that could not be read.

    Parameters
    ----------
    uri : str
        What it was.
    reason : str
        Why, in a few words.
    """

    uri: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did.

    Parameters
    ----------
    added : int
        New inputs.
    skipped : int
        Sources that were there already, or whose content was.
    indexed : int
        Inputs of before that got what they were missing.
    failed : tuple of Failure
        Sources that could not be read, in the order of their names; they are tried again when they change.
    seconds : float
        How long it took.
    notes : tuple of str
        What else there is to say, such as what a reduction was fitted on.
    """

    added: int = 0
    skipped: int = 0
    indexed: int = 0
    failed: Sequence[Failure] = ()
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    MOST_LISTED: ClassVar[int] = 10

    def __str__(self) -> str:
        done = self.added + self.indexed
        rate = f" ({done / self.seconds:,.0f} a second)" if self.seconds and done >= RATED else ""
        counts = [
            f"{self.added:,} added",
            f"{self.skipped:,} skipped" if self.skipped else "",
            f"{self.indexed:,} indexed" if self.indexed else "",
            f"{len(self.failed):,} failed" if self.failed else "",
        ]
        lines = [", ".join(filter(None, counts)) + rate]
        lines += [printable(f"  {one.uri}: {one.reason}") for one in self.failed[: self.MOST_LISTED]]
        if len(self.failed) > self.MOST_LISTED:
            lines.append(f"  and {len(self.failed) - self.MOST_LISTED:,} more")
        lines += map(printable, self.notes)
        return "\n".join(lines)

    __repr__ = __str__

    @classmethod
    def of(cls, reports: Iterable[Report]) -> Report:
        """Several runs as one."""
        added, skipped, indexed, seconds = 0, 0, 0, 0.0
        failed: list[Failure] = []
        notes: list[str] = []
        for one in reports:
            added, skipped, indexed = added + one.added, skipped + one.skipped, indexed + one.indexed
            seconds += one.seconds
            failed += one.failed
            notes += one.notes
        return cls(added, skipped, indexed, tuple(sorted(failed)), seconds, tuple(notes))

    def __add__(self, other: Report) -> Report:
        """Both runs as one."""
        return Report.of([self, other])

    def to_dict(self) -> dict[str, Json]:
        """A JSON object, as ``--json`` prints it."""
        return {
            "added": self.added,
            "skipped": self.skipped,
            "indexed": self.indexed,
            "failed": [{"uri": failure.uri, "reason": failure.reason} for failure in self.failed],
            "seconds": round(self.seconds, 3),
            "notes": list(self.notes),
        }
