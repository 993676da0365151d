"""Concepts from a few labels: how the rest is ranked, and whether the report says so.

On handwritten digits, which come with scikit-learn; and on photos-dev with a real network where they are there.
"""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.metrics import average_precision_score

from toolkit.learned.reduction import fit_reduction
from toolkit.learned.trained_concept import TrainedConcept
from toolkit.learned.training import Examples, fit_concept

from .figure import Figure

__all__ = ["run"]

SHARED = Path(__file__).parents[1].parent / "shared"
MODEL = SHARED / "models" / "mobilenetv2_100.tf1_in1k_qat"
FEW = (5, 10, 20)
GOALS = {1280: (0.90, 0.91, 0.91), 64: (0.92, 0.93, 0.93)}
ROUNDS = 3


def run(rows: int) -> list[Figure]:
    digits, kinds = _digits()
    figures = [
        *_ranked("digits", digits, kinds, sorted(set(kinds)), goals=None),
        _alike("digits", digits, kinds, sorted(set(kinds))),
        *_refined("digits", digits, kinds, sorted(set(kinds))),
    ]
    if not MODEL.is_dir() or importlib.util.find_spec("timm") is None:
        print(f"photos are left out: {MODEL} or timm not here")
        return figures
    step = 2 if rows >= 100_000 else 16
    vectors, labels = _photos("photos-dev", "labels.csv")
    copies, edited = _photos("neardup-dev", "groups.csv")
    reduction = fit_reduction(vectors, space="bench@1", dimension=64, fitted_at=0.0)
    few = reduction.transform(vectors)
    classes = sorted(set(labels))[::step]
    figures += _ranked("photos, 64 numbers", few, labels, classes, goals=GOALS[64])
    figures += _ranked("photos, 1,280 numbers", vectors, labels, classes[::6], goals=GOALS[1280])
    figures += [
        _alike("photos", few, labels, classes),
        _covered(few, labels, reduction.transform(copies), edited),
    ]
    return [*figures, *_refined("photos", few, labels, classes[::2])]


def _digits() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    pixels, kinds = load_digits(return_X_y=True)
    pixels = pixels.astype(np.float32)
    return pixels / np.linalg.norm(pixels, axis=1, keepdims=True), kinds.astype(str)


def _ranked(
    name: str,
    vectors: np.ndarray,
    labels: np.ndarray,
    classes: Sequence[str],
    *,
    goals: Sequence[float] | None,
) -> Iterator[Figure]:
    """The rest as a user has it; and beside it, what does not change with the count, the same third of each class."""
    for at, count in enumerate(FEW):
        found = np.array([_one(vectors, labels == one, seed, count) for seed, one in enumerate(classes)])
        precision, brier, base, inside, fixed = found.mean(axis=0)
        title = f"{name}, {count} positives alone"
        yield Figure(f"{title}: mean AP of the rest", precision, "", goal=f">= {goals[at]}" if goals else "")
        yield Figure(f"{title}: mean AP, the same third of each class held out", fixed, "")
        half = "<= 0.5" if count < 20 else ""
        yield Figure(f"{title}: Brier", brier, "", "base rate", brier / base, half)
        yield Figure(f"{title}: true AP in its interval", inside, "", goal=">= 0.9")


def _alike(name: str, vectors: np.ndarray, labels: np.ndarray, classes: Sequence[str]) -> Figure:
    """How often the interval holds the true average precision if the positives are those most like one of them."""
    inside = []
    for seed, one in enumerate(classes):
        shows = labels == one
        example = np.random.default_rng(seed).choice(np.flatnonzero(shows))
        order = np.argsort(-(vectors @ vectors[example]), kind="stable")
        model, rest = _learned(vectors, shows, order[shows[order]][:10])
        precision = float(average_precision_score(shows[rest], model.predict(vectors[rest])))
        inside.append(_inside(model, precision))
    title = f"{name}, the ten positives most like one: true AP in its interval"
    return Figure(title, float(np.mean(inside)), "", goal=">= 0.9")


