"""A concept and a picture in one expression: whether ``concept & like this`` ranks better than either alone.

On photos-dev with a real network where they are there, on drawn scenes with the models that need no download else.
A need is a word and a kind of picture: for each of its first pictures the others of its kind are wanted.
"""

from __future__ import annotations

import csv
import importlib.util
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import toolkit
from toolkit.demo.scenes import scenes, write_scenes
from toolkit.evaluation.measures import average_precision
from toolkit.query import Query

from .figure import Figure
from .models import FOLDER, MODEL, SHARED

__all__ = ["run"]

PHOTOS, NEEDS, WORDNET = SHARED / "photos-dev", SHARED / "needs-dev.csv", SHARED / "wordnet"
ASKED = 6  # pictures of a kind that are asked with, in the order of the labels
SCENES = 270
SCENE_NEEDS = [("dark", "night-sea"), ("dark", "night-meadow"), ("bright", "day-snow"), ("bright", "day-sea")]


@dataclass(frozen=True)
class Need:
    """What is looked for: a word, and the pictures of a kind, in order."""

    word: str
    wanted: Sequence[str]


def run(rows: int) -> list[Figure]:
    """The figures of real photos if they are here, else of drawn scenes."""
    with tempfile.TemporaryDirectory() as folder:
        if _is_here():
            with toolkit.open(workflow=_network()) as photos:
                needs = _photo_needs(photos)
                photos.index(reduce=64, progress=False)
                return [*_composites(photos, needs, "photos-dev"), *_missed(photos, needs)]
        print("photos-dev, its needs or a network are not here: drawn scenes instead")
        with toolkit.open(workflow="pixels") as photos:
            return list(_composites(photos, _scene_needs(photos, Path(folder), rows), "drawn scenes"))


def _is_here() -> bool:
    modules = all(importlib.util.find_spec(name) is not None for name in ("torch", "timm"))
    return modules and all(path.exists() for path in (FOLDER, PHOTOS, NEEDS, WORDNET))


def _network() -> toolkit.Workflow:
    return toolkit.Workflow(embedders=(f"timm:{MODEL}",), concept_models=(f"timm:{MODEL}",))


def _photo_needs(photos: toolkit.Collection) -> list[Need]:
    labels = list(csv.DictReader((PHOTOS / "labels.csv").open()))
    photos.add([PHOTOS / row["path"] for row in labels], progress=False)
    for table in ("names", "hypernyms"):
        photos.concepts.read(WORDNET / f"concept-{table}.tsv")
    ids: dict[str, list[str]] = {}
    for row in labels:
        ids.setdefault(row["class"], []).append(photos.find(PHOTOS / row["path"]).id)
    return [Need(row["word"], ids[row["class"]]) for row in csv.DictReader(NEEDS.open())]


def _scene_needs(photos: toolkit.Collection, folder: Path, rows: int) -> list[Need]:
    count = SCENES if rows >= 100_000 else 45
    paths = write_scenes(count, folder)
    photos.add(paths, progress=False)
    kinds: dict[str, list[str]] = {}
    for scene, path in zip(scenes(count), paths, strict=True):
        kinds.setdefault(f"{scene.time}-{scene.land}", []).append(photos.find(path).id)
    return [Need(word, kinds[kind]) for word, kind in SCENE_NEEDS]


def _composites(photos: toolkit.Collection, needs: Sequence[Need], where: str) -> Iterator[Figure]:
    for name, space in photos.snapshot().spaces.items():
        found = np.array([_precisions(photos, need, name) for need in needs])
        word, picture, both = found.mean(axis=0).tolist()
        of_better = found[:, 2] / found[:, :2].max(axis=1)
        title = f"{where}, {len(needs)} needs, {space.vectors.shape[1]:,} numbers"
        yield Figure(f"{title}: mAP of the word", word, "")
        yield Figure(f"{title}: mAP of the picture", picture, "")
        yield Figure(f"{title}: mAP of both", both, "", "the picture", both / picture)
        yield Figure(f"{title}: both less the picture", both - picture, "", goal=">= 0.02")
        yield Figure(
            f"{title}: needs below .95 of the better part", int((of_better < 0.95).sum()), "", goal="<= 5"
        )
        yield Figure(f"{title}: least share of the better part", float(of_better.min()), "", goal=">= 0.8")


def _precisions(photos: toolkit.Collection, need: Need, space: str) -> list[float]:
    """The mean average precision of the word, of the pictures, and of both."""
    terms = photos.terms
    word = terms.concept(need.word)
    like = {id: terms.input(id, space=space) for id in need.wanted[:ASKED]}
    alone = [_ids(photos, word)] * len(like)
    rankings = zip(
        alone,
        (_ids(photos, picture) for picture in like.values()),
        (_ids(photos, word & picture) for picture in like.values()),
        strict=True,
    )
    precisions = [
        [_precision(ids, asked, need.wanted) for ids in three]
        for asked, three in zip(like, rankings, strict=True)
    ]
    return np.mean(precisions, axis=0).tolist()


def _ids(photos: toolkit.Collection, query: Query) -> list[str]:
    return photos.search(query, limit=len(photos)).ids


def _precision(ids: Sequence[str], asked: str, wanted: Sequence[str]) -> float:
    rest = set(wanted) - {asked}
    return average_precision([id in rest for id in ids if id != asked], total=len(rest))


def _missed(photos: toolkit.Collection, needs: Sequence[Need]) -> Iterator[Figure]:
    """How much of what is there the concept model gives hardly a chance: what the constant MISSES stands for."""
    scored: Mapping[str, dict[str, float]] = {
        need.word: {
            hit.input.id: hit.score for hit in photos.search(photos.terms.concept(need.word), limit=2000)
        }
        for need in needs
    }
    for least in (0.0, 0.01, 0.1):
        shares = [np.mean([scored[need.word].get(id, -1.0) < least for id in need.wanted]) for need in needs]
        what = "left unscored" if least == 0 else f"scored below {least:g}"
        yield Figure(f"photos-dev: pictures of what the word names, {what}", float(np.mean(shares)), "")
