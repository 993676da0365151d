"""The two plots of docs/scores.md, of photos-dev: ``python -m bench.plot_scores [photos.db]``.

A collection that is named is kept, and need not be indexed again.

Pairs of photos of one class stand for relevant ones. Needs the photos, a network and matplotlib.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

import toolkit
from toolkit.similarity.background import Background

from .composites import PHOTOS
from .models import MODEL

FOLDER = Path(__file__).parents[1] / "docs" / "images"
Pairs: TypeAlias = tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_], Background]

RELEVANT, UNRELATED, CURVE, OLD = "#1b6ca8", "#b8b8b8", "#c0392b", "#7d6608"


def main() -> None:
    """Index the photos, unless that was done, and draw both plots."""
    workflow = toolkit.Workflow(embedders=(f"timm:{MODEL}",))
    kept = sys.argv[1] if len(sys.argv) > 1 else None
    with toolkit.open(kept, workflow=None if kept and Path(kept).exists() else workflow) as photos:
        rows = list(csv.DictReader((PHOTOS / "labels.csv").open()))
        if not len(photos):
            photos.add([PHOTOS / row["path"] for row in rows], progress=False)
            photos.index(reduce=64, progress=False)
        classes = {Path(row["path"]).name: row["class"] for row in rows}
        labels = np.array([classes[Path(photos[id].uri).name] for id in photos])
        spaces = dict(_pairs(photos, labels))
    _draw_background(*spaces[1280])
    _draw_reliability(spaces)


def _pairs(photos: toolkit.Collection, labels: npt.NDArray[np.str_]) -> Iterator[tuple[int, Pairs]]:
    """By the dimension of a space: the cosines of all pairs, which are of one class, and the background."""
    snapshot = photos.snapshot()
    for name, space in snapshot.spaces.items():
        vectors = np.empty_like(space.vectors)
        vectors[space.rows] = space.vectors
        one, other = np.triu_indices(len(vectors), k=1)
        background = photos._resources.backgrounds.of(name, snapshot)
        yield vectors.shape[1], ((vectors @ vectors.T)[one, other], labels[one] == labels[other], background)


def _draw_background(
    cosines: npt.NDArray[np.float32], same: npt.NDArray[np.bool_], background: Background
) -> None:
    import matplotlib.pyplot as plt

    figure, left = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
    bins = np.linspace(0, 1, 81)
    left.hist(cosines[~same], bins, density=True, color=UNRELATED, label="pairs of different classes")
    left.hist(cosines[same], bins, density=True, color=RELEVANT, alpha=0.6, label="pairs of one class")
    left.axvline(background.median, color="black", linewidth=0.8)
    left.axvspan(background.median - background.width, background.median, color="black", alpha=0.12)
    left.set(xlabel="cosine (MobileNetV2, 1,280 numbers)", ylabel="density", xlim=(0, 1))
    right = left.twinx()
    line = np.linspace(0, 1, 200)
    right.plot(line, background.scale(line), color=CURVE, label="score")
    right.plot(line, (1 + line) / 2, color=OLD, linestyle="--", label="(1 + cos) / 2")
    right.set(ylabel="score", ylim=(0, 1.02))
    handles = [one for axes in (left, right) for one in axes.get_legend_handles_labels()[0]]
    names = [one.get_label() for one in handles]
    figure.legend(handles, names, fontsize=8, ncols=4, loc="outside upper center")
    figure.savefig(FOLDER / "scores-background.png", dpi=90)


def _draw_reliability(
    spaces: dict[int, Pairs],
) -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(4.2, 3.6), layout="constrained")
    axes.plot([0, 1], [0, 1], color="black", linewidth=0.8, label="a true probability")
    for (numbers, (cosines, same, background)), color in zip(
        sorted(spaces.items(), reverse=True), (RELEVANT, CURVE), strict=True
    ):
        points = _reliability(background.scale(cosines), same)
        axes.plot(*points, "o-", color=color, markersize=4, label=f"score, {numbers:,} numbers")
    cosines, same, _ = spaces[1280]
    axes.plot(*_reliability((1 + cosines) / 2, same), "s--", color=OLD, markersize=4, label="(1 + cos) / 2")
    axes.set(xlabel="score", ylabel="share of pairs that are of one class", xlim=(0, 1), ylim=(0, 1))
    axes.legend(fontsize=8)
    figure.savefig(FOLDER / "scores-reliability.png", dpi=90)


def _reliability(
    scores: npt.NDArray[np.floating], same: npt.NDArray[np.bool_], *, bins: int = 10
) -> tuple[list[float], list[float]]:
    """The mean score and the share of relevant pairs, of every tenth of the scale that has any."""
    bin = np.minimum((scores * bins).astype(int), bins - 1)
    filled = [one for one in range(bins) if (bin == one).any()]
    return [float(scores[bin == one].mean()) for one in filled], [
        float(same[bin == one].mean()) for one in filled
    ]


if __name__ == "__main__":
    main()