def _one(vectors: np.ndarray, shows: np.ndarray, seed: int, count: int) -> tuple[float, ...]:
    """Average precision, Brier, that of the base rate, whether the interval holds the first; and AP of a third."""
    drawn = np.random.default_rng(seed).permutation(np.flatnonzero(shows))
    marked, same = drawn[:count], drawn[-(len(drawn) // 3) :]
    model, rest = _learned(vectors, shows, marked)
    truth, confidences = shows[rest], model.predict(vectors[rest])
    precision = float(average_precision_score(truth, confidences))
    base = float(truth.mean() * (1 - truth.mean()))
    among = ~truth | np.isin(rest, same)
    fixed = float(average_precision_score(truth[among], confidences[among]))
    return precision, float(np.mean((confidences - truth) ** 2)), base, _inside(model, precision), fixed


def _covered(vectors: np.ndarray, labels: np.ndarray, copies: np.ndarray, edited: np.ndarray) -> Figure:
    """How often the interval holds the true average precision if edits of one photo are among the labels."""
    inside = []
    for seed, one in enumerate(sorted(set(edited))):
        edits = np.flatnonzero(edited == one)[:8]
        everything = np.concatenate([vectors, copies[edits]])
        shows = np.concatenate([labels == one, np.ones(len(edits), bool)])
        near = (vectors @ copies[edits].T).max(axis=1).argmax()  # the photo itself: not left among the rest
        others = np.random.default_rng(seed).permutation(np.setdiff1d(np.flatnonzero(labels == one), [near]))
        marked = np.concatenate([len(vectors) + np.arange(len(edits)), [near], others[:4]])
        model, rest = _learned(everything, shows, marked)
        precision = float(average_precision_score(shows[rest], model.predict(everything[rest])))
        inside.append(_inside(model, precision))
    return Figure(
        "copies among the labels: true AP in its interval", float(np.mean(inside)), "", goal=">= 0.9"
    )


def _refined(name: str, vectors: np.ndarray, labels: np.ndarray, classes: Sequence[str]) -> Iterator[Figure]:
    """Rounds of marking the first ten hits that are not marked: how many start, and how all rows are ranked."""
    started, precision = [], []
    for one in classes:
        shows = labels == one
        example = int(np.flatnonzero(shows)[0])
        order = np.argsort(-(vectors @ vectors[example]), kind="stable")
        marked = order[:10]
        started.append(shows[marked].sum() >= 2)
        curve = []
        for _ in range(ROUNDS if started[-1] else 0):
            model, _ = _learned(vectors, shows, marked)
            scores = model.predict(vectors).astype(float)
            scores[marked] = shows[marked]  # a person's word counts
            curve.append(float(average_precision_score(shows, scores)))
            hits = np.argsort(-scores, kind="stable")
            marked = np.concatenate([marked, hits[~np.isin(hits, marked)][:10]])
        precision += [curve] if curve else []
    yield Figure(f"{name}: refine starts after ten marks", float(np.mean(started)), "", goal=">= 1.0")
    for number, value in enumerate(np.mean(precision, axis=0), 1):
        yield Figure(f"{name}: AP after round {number} of refining", float(value), "")


def _learned(vectors: np.ndarray, shows: np.ndarray, marked: np.ndarray) -> tuple[TrainedConcept, np.ndarray]:
    rest = np.setdiff1d(np.arange(len(vectors)), marked)
    return fit_concept(Examples(vectors[marked], shows[marked], marked, vectors[rest]), concept="x"), rest


def _inside(model: TrainedConcept, precision: float) -> float:
    reported = model.report.average_precision
    return float(round(reported.low, 2) <= round(precision, 2) <= round(reported.high, 2))  # as it is shown


def _photos(folder: str, table: str) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors float32 (m, 1280) and classes (m,) of the photos of a folder."""
    from toolkit_timm.embedder import TimmEmbedder

    embedder = TimmEmbedder(f"local-dir:{MODEL}")
    with (SHARED / folder / table).open() as file:
        listed = list(csv.DictReader(file))
    parts = []
    for start in range(0, len(listed), 32):
        pictures = [
            Image.open(SHARED / folder / row["path"]).convert("RGB") for row in listed[start : start + 32]
        ]
        parts.append(np.asarray(embedder.embed(pictures), np.float32))
    vectors = np.concatenate(parts)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.array(
        [row["class"] for row in listed]
    )
