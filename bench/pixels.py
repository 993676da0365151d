"""The pixel embedder beside plain descriptors: pictures a second, and how well each ranks labelled photos."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from toolkit_visual.color import lab
from toolkit_visual.embedder import PixelEmbedder
from toolkit_visual.pixel_concepts import PixelConcepts
from toolkit_visual.proposals import RegionProposals

__all__ = ["run"]

PHOTOS = Path(__file__).parents[2] / "shared" / "photos-dev"
SIDE, CELL, BINS = 128, 16, 9
LOWEST, HIGHEST = np.array([0, -80, -80]), np.array([100, 80, 80])  # of L*a*b*
Describe = Callable[[Sequence[Image.Image]], np.ndarray]


def run(rows: int) -> list[dict[str, object]]:
    """Figures as dicts; ``rows`` bounds how many pictures are timed, the ranking takes all of them."""
    pictures = _made_up(min(max(rows // 500, 32), 400))
    embed = PixelEmbedder().embed
    figures = _rates(pictures, embed)
    return figures + (_rankings(embed) if PHOTOS.is_dir() else [])


def _rates(pictures: Sequence[Image.Image], embed: Describe) -> list[dict[str, object]]:
    plain = "plain HOG"
    models: dict[str, Callable[[Sequence[Image.Image]], object]] = {
        plain: _hog,
        "pixel embedder": embed,
        "pixel concepts": PixelConcepts().predict,
        "region proposals": RegionProposals().detect,
    }
    rates = {name: _rate(model, pictures) for name, model in models.items()}
    return [
        _figure(name, rate, "images/s", against=plain, base=rates[plain] if name != plain else None)
        for name, rate in rates.items()
    ]


def _rankings(embed: Describe) -> list[dict[str, object]]:
    with (PHOTOS / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    photos = [Image.open(PHOTOS / row["path"]).convert("RGB") for row in rows]
    classes = np.array([row["class"] for row in rows])
    ways: dict[str, Describe] = {
        "plain HOG": _hog,
        "plain Lab histogram": _histogram,
        "pixel embedder": embed,
    }
    found = {name: _precision(describe(photos), classes) for name, describe in ways.items()}
    return [
        _figure(
            f"{name}, {measure}", value, "", against="plain HOG", goal=goal if name == "pixel embedder" else "",
            base=found["plain HOG"][measure] if name != "plain HOG" else None,
        )
        for name, measures in found.items()
        for (measure, value), goal in zip(measures.items(), ("", ">= 1.5", ">= 1.5"), strict=True)
    ]  # fmt: skip


def _figure(
    name: str, value: float, unit: str, *, against: str, base: float | None, goal: str = ""
) -> dict[str, object]:
    ratio = None if base is None else value / base
    compared = "" if base is None else against
    return {"name": name, "value": value, "unit": unit, "against": compared, "ratio": ratio, "goal": goal}


def _rate(model: Callable[[Sequence[Image.Image]], object], pictures: Sequence[Image.Image]) -> float:
    model(pictures[:2])  # first touch: tables
    start = time.perf_counter()
    for first in range(0, len(pictures), 32):
        model(pictures[first : first + 32])
    return len(pictures) / (time.perf_counter() - start)


def _precision(vectors: np.ndarray, classes: np.ndarray) -> dict[str, float]:
    """P@1, P@10 and mean average precision of every picture against all others, by cosine."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -np.inf)
    order = np.argsort(-cosines, axis=1, kind="stable")[:, :-1]
    right = classes[order] == classes[:, None]
    precisions = right.cumsum(axis=1) / np.arange(1, right.shape[1] + 1)
    average = (precisions * right).sum(axis=1) / right.sum(axis=1)
    means = {"P@1": right[:, 0].mean(), "P@10": right[:, :10].mean(), "mAP": average.mean()}
    return {name: float(mean) for name, mean in means.items()}


def _made_up(count: int) -> list[Image.Image]:
    random = np.random.default_rng(0)
    small = random.integers(0, 256, (count, 24, 32, 3), dtype=np.uint8)
    return [Image.fromarray(pixels).resize((512, 384), Image.Resampling.BICUBIC) for pixels in small]


def _hog(pictures: Sequence[Image.Image]) -> np.ndarray:
    """Dalal and Triggs's: 9 orientations in 16-pixel cells, overlapping blocks of 2 x 2 cells normalised."""
    return np.stack([_one_hog(picture) for picture in pictures])


def _one_hog(picture: Image.Image) -> np.ndarray:
    gray = np.asarray(picture.convert("L").resize((SIDE, SIDE), Image.Resampling.BILINEAR), dtype=np.float32)
    down, across = np.gradient(gray)
    place = np.arctan2(down, across) % np.pi / np.pi * BINS
    low, share = np.floor(place).astype(int), place % 1
    planes = np.zeros((BINS, SIDE, SIDE), dtype=np.float32)
    rows, cols = np.indices((SIDE, SIDE))
    strength = np.hypot(down, across)
    planes[low % BINS, rows, cols] += strength * (1 - share)
    planes[(low + 1) % BINS, rows, cols] += strength * share
    cells = planes.reshape(BINS, SIDE // CELL, CELL, SIDE // CELL, CELL).sum(axis=(2, 4))
    blocks = np.lib.stride_tricks.sliding_window_view(cells, (2, 2), axis=(1, 2))
    norms = np.sqrt((blocks**2).sum(axis=(0, 3, 4), keepdims=True) + 1)
    return np.minimum(blocks / norms, 0.2).ravel()


def _histogram(pictures: Sequence[Image.Image]) -> np.ndarray:
    """The root of a histogram of 8 x 8 x 8 colors in L*a*b* (Hellinger)."""
    small = np.stack([np.asarray(p.resize((64, 64), Image.Resampling.BILINEAR)) for p in pictures])
    levels = np.clip((lab(small) - LOWEST) / (HIGHEST - LOWEST) * 8, 0, 7).astype(int) @ [64, 8, 1]
    return np.sqrt([np.bincount(codes.ravel(), minlength=512) for codes in levels])
