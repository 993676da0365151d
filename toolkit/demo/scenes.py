"""Scenes drawn from a seed: pictures under no license, of which it is known what they show and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw

from ..values.types import Box

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

    Parameters
    ----------
    count : int
        How many.
    seed : int
        Other seeds draw other scenes.

    Examples
    --------
    >>> [scene.name for scene in scenes(4)]
    ['day-meadow-00', 'dusk-meadow-01', 'night-meadow-02', 'day-sea-03']
    """
    return [_scene(index, np.random.default_rng([seed, index])) for index in range(count)]


def write_scenes(count: int, folder: Path, *, seed: int = 0) -> list[Path]:
    """One PNG a scene, in order, named for what it shows.

    Parameters
    ----------
    count : int
        How many.
    folder : Path
        Made if it is not there.
    seed : int
        Other seeds draw other scenes.
    """
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
    things = [_thing(pen, name, left, light, random) for name, left in _chosen(land, random)]
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
    """Two ranges of hills, or flat water; the farther one is darker."""
    red, green, blue = color
    darker = round(0.82 * red), round(0.82 * green), round(0.82 * blue)
    for range_color, base in ((darker, HORIZON), (color, HORIZON + 0.14)):
        height, waves, phase = random.uniform((4, 0.8, 0), (10, 1.8, 6))
        x = np.arange(-1, WIDTH + 2)
        y = HEIGHT * base + wavy * height * np.sin(2 * np.pi * waves * x / WIDTH + phase)
        edge = zip(x.tolist(), y.tolist(), strict=True)
        _polygon(pen, [*edge, (WIDTH, HEIGHT), (0.0, HEIGHT)], range_color)


def _chosen(land: str, random: np.random.Generator) -> list[tuple[str, float]]:
    """One to three things side by side, and their left sides in pixels."""
    names = ["boat"] if land == "sea" else ["house", "tree"]
    count = int(random.integers(1, 4))
    lefts = np.sort(random.choice(4, count, replace=False)) * 56 + random.uniform(4, 16, count)
    return [(str(random.choice(names)), float(left)) for left in lefts]


def _thing(pen: Pen, name: str, left: float, light: Light, random: np.random.Generator) -> tuple[str, Box]:
    height, bottom = random.uniform(36, 50), HEIGHT * random.uniform(0.78, 0.95)
    top = bottom - height
    width = DRAWN[name](pen, left, top, height, light, random)
    return name, Box(top / HEIGHT, left / WIDTH, bottom / HEIGHT, min((left + width) / WIDTH, 1.0))


def _house(
    pen: Pen, left: float, top: float, height: float, light: Light, random: np.random.Generator
) -> float:
    width, eaves = 0.95 * height, top + 0.42 * height
    wall, window = light.on(WALLS[int(random.integers(len(WALLS)))]), (255, 214, 110)
    roof = [(left, eaves), (left + width / 2, top), (left + width, eaves)]
    _polygon(pen, roof, light.on((120, 62, 52)))
    _rectangle(pen, left + 0.08 * width, eaves, left + 0.92 * width, top + height, wall)
    for side in (0.22, 0.58):
        x, y = left + side * width, eaves + 0.16 * height
        _rectangle(pen, x, y, x + 0.2 * width, y + 0.18 * height, window)
    return width


def _tree(
    pen: Pen, left: float, top: float, height: float, light: Light, random: np.random.Generator
) -> float:
    width, green = 0.6 * height, light.on((44, 110, 60))
    middle = left + width / 2
    _rectangle(pen, middle - 2.5, top + 0.7 * height, middle + 2.5, top + height, light.on((104, 72, 44)))
    for share in (0.0, 0.22, 0.44):
        reach = width / 2 * (0.6 + share)
        y = top + share * height
        _polygon(
            pen,
            [(middle - reach, y + 0.36 * height), (middle, y), (middle + reach, y + 0.36 * height)],
            green,
        )
    return width


def _boat(
    pen: Pen, left: float, top: float, height: float, light: Light, random: np.random.Generator
) -> float:
    width, deck, sail = 1.1 * height, top + 0.76 * height, light.on(SAILS[int(random.integers(len(SAILS)))])
    hull = [(0.0, deck), (width, deck), (0.84 * width, top + height), (0.16 * width, top + height)]
    _polygon(pen, [(left + x, y) for x, y in hull], light.on((122, 74, 48)))
    mast = left + 0.46 * width
    _polygon(pen, [(mast, top), (mast, deck - 3), (left + 0.06 * width, deck - 3)], sail)
    _polygon(pen, [(mast + 3, top + 6), (mast + 3, deck - 3), (left + 0.92 * width, deck - 3)], sail)
    return width


DRAWN: Mapping[str, Callable[[Pen, float, float, float, Light, np.random.Generator], float]] = {
    "house": _house,
    "tree": _tree,
    "boat": _boat,
}


def _polygon(pen: Pen, corners: Sequence[tuple[float, float]], color: Color) -> None:
    pen.polygon([(x * FINER, y * FINER) for x, y in corners], fill=color)


def _rectangle(pen: Pen, left: float, top: float, right: float, bottom: float, color: Color) -> None:
    pen.rectangle((left * FINER, top * FINER, right * FINER, bottom * FINER), fill=color)


def _disc(pen: Pen, x: float, y: float, radius: float, color: Color) -> None:
    sides = ((x - radius) * FINER, (y - radius) * FINER, (x + radius) * FINER, (y + radius) * FINER)
    pen.ellipse(sides, fill=color)
