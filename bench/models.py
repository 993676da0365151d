"""Real networks on real photos: how well they rank, how fast the two roads are, how alike their vectors are.

Skipped where the photos or the extras are not there. The ratio to a bare loop is of the whole indexing.
"""

from __future__ import annotations

import csv
import importlib.util
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

import toolkit
from toolkit.evaluation.measures import Retrieval, leave_one_out
from toolkit.plugins.registry import Registry

from .figure import Figure

__all__ = ["run"]

SHARED = Path(__file__).parents[1].parent / "shared"
FOLDER = SHARED / "models" / "mobilenetv2_100.tf1_in1k_qat"
MODEL = f"local-dir:{FOLDER}"
NEEDED = ("torch", "timm", "onnx", "onnxscript", "onnxruntime")


def run(rows: int) -> list[Figure]:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing or not FOLDER.is_dir():
        print(f"skipped: {', '.join(missing) or FOLDER} not here")
        return []
    # Of a tiny run every class keeps its neighbors: each 30 rows are one.
    count = 1409 if rows >= 100_000 else 60
    labels = list(csv.DictReader((SHARED / "photos-dev" / "labels.csv").open()))[:count]
    paths = [SHARED / "photos-dev" / row["path"] for row in labels]
    with tempfile.TemporaryDirectory() as folder:
        return _measured(paths, [row["class"] for row in labels], Path(folder))


def _measured(paths: Sequence[Path], labels: Sequence[str], folder: Path) -> list[Figure]:
    from toolkit_onnx.embedder import OnnxEmbedder
    from toolkit_timm.embedder import TimmEmbedder
    from toolkit_timm.export import export_onnx

    some = [Image.open(path).convert("RGB") for path in paths[:100]]
    torch_road = TimmEmbedder(MODEL)
    onnx_road = OnnxEmbedder(str(export_onnx(MODEL, folder / "onnx").folder))
    theirs, torch_rate = _rate(lambda: torch_road.embed(some), len(some))
    ours, onnx_rate = _rate(lambda: onnx_road.embed(some), len(some))
    whole, reduced = _ranked(paths, labels, f"onnx:{folder / 'onnx'}")
    bare_rate = _bare(some)
    with _opened(f"timm:{MODEL}") as photos:
        _, index_rate = _rate(
            lambda: photos.add(list(paths[:200]), progress=False), len(paths[:200]), repeats=1
        )
    cosine = float((_unit(theirs) * _unit(ours)).sum(axis=1).min())
    return [
        Figure("MobileNetV2: P@10 on photos", whole.precision_at_k, "", goal=">= 0.79"),
        Figure("MobileNetV2: mAP on photos", whole.mean_average_precision, "", goal=">= 0.68"),
        Figure("64 numbers: P@10 on photos", reduced.precision_at_k, "", goal=">= 0.82"),
        Figure("64 numbers: mAP on photos", reduced.mean_average_precision, ""),
        Figure("torch and onnxruntime: least cosine", cosine, "", goal=">= 0.9999"),
        Figure("timm, prepared and embedded", torch_rate, "images/s"),
        Figure(
            "onnx, prepared and embedded", onnx_rate, "images/s", "timm", onnx_rate / torch_rate, ">= 1.5"
        ),
        Figure("a bare timm loop, decoded in advance, best batch", bare_rate, "images/s"),
        Figure("photos.add with timm", index_rate, "images/s", "the loop", index_rate / bare_rate, ">= 0.9"),
    ]


def _bare(pictures: Sequence[Image.Image]) -> float:
    """Pictures a second of timm as its own examples run it, at the best of several batch and thread counts."""
    import timm
    import torch

    model = timm.create_model(MODEL, pretrained=True, num_classes=0).eval()
    transform = timm.data.create_transform(**timm.data.resolve_data_config(model=model))

    def embed(batch: int) -> None:
        with torch.inference_mode():
            for start in range(0, len(pictures), batch):
                model(torch.stack([transform(one) for one in pictures[start : start + batch]]))

    before, rates = torch.get_num_threads(), []
    for threads in {1, os.cpu_count() or 1}:
        torch.set_num_threads(threads)
        rates += [_rate(lambda size=size: embed(size), len(pictures), repeats=1)[1] for size in (4, 8, 32)]
    torch.set_num_threads(before)
    return max(rates)


def _ranked(paths: Sequence[Path], labels: Sequence[str], embedder: str) -> tuple[Retrieval, Retrieval]:
    """How well photos find those of their class, by all numbers and by 64, in a collection that holds them."""
    with _opened(embedder) as photos:
        photos.add(list(paths), progress=False)
        photos.index(embedder=embedder, reduce=min(64, len(paths) - 1), progress=False)
        full, reduced = photos.snapshot().spaces.values()
        return leave_one_out(full.vectors, labels), leave_one_out(reduced.vectors, labels)


def _opened(embedder: str) -> toolkit.Collection:
    import toolkit_files
    import toolkit_onnx
    import toolkit_timm

    registry = Registry()
    for plugin in (toolkit_files, toolkit_onnx, toolkit_timm):
        registry.add(plugin)
    return toolkit.open(workflow=toolkit.Workflow(embedders=(embedder,)), registry=registry)


def _rate(work: Callable[[], object], count: int, *, repeats: int = 2) -> tuple[np.ndarray, float]:
    """What came of it, and the best of some runs in pictures a second: on a busy machine the best is the truest."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return np.asarray(result, dtype=object if result is None else None), count / best


def _unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
