"""A process that opens a collection loads only what its queries name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import toolkit
from toolkit.snapshot import Snapshot
from toolkit.store import AnnotationStore
from toolkit.store.snapshots.snapshots import Snapshots
from toolkit.terms import concept, image, label, where

SHADES = [np.full((32, 32, 3), shade, np.uint8) for shade in range(0, 250, 25)]


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """Ten pictures in two spaces, three of them labeled, and a snapshot of them in files."""
    path = tmp_path / "photos.db"
    with toolkit.open(path, workflow="pixels") as photos:
        photos.add(SHADES, progress=False)
        photos.annotate(photos.search(image(SHADES[0]), limit=3).ids, concept="best")
        keys = photos.snapshot().rows.key.tolist()
    with AnnotationStore.open(path) as store, store.write() as batch:
        batch.spaces.add("other@1", embedder="other", dimension=2)
        batch.embeddings.put("other@1", keys, np.ones((len(keys), 2), np.float32))
    with toolkit.open(path) as photos:
        photos.snapshot()
    return path


def arrived(snapshot: Snapshot) -> set[str]:
    """The arrays that were mapped, by name."""
    groups = {
        "inputs": snapshot.inputs,
        "inputs.metadata": snapshot.inputs.metadata,
        "rows": snapshot.rows,
        "annotations": snapshot.annotations,
        "annotations.info": snapshot.annotations.info,
        "columns": snapshot.columns,
        **snapshot.spaces,
    }
    mapped = {f"{name}.{array}" for name, group in groups.items() for array in group.arrived}
    return {name for name in mapped if not name.endswith(("@1.key", "@1.name"))}  # which are no arrays


COLUMNS = {f"columns.{name}" for name in ("concept", "source", "start", "rows", "values")}
ROWS = {"inputs.key", "rows.key", "rows.input", "rows.box"}
PIXELS = {"pixels@1.vectors", "pixels@1.rows"}


@pytest.mark.parametrize(
    ("query", "most"),
    [
        (concept("best", source="human"), COLUMNS | ROWS),
        (label("best"), COLUMNS | ROWS),
        (image(SHADES[1], space="pixels"), PIXELS | ROWS),
        (label("best") & image(SHADES[1], space="pixels"), COLUMNS | PIXELS | ROWS),
        (where(status="success"), {"inputs.status"} | ROWS),
    ],
    ids=["concept", "label", "image", "label & image", "status"],
)
def test_only_the_arrays_that_a_query_names_are_mapped(stored: Path, query, most: set[str]) -> None:
    with toolkit.open(stored) as photos:
        assert photos.search(query).ids
        assert arrived(photos.snapshot()) <= most


def test_opening_maps_nothing(stored: Path) -> None:
    with AnnotationStore.open(stored) as store:
        snapshots = Snapshots(store.read, Path(f"{stored}.cache"))
        assert arrived(snapshots.latest()) == set()
        assert dict(snapshots.latest().datasets) == {}
        snapshots.close()
