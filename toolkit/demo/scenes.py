"""Scenes drawn from a seed: pictures free of any license, of which it is known what they show and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw

from ..types import Box

__all__ = ["Scene", "scenes", "write_scenes"]

WIDTH, HEIGHT = 240, 180
FINER = 2  # drawn at this many times the size and scaled down: smooth edges
HORIZON = 0.62  # the share of a picture above it

Color: TypeAlias = tuple[int, int, int]
Place: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom in pixels
Pen: TypeAlias = ImageDraw.ImageDraw


@dataclass(frozen=True, slots=True)
class Light:
    """The colors of a time of day: the sky above and at the horizon, what shines in it, and how bright things are."""

    above: Color
    below: Color
    shining: Color
    brightness: float


TIMES: Mapping[str, Light] = {
    "day": Light((74, 144, 217), (214, 236, 255), (255, 240, 170), 1.0),
    "dusk": Light((66, 44, 104), (255, 158, 94), (255, 214, 140), 0.62),
    "night": Light((4, 6, 20), (26, 36, 74), (236, 236, 220), 0.3),
}
LANDS: Mapping[str, Color] = {"meadow": (104, 168, 72), "sea": (38, 110, 160), "snow": (238, 243, 248)}


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture and what is on it.

    Parameters
    ----------
    name : str
        Such as ``"dusk-sea-07"``.
    picture : PIL.Image.Image
        240 x 180, RGB.
    time, land : str
        ``"day"``, ``"dusk"`` or ``"night"``; ``"meadow"``, ``"sea"`` or ``"snow"``.
    things : sequence of (str, Box)
        Every ``"house"``, ``"tree"`` and ``"boat"``, and where.
    """

    name: str
    picture: Image.Image
    time: str
    land: str
    things: Sequence[tuple[str, Box]]


def scenes(count: int, *, seed: int = 0) -> list[Scene]:
    """The first scenes of a seed; the same however many are drawn.

    Examples
    --------
    >>> [scene.name for scene in scenes(3)]
    ['day-meadow-00', 'dusk-meadow-01', 'night-meadow-02']
    """
    return [_scene(index, np.random.default_rng([seed, index])) for index in range(count)]


def write_scenes(count: int, folder: Path, *, seed: int = 0) -> list[Path]:
    """One PNG a scene, in order, named for what it shows."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = scenes(count, seed=seed)
    paths = [folder / f"{scene.name}.png" for scene in drawn]
    for scene, path in zip(drawn, paths, strict=True):
        scene.picture.save(path)
    return paths


def _scene(index: int, random: np.random.Generator) -> Scene:
    """Every time with every land in turn."""
    time = list(TIMES)[index % len(TIMES)]
    land = list(LANDS)[index // len(TIMES) % len(LANDS)]
    picture = _sky(TIMES[time]).resize((WIDTH * FINER, HEIGHT * FINER))
    pen = ImageDraw.Draw(picture)
    _shining(pen, time, random)
    _ground(pen, land, TIMES[time].brightness, random)
    things = [_thing(pen, name, at, time, random) for name, at in _placed(land, random)]
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    return Scene(f"{time}-{land}-{index:02}", small, time, land, tuple(things))
