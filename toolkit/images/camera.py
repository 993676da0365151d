"""What a camera wrote into a file: when, where and with what a picture was taken."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from PIL import Image

from ..values.types import GeoPoint, Json

__all__ = ["NOTHING", "Shot", "shot_of"]

# Numbers of tags: https://www.cipa.jp/std/documents/download_e.html?CIPA_DC-008-2024-E
_MAKE, _MODEL, _ORIENTATION, _CHANGED = 0x010F, 0x0110, 0x0112, 0x0132
_EXIF, _GPS = 0x8769, 0x8825
_TAKEN, _DIGITIZED, _ZONE = 0x9003, 0x9004, 0x9011
_MOMENT = re.compile(r"(\d{4})[:/.-](\d\d)[:/.-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"[+-]\d\d:\d\d")
_SIGNS = {"N": 1.0, "E": 1.0, "S": -1.0, "W": -1.0}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shot:
    """What a camera says of a picture; what it does not say is empty.

    Parameters
    ----------
    taken_at : str
        ISO 8601, by the clock of the camera: ``2026-05-01T12:00:00``, with its offset from UTC if it wrote one.
    camera : str
        Maker and model.
    orientation : int
        How the file is stored, 1 to 8.
    geo : GeoPoint or None
        Where it was taken.
    """

    taken_at: str = ""
    camera: str = ""
    orientation: int = 1
    geo: GeoPoint | None = None

    @property
    def metadata(self) -> Mapping[str, Json]:
        """What is known, by the names it has in the metadata of an input."""
        orientation = self.orientation if self.orientation != 1 else None
        facts = {"taken_at": self.taken_at, "camera": self.camera, "orientation": orientation}
        return {name: value for name, value in facts.items() if value}


NOTHING = Shot()


def shot_of(image: Image.Image, *, orientation: int) -> Shot:
    """What a camera wrote into a file; whatever of it is broken counts as not said.

    The time is that of the exposure, else of the digitizing, else of the file's last change. A place needs its
    references (north or south, east or west); values that are no numbers, out of range, or exactly (0, 0) say nothing.

    Parameters
    ----------
    image : Image
        An opened file; of a PNG, a loaded one.
    orientation : int
        Its EXIF orientation.
    """
    exif: Mapping[int, object] = _unless_broken(image.getexif, {})
    if not exif:
        return NOTHING
    details = _ifd(exif, _EXIF)
    return Shot(
        taken_at=_moment(
            (details.get(_TAKEN), details.get(_DIGITIZED), exif.get(_CHANGED)), details.get(_ZONE)
        ),
        camera=_camera(_text(exif.get(_MAKE)), _text(exif.get(_MODEL))),
        orientation=orientation,
        geo=_unless_broken(lambda: _place(_ifd(exif, _GPS)), None),
    )


def _ifd(exif: object, tag: int) -> Mapping[int, object]:
    read = getattr(exif, "get_ifd", None)
    return {} if read is None else _unless_broken(lambda: cast("Mapping[int, object]", read(tag)), {})


def _unless_broken(read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except (
        Exception
    ):  # any byte may be wrong, and Pillow raises whatever it stumbles over; no pixel is worse for it
        return otherwise


def _text(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    if not isinstance(text, str):
        return ""
    printable = "".join(c if c.isprintable() else " " for c in text.partition("\0")[0])
    return " ".join(printable.encode(errors="replace").decode().split())[:200]


def _camera(make: str, model: str) -> str:
    return model if model.casefold().startswith(make.casefold()) else f"{make} {model}".strip()


def _moment(candidates: Sequence[object], zone: object) -> str:
    for value in candidates:
        found = _MOMENT.match(_text(value))
        if found is None:
            continue
        try:
            moment = datetime(*map(int, found.groups())).isoformat()  # type: ignore[arg-type]
        except ValueError:  # 0000:00:00, or a 30th of February
            continue
        offset = _text(zone) if value is candidates[0] else ""
        return moment + (offset if _OFFSET.fullmatch(offset) else "")
    return ""


def _place(gps: Mapping[int, object]) -> GeoPoint | None:
    latitude, longitude = _degrees(gps, 1, "NS", 90), _degrees(gps, 3, "EW", 180)
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return None
    return GeoPoint(latitude, longitude)


def _degrees(gps: Mapping[int, object], tag: int, references: str, most: float) -> float | None:
    """Degrees of the value after a reference; None if either is not said."""
    reference = _text(gps.get(tag))[:1].upper()
    value = gps.get(tag + 1)
    if not reference or reference not in references or value is None:
        return None
    parts = [float(part) for part in (value if isinstance(value, tuple | list) else (value,))]
    degrees = math.fsum(part / 60.0**power for power, part in enumerate(parts[:3]))
    if not parts or not math.isfinite(degrees) or min(parts) < 0 or degrees > most:
        return None
    return _SIGNS[reference] * degrees
