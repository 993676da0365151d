"""The values everything else is made of: boxes, inputs, annotations, concepts, and the names of array types.

All are immutable. Shape letters, the same everywhere: n inputs, r rows, m embedded rows, c concepts,
d dimension, b batch, k neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from ..errors import QueryError
from .source import Source

__all__ = [
    "Annotation",
    "Box",
    "Concept",
    "Detection",
    "FloatArray",
    "GeoPoint",
    "Hit",
    "Input",
    "IntArray",
    "Json",
    "Level",
    "Part",
]

FloatArray: TypeAlias = npt.NDArray[np.float32]
IntArray: TypeAlias = npt.NDArray[np.signedinteger]
Json: TypeAlias = "None | bool | int | float | str | Sequence[Json] | Mapping[str, Json]"
Level = Literal["input", "region"]

_NOTHING: Mapping[str, Json] = MappingProxyType({})


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A rectangle on an upright image, as fractions of its height and width.

    Parameters
    ----------
    top_row, left_col, bottom_row, right_col : float
        In [0, 1], with ``top_row < bottom_row`` and ``left_col < right_col``.

    Raises
    ------
    QueryError
        A side outside the image, not a number, or a box turned inside out.

    Examples
    --------
    >>> Box(0.25, 0.0, 0.75, 0.5).pixels(width=200, height=100)
    (0, 25, 100, 75)
    """

    top_row: float
    left_col: float
    bottom_row: float
    right_col: float

    def __post_init__(self) -> None:
        sides = self.top_row, self.left_col, self.bottom_row, self.right_col
        if not all(0.0 <= side <= 1.0 for side in sides):  # also refuses NaN
            raise QueryError(f"box {sides} is not inside the image; the sides are fractions from 0 to 1")
        if self.top_row >= self.bottom_row or self.left_col >= self.right_col:
            raise QueryError(
                f"box {sides} is inverted or empty; give top_row, left_col, bottom_row, right_col"
            )

    def __iter__(self) -> Iterator[float]:
        return iter((self.top_row, self.left_col, self.bottom_row, self.right_col))

    @property
    def area(self) -> float:
        """The share of the image it covers, in (0, 1]."""
        return (self.bottom_row - self.top_row) * (self.right_col - self.left_col)

    def pixels(self, *, width: int, height: int) -> tuple[int, int, int, int]:
        """``(left, upper, right, lower)`` as Pillow's ``crop`` takes it, at least one pixel each way.

        Parameters
        ----------
        width : int
            Of the image, in pixels.
        height : int
            Of the image, in pixels.
        """
        left, upper = int(self.left_col * width), int(self.top_row * height)
        right, lower = round(self.right_col * width), round(self.bottom_row * height)
        return left, upper, max(right, left + 1), max(lower, upper + 1)

    def iou(self, other: Box) -> float:
        """Intersection over union with another box, in [0, 1]."""
        rows = min(self.bottom_row, other.bottom_row) - max(self.top_row, other.top_row)
        cols = min(self.right_col, other.right_col) - max(self.left_col, other.left_col)
        shared = max(rows, 0.0) * max(cols, 0.0)
        return shared / (self.area + other.area - shared)


@dataclass(frozen=True, slots=True)
class GeoPoint:
    """A place on Earth in degrees.

    Parameters
    ----------
    latitude : float
        In [-90, 90].
    longitude : float
        In [-180, 180].
    """

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise QueryError(
                f"({self.latitude}, {self.longitude}) is not (latitude, longitude): within 90 and 180 degrees"
            )


