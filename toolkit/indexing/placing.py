"""Labels of a record, with their boxes on the upright picture: where the frames of label files end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..plugins.interfaces import Record
from ..values.names import plain_name
from ..values.types import Box

__all__ = ["Placed", "PlacedLabel", "placed"]

OUTSIDE = "empty or outside the picture"
AGAIN = "said twice"
ROUNDING = 1e-6  # of the picture's sides: far less than a pixel


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """What a source says of a row.

    Parameters
    ----------
    source : str
        Empty for the person of the settings.
    box : Box or None
        On the upright picture; None for the whole.
    concepts : mapping of str to float
        By name, as it is written in the store.
    """

    source: str
    box: Box | None
    concepts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """All that a record says.

    Parameters
    ----------
    labels : tuple of PlacedLabel
        One for each source and box.
    dropped : mapping of str to int
        How many labels are not among them, by reason.
    """

    labels: tuple[PlacedLabel, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)

    def snapped(self, boxes: Iterable[Box]) -> Placed:
        """The same with each box that is one of some others but for rounding as that other.

        What was written with ten digits and is read again is then no new region.
        """
        there = list(boxes)
        if not there:
            return self
        labels = (replace(one, box=one.box and _nearest(one.box, there)) for one in self.labels)
        return replace(self, labels=tuple(labels))

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The boxes something is said of, each once."""
        return tuple(dict.fromkeys(one.box for one in self.labels if one.box is not None))


def placed(record: Record, *, width: int, height: int, orientation: Callable[[], int]) -> Placed:
    """What a record says of a picture of this size.

    Parameters
    ----------
    record : Record
        What an importer read.
    width, height : int
        Of the upright picture, in pixels.
    orientation : callable
        How the picture is stored (its EXIF orientation); asked only where that makes a difference.
    """
    said: dict[tuple[str, Box | None], dict[str, float]] = {}
    dropped = Counter(record.dropped)
    if record.concepts:
        _say(said, dropped, "", None, record.concepts)
    for region in record.regions:
        _say(said, dropped, "", region.box, region.concepts)
    for label in record.labels:
        box = None
        if label.corners is not None:
            turn = orientation() if label.frame.lies(width=width, height=height) else 1
            box = label.frame.box(label.corners, width=width, height=height, orientation=turn)
            if box is None:
                dropped[OUTSIDE] += label.count
                continue
        _say(said, dropped, label.source, box, label.concepts)
    labels = tuple(PlacedLabel(source, box, concepts) for (source, box), concepts in said.items())
    return Placed(labels, dict(dropped))


def _nearest(box: Box, others: Sequence[Box]) -> Box:
    if box in others:
        return box
    sides = tuple(box)
    near = (
        other for other in others if all(abs(a - b) <= ROUNDING for a, b in zip(sides, other, strict=True))
    )
    return next(near, box)


def _say(
    said: dict[tuple[str, Box | None], dict[str, float]],
    dropped: Counter[str],
    source: str,
    box: Box | None,
    concepts: Mapping[str, float],
) -> None:
    before = said.get((source, box))
    if before is None:
        before = said[source, box] = {}
    elif not concepts:
        dropped[AGAIN] += 1
    for name, value in concepts.items():
        plain = plain_name(name)
        if plain in before:
            dropped[AGAIN] += 1
        before[plain] = float(value)
