"""The result of adding or indexing: counts, and every failure with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from ..plain_text import printable
from ..values.failure import Failure
from ..values.types import Json
from .label_counts import LabelCounts

__all__ = ["Failure", "Report"]

RATED = 100  # so few pictures say nothing of how fast it goes


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did.

    Parameters
    ----------
    added : int
        New inputs.
    skipped : int
        Pictures that are in the collection already, and whose labels did not change.
    indexed : int
        Older inputs for which missing results were computed.
    failed : tuple of Failure
        Pictures that could not be read, by URI: a damaged one is tried again when it changes, one whose file could not
        be read at all the next time.
    seconds : float
        How long it took.
    notes : tuple of str
        Further lines, such as the size of a reduction.
    updated : int
        Older inputs whose labels changed.
    labels : LabelCounts
        What became of the labels that were read.
    moved : int
        Older inputs whose pictures were found at another place than before, and are read there now.
    regions : int
        Regions at which a concept model looked.
    """

    added: int = 0
    skipped: int = 0
    indexed: int = 0
    failed: Sequence[Failure] = ()
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    updated: int = 0
    labels: LabelCounts = field(default_factory=LabelCounts)
    moved: int = 0
    regions: int = 0

    MOST_LISTED: ClassVar[int] = 10

    def __str__(self) -> str:
        return self.text()

    def text(self, say: Callable[[str], str] = str) -> str:
        """The counts in one line, then what failed, then the notes.

        Parameters
        ----------
        say : callable
            Turns a reason or a note into the words of whoever reads it; see `toolkit.remedies`.
        """
        done = self.added + self.indexed
        rate = f" ({done / self.seconds:,.0f} a second)" if self.seconds and done >= RATED else ""
        counts = [
            f"{self.added:,} added",
            f"{self.updated:,} updated" if self.updated else "",
            f"{self.moved:,} moved" if self.moved else "",
            f"{self.skipped:,} skipped" if self.skipped else "",
            f"{self.indexed:,} indexed" if self.indexed else "",
            f"{self.regions:,} regions classified" if self.regions else "",
            f"{len(self.failed):,} failed" if self.failed else "",
        ]
        lines = [", ".join(filter(None, counts)) + rate, *([str(self.labels)] if self.labels else [])]
        lines += [printable(f"  {one.uri}: {say(one.reason)}") for one in self.failed[: self.MOST_LISTED]]
        if len(self.failed) > self.MOST_LISTED:
            lines.append(f"  and {len(self.failed) - self.MOST_LISTED:,} more")
        lines += [printable(say(note)) for note in self.notes]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.text()

    @classmethod
    def of_failures(cls, failures: Iterable[Failure]) -> Report:
        """What could not be read, with the labels that are lost."""
        failures = tuple(failures)
        lost = sum(one.labels for one in failures)
        dropped = {"with what failed": lost} if lost else {}
        return cls(failed=failures, labels=LabelCounts(read=lost, dropped=dropped))

    @classmethod
    def of(cls, reports: Iterable[Report]) -> Report:
        """Several runs as one."""
        added, skipped, updated, moved, indexed, regions, seconds = 0, 0, 0, 0, 0, 0, 0.0
        failed: list[Failure] = []
        notes: list[str] = []
        labels: list[LabelCounts] = []
        for one in reports:
            added, skipped = added + one.added, skipped + one.skipped
            updated, moved, indexed = updated + one.updated, moved + one.moved, indexed + one.indexed
            regions, seconds = regions + one.regions, seconds + one.seconds
            labels.append(one.labels)
            failed += one.failed
            notes += one.notes
        counts = LabelCounts.of(labels)
        failures = tuple(sorted(failed))
        return cls(added, skipped, indexed, failures, seconds, tuple(notes), updated, counts, moved, regions)

    def __add__(self, other: Report) -> Report:
        """Both runs as one."""
        return Report.of([self, other])

    def to_dict(self) -> dict[str, Json]:
        """A JSON object, as ``--json`` prints it."""
        return {
            "added": self.added,
            "skipped": self.skipped,
            "updated": self.updated,
            "moved": self.moved,
            "indexed": self.indexed,
            "regions": self.regions,
            "failed": [{"uri": failure.uri, "reason": failure.reason} for failure in self.failed],
            "labels": self.labels.to_dict(),
            "seconds": round(self.seconds, 3),
            "notes": list(self.notes),
        }
