"""Which part of a ranking is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import Literal, get_args

from ..errors import QueryError
from ..query.checks import is_number
from ..values.confidence import is_confidence
from ..values.types import Level

__all__ = ["LoneCosine", "Window"]

LoneCosine = Literal["probability", "half"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which hits of a query are wanted.

    Parameters
    ----------
    limit : int
        How many, at least 1.
    offset : int
        How many to leave out before, at least 0.
    level : {"input", "region"}
        One hit an input, or one a row.
    minimum : float
        The least score of a hit, in [0, 1].
    lone_cosine : {"probability", "half"}
        How a rank by similarity scores that is alone.
    detections : float, optional
        The least confidence of a detection that counts; that of the settings by default.

    Raises
    ------
    QueryError
        For a value that cannot be.
    """

    limit: int
    offset: int
    level: Level
    minimum: float
    lone_cosine: LoneCosine = "probability"
    detections: float | None = None

    def __post_init__(self) -> None:
        if not _is_count(self.limit) or self.limit < 1:
            raise QueryError(f"limit={self.limit!r}: a whole number of hits, at least 1")
        if not _is_count(self.offset) or self.offset < 0:
            raise QueryError(f"offset={self.offset!r}: a whole number of hits to leave out, 0 or more")
        if self.level not in get_args(Level):
            raise QueryError(f"level={self.level!r}: a hit is an 'input' or a 'region'")
        if self.lone_cosine not in get_args(LoneCosine):
            raise QueryError(f"lone_cosine={self.lone_cosine!r}: 'probability' or 'half'")
        if self.detections is not None and not (
            is_number(self.detections) and is_confidence(self.detections)
        ):
            raise QueryError(f"detections={self.detections!r}: a confidence is a number from 0 to 1")
        if not (is_number(self.minimum) and is_confidence(self.minimum)):
            raise QueryError(f"minimum={self.minimum!r}: scores are numbers from 0 to 1")

    @property
    def end(self) -> int:
        """How many of the best hits hold all that is wanted."""
        return int(self.limit) + int(self.offset)


def _is_count(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)