@dataclass(frozen=True, slots=True)
class Input:
    """One image of the collection.

    Parameters
    ----------
    id : str
        Its public name; by default the first 16 digits of ``sha256``.
    uri : str
        Where it came from: an absolute path, a URL, or ``bytes:<sha256>``.
    sha256 : str
        Hash of the encoded file, 64 hexadecimal digits.
    width, height : int
        Pixels, upright (after the EXIF orientation).
    metadata : mapping
        Any JSON object.
    geo : GeoPoint or None
        Where it was taken.
    datasets : tuple of str
        The datasets it belongs to.
    status : str
        ``"success"`` once indexed; ``"pending"`` or ``"failed"`` before or instead.
    created_at, modified_at : float
        Seconds since 1970, UTC.
    """

    id: str
    uri: str
    sha256: str
    width: int
    height: int
    metadata: Mapping[str, Json] = field(default_factory=lambda: _NOTHING)
    geo: GeoPoint | None = None
    datasets: tuple[str, ...] = ()
    status: str = "success"
    created_at: float = 0.0
    modified_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Annotation:
    """The concepts that one source gives to one row: an input as a whole, or one region of it.

    Parameters
    ----------
    id, input_id, region_id : str
        Its own name, the input's, and the row's. The row of a whole input has the input's id.
    box : Box or None
        The region; None for the whole image.
    source : Source
        Who: ``human:<user>`` or ``model:<name>@<version>``; plain text will do.
    concepts : mapping of str to float
        Concept id to value in [0, 1]; a human's 0 is a real "no".
    status : str
        ``"success"`` unless a reviewer set another word.
    info : mapping
        Any JSON object (``annotation_info`` on the wire).
    created_at, modified_at : float
        Seconds since 1970, UTC.
    """

    id: str
    input_id: str
    region_id: str
    box: Box | None
    source: Source
    concepts: Mapping[str, float] = field(default_factory=dict)
    status: str = "success"
    info: Mapping[str, Json] = field(default_factory=lambda: _NOTHING)
    created_at: float = 0.0
    modified_at: float = 0.0

    def __post_init__(self) -> None:
        if type(self.source) is not Source:  # plain text, as a notebook or a test writes it
            object.__setattr__(self, "source", Source(self.source))


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing an image can show, with its names.

    Parameters
    ----------
    id : str
        Such as ``"dog"`` or a WordNet id, ``"n02084071"``.
    names : mapping of str to tuple of str
        Names by language (BCP 47 tag), the preferred one first.
    definition : str
        One sentence, or empty.
    relations : mapping of str to tuple of str
        ``"hypernym"``, ``"hyponym"`` and ``"synonym"`` to concept ids.
    """

    id: str
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    definition: str = ""
    relations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def name(self, language: str = "en") -> str:
        """The preferred name in a language, else the id."""
        return next(iter(self.names.get(language, ())), self.id)


@dataclass(frozen=True, slots=True)
class Detection:
    """A region a detector found.

    Parameters
    ----------
    box : Box
        Where.
    concepts : mapping of str to float
        What, with values in [0, 1]; a proposer of regions without concepts uses ``{}``.
    score : float
        How sure the detector is that this is a region at all, in [0, 1].
    """

    box: Box
    concepts: Mapping[str, float] = field(default_factory=dict)
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """What one term gave a hit.

    Parameters
    ----------
    term : str
        The term as one would type it.
    score : float
        Its score for the row it judged best, in [0, 1]; NaN where it has none.
    weight : float
        What it weighs in its group.
    negated : bool
        Whether the query asks for its contrary.
    box : Box or None
        The region it scored; None for the image as a whole.
    milliseconds : float
        How long ranking it took, for all rows.
    notes : tuple of str
        The notes of the ranker, such as the sense chosen for a word.
    is_filter : bool
        Whether it only says what may be a hit: a score means that it holds, NaN that it does not.
    raw : float
        The value that its ranker returned, from which the score was made; else the score itself.
    unit : str
        What `raw` is, such as ``"cosine"``; empty where it is the score.
    """

    term: str
    score: float
    weight: float = 1.0
    negated: bool = False
    box: Box | None = None
    milliseconds: float = 0.0
    notes: tuple[str, ...] = ()
    is_filter: bool = False
    raw: float = field(default=math.nan, compare=False)  # NaN never equals itself
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: the input and the annotation, the score, and why.

    Parameters
    ----------
    rank : int
        From 1.
    score : float
        In [0, 1]; higher is better.
    input : Input
        The image.
    annotation : Annotation or None
        The annotation that contributed most; None if the row has none.
    region_id : str
        The row that contributed most.
    box : Box or None
        Its region; None for the image as a whole.
    parts : tuple of Part
        One per term of the query, in its order.
    """

    rank: int
    score: float
    input: Input
    annotation: Annotation | None
    region_id: str
    box: Box | None
    parts: tuple[Part, ...] = ()

    @property
    def ranks(self) -> tuple[Part, ...]:
        """The parts that have a score to draw: a filter only holds or does not."""
        return tuple(part for part in self.parts if not part.is_filter)
