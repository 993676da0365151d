"""Labels as label files have them: boxes in a frame of their own, which the core turns into boxes on the picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..errors import QueryError
from .confidence import confidences
from .source import Source
from .types import Box

__all__ = ["Corners", "Frame", "Label", "Orientation", "check_concepts"]

Corners: TypeAlias = tuple[float, float, float, float]
Orientation: TypeAlias = Literal["auto", "stored", "upright"]

_SIDEWAYS = (5, 6, 7, 8)
_BACK = {6: 8, 8: 6}  # the other turns undo themselves


@dataclass(frozen=True, slots=True)
class Frame:
    """What the corners of a box are measured in.

    A photo may be stored lying on its side, with a note (EXIF orientation) how it is to be seen. Some tools draw boxes
    on the pixels as stored, most on the upright picture.

    Parameters
    ----------
    width, height : float
        The size of the picture that the corners are pixels of. 1 and 1, the default: they are fractions. 0 and 0: they
        are pixels of the picture, whose size is not stated.
    orientation : {"auto", "stored", "upright"}
        The picture of the boxes. ``"auto"``: the stored one if the picture lies on its side (orientations 5 to 8) and
        the stated size is of its shape as stored; else the upright one. A size says nothing of orientations 2 to 4,
        which keep it, nor of square pictures and fractions: upright is what browsers and most labeling tools show.

    References
    ----------
    Exif 2.32 (CIPA DC-008), tag 0x0112.

    Examples
    --------
    A phone's photo, stored 80 x 60 and turned by 90 degrees to be seen; the top left of what is stored is top right.

    >>> Frame(80, 60).box((0, 0, 20, 15), width=60, height=80, orientation=6)
    Box(top_row=0.0, left_col=0.75, bottom_row=0.25, right_col=1.0)
    """

    width: float = 1.0
    height: float = 1.0
    orientation: Orientation = "auto"

    def __post_init__(self) -> None:
        if not (self.width > 0 < self.height or self.width == self.height == 0):
            raise QueryError(
                f"a picture is not {self.width} x {self.height}; 0 x 0 is a size that is not stated"
            )
        if self.orientation not in ("auto", "stored", "upright"):
            raise QueryError(f"orientation is 'auto', 'stored' or 'upright', not {self.orientation!r}")

    def lies(self, *, width: int, height: int) -> bool:
        """Whether boxes depend on the stored orientation of a picture of this upright size.

        Parameters
        ----------
        width, height : int
            Of the upright picture, in pixels.
        """
        return self.orientation == "stored" or (self.orientation == "auto" and self._is_turned(width, height))

    def box(self, corners: Corners, *, width: int, height: int, orientation: int = 1) -> Box | None:
        """The box on the upright picture, clipped to it; None if nothing of it is left.

        Parameters
        ----------
        corners : tuple of four floats
            Left, top, right and bottom in this frame.
        width, height : int
            Of the upright picture, in pixels.
        orientation : int
            How it is stored: the EXIF orientation, 1 to 8.
        """
        stored = self._is_stored(width, height, orientation)
        left, top, right, bottom = corners
        wide, high = self._size(width, height, stored and orientation in _SIDEWAYS)
        sides = left / wide, top / high, right / wide, bottom / high
        if stored:
            sides = _turned(sides, orientation)
        left, top, right, bottom = (min(max(side, 0.0), 1.0) for side in _ordered(sides))
        if not (left < right and top < bottom):  # also what is not a number
            return None
        return Box(top, left, bottom, right)

    def corners(self, box: Box, *, width: int, height: int, orientation: int = 1) -> Corners:
        """Left, top, right and bottom of a box in this frame: the inverse of `box`.

        Parameters
        ----------
        box : Box
            A box on the upright picture.
        width, height : int
            Of the upright picture, in pixels.
        orientation : int
            The EXIF orientation of the stored file, from 1 to 8.
        """
        stored = self._is_stored(width, height, orientation)
        sides = box.left_col, box.top_row, box.right_col, box.bottom_row
        if stored:
            sides = _ordered(_turned(sides, _BACK.get(orientation, orientation)))
        wide, high = self._size(width, height, stored and orientation in _SIDEWAYS)
        return sides[0] * wide, sides[1] * high, sides[2] * wide, sides[3] * high

    def _size(self, width: int, height: int, is_sideways: bool) -> tuple[float, float]:
        if self.width:
            return self.width, self.height
        return (height, width) if is_sideways else (width, height)

    def _is_stored(self, width: int, height: int, orientation: int) -> bool:
        if self.orientation != "auto":
            return self.orientation == "stored"
        return orientation in _SIDEWAYS and self._is_turned(width, height)

    def _is_turned(self, width: int, height: int) -> bool:
        """Whether the stated size is rather of the shape of the picture lying on its side."""
        if self.width == self.height:  # fractions, not stated, or square
            return False
        upright, turned = (
            (self.width * height, self.height * width),
            (self.width * width, self.height * height),
        )
        return abs(turned[0] - turned[1]) < abs(upright[0] - upright[1])


@dataclass(frozen=True, slots=True)
class Label:
    """The concepts that one source gives to a picture, or to a part of it.

    Parameters
    ----------
    concepts : mapping of str to float
        Concepts and values in [0, 1]; a person's 0 is a real "no". Empty for a box that only says where something is.
    corners : tuple of four floats or None
        Left, top, right and bottom in the frame; None for the whole picture.
    frame : Frame
        What the corners are measured in; fractions by default.
    source : str
        ``human:<user>`` or ``model:<name>@<version>``; empty for the person of the settings.

    Raises
    ------
    QueryError
        A name that is blank, a value outside [0, 1], or a source that is none.
    """

    concepts: Mapping[str, float]
    corners: Corners | None = None
    frame: Frame = Frame()
    source: str = ""

    def __post_init__(self) -> None:
        check_concepts(self.concepts)
        Source(self.source)  # refuses what is none

    @property
    def count(self) -> int:
        """How many labels it is: one a concept, and a box without any is one."""
        return max(len(self.concepts), 1)


def check_concepts(concepts: Mapping[str, float]) -> None:
    """Refuse names that cannot be read and values that are none.

    Raises
    ------
    QueryError
        A name that is blank or no text, a value outside [0, 1].
    """
    for concept in concepts:
        if not _is_name(concept):
            raise QueryError(f"a concept has a name that can be read, not {concept!r:.100}")
    confidences(concepts)


def _is_name(name: object) -> bool:
    return isinstance(name, str) and bool(name.strip())


def _ordered(sides: Corners) -> Corners:
    left, top, right, bottom = sides
    return min(left, right), min(top, bottom), max(left, right), max(top, bottom)


def _turned(sides: Corners, orientation: int) -> Corners:
    """Fractions of a stored picture as fractions of the upright one, corners in no order."""
    left, top, right, bottom = sides
    if orientation in (2, 3):
        left, right = 1 - left, 1 - right
    if orientation in (3, 4):
        top, bottom = 1 - top, 1 - bottom
    if orientation in _SIDEWAYS:
        left, top, right, bottom = top, left, bottom, right
    if orientation in (6, 7):
        left, right = 1 - left, 1 - right
    if orientation in (7, 8):
        top, bottom = 1 - top, 1 - bottom
    return left, top, right, bottom
