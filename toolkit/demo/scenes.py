"""Scenes drawn from a seed: pictures under no license, of which it is known what they show and where."""

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
FINER = 3  # drawn at this many times the size and scaled down: smooth edges
HORIZON = 0.6  # the share of a picture above it

Color: TypeAlias = tuple[int, int, int]
Pen: TypeAlias = ImageDraw.ImageDraw


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
        Every ``"house"``, ``"tree"`` and ``"boat"``, and where it is.
    """

    name: str
    picture: Image.Image
    time: str
    land: str
    things: Sequence[tuple[str, Box]]


@dataclass(frozen=True, slots=True)
class Light:
    """A time of day: the sky at the top and at the horizon, what shines in it, and how bright all else is."""

    top: Color
    bottom: Color
    shining: Color
    brightness: float

    def on(self, color: Color) -> Color:
        """A color as it looks in this light."""
        red, green, blue = (round(part * self.brightness) for part in color)
        return red, green, blue


TIMES: Mapping[str, Light] = {
    "day": Light((74, 144, 217), (214, 236, 255), (255, 238, 160), 1.0),
    "dusk": Light((74, 48, 112), (255, 158, 94), (255, 222, 150), 0.66),
    "night": Light((6, 8, 26), (34, 44, 88), (240, 240, 224), 0.36),
}
LANDS: Mapping[str, Color] = {"meadow": (110, 170, 74), "sea": (46, 118, 168), "snow": (236, 241, 247)}
WALLS: Sequence[Color] = ((214, 178, 130), (196, 92, 76), (232, 226, 208), (150, 170, 190))
SAILS: Sequence[Color] = ((250, 250, 245), (226, 74, 60), (244, 196, 66))


def scenes(count: int, *, seed: int = 0) -> list[Scene]:
    """The first scenes of a seed, every time of day with every land in turn; the same however many are drawn.

    Examples
    --------
    >>> [scene.name for scene in scenes(4)]
    ['day-meadow-00', 'dusk-meadow-01', 'night-meadow-02', 'day-sea-03']
    """
    return [_scene(index, np.random.default_rng([seed, index])) for index in range(count)]


def write_scenes(count: int, folder: Path, *, seed: int = 0) -> list[Path]:
    """One PNG a scene, in order, named for what it shows."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for scene in scenes(count, seed=seed):
        paths.append(folder / f"{scene.name}.png")
        scene.picture.save(paths[-1])
    return paths


def _scene(index: int, random: np.random.Generator) -> Scene:
    time = list(TIMES)[index % len(TIMES)]
    land = list(LANDS)[index // len(TIMES) % len(LANDS)]
    light = TIMES[time]
    large = _sky(light)
    pen = ImageDraw.Draw(large)
    _shining(pen, light, random)
    _ground(pen, light.on(LANDS[land]), random, wavy=land != "sea")
    things = [_thing(pen, name, left, random, light) for name, left in _chosen(land, random)]
    picture = large.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    return Scene(f"{time}-{land}-{index:02}", picture, time, land, things)


def _sky(light: Light) -> Image.Image:
    rows = np.linspace(0, 1 / HORIZON, HEIGHT * FINER).clip(0, 1)[:, None]
    column = (1 - rows) * np.array(light.top) + rows * np.array(light.bottom)
    return Image.fromarray(column.astype(np.uint8)[:, None]).resize((WIDTH * FINER, HEIGHT * FINER))


def _shining(pen: Pen, light: Light, random: np.random.Generator) -> None:
    """A sun or a moon, and stars if it is dark enough."""
    if light.brightness < 0.5:
        for x, y in random.uniform((0, 0), (WIDTH, HEIGHT * HORIZON), (30, 2)):
            _disc(pen, x, y, 0.7, light.shining)
    x, y = random.uniform((20, 16), (WIDTH - 20, HEIGHT * 0.3))
    _disc(pen, x, y, random.uniform(9, 14), light.shining)


def _ground(pen: Pen, color: Color, random: np.random.Generator, *, wavy: bool) -> None:
    """Two ranges of hills, or flat water; the farther one is paler."""
    paler = tuple(round(0.82 * part) for part in color)
    for range_color, base in ((paler, HORIZON), (color, HORIZON + 0.14)):
        height, waves, phase = random.uniform((4, 0.8, 0), (10, 1.8, 6))
        x = np.arange(-1, WIDTH + 2)
        y = HEIGHT * base + wavy * height * np.sin(2 * np.pi * waves * x / WIDTH + phase)
        outline = [*zip(x * FINER, y * FINER, strict=True), (WIDTH * FINER, HEIGHT * FINER), (0, HEIGHT * FINER)]
        pen.polygon([(float(a), float(b)) for a, b in outline], fill=range_color)


def _chosen(land: str, random: np.random.Generator) -> list[tuple[str, float]]:
    """One to three things side by side, and their left sides in pixels."""
    names = ["boat"] if land == "sea" else ["house", "tree"]
    count = int(random.integers(1, 4))
    lefts = np.sort(random.choice(4, count, replace=False)) * 56 + random.uniform(4, 16, count)
    return [(str(random.choice(names)), float(left)) for left in lefts]


def _thing(
    pen: Pen, name: str, left: float, random: np.random.Generator, light: Light
) -> tuple[str, Box]:
    size = random.uniform(34, 46)
    bottom = HEIGHT * random.uniform(0.78, 0.94)
    left, top, right, bottom = DRAWN[name](pen, left, bottom, size, random, light)
    return name, Box(top / HEIGHT, left / WIDTH, min(bottom / HEIGHT, 1), min(right / WIDTH, 1))
