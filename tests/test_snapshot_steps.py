"""On every database, a snapshot that followed any sequence of changes equals one that is made from nothing."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest
from stores import new_input
from test_snapshot import assert_same, frozen_copy, values_of

from toolkit.snapshot import Snapshot
from toolkit.store import AnnotationStore
from toolkit.store.snapshots.catch_up import catch_up
from toolkit.store.snapshots.snapshots import Snapshots
from toolkit.values.types import Box

STEPS = 12
LABELING = "label", "label", "label", "retract", "embed"
CHANGING = (*LABELING, "add", "region", "update", "delete", "delete region")


def step(store: AnnotationStore, kind: str, there: Snapshot, random: np.random.Generator) -> None:
    """A change of one kind to something that is there, if anything is."""
    if not len(there.inputs):
        kind = "add"
    key = int(random.choice(there.inputs.key)) if len(there.inputs) else 0
    region = int(random.choice(there.rows.key)) if len(there.rows) else 0
    boxes = there.rows.key[~there.rows.whole].tolist()
    said = store.annotations.on_regions([region]) if region else []
    (id,) = store.inputs.ids_by_key([key]).values() if key else [""]
    with store.write() as batch:
        match kind:
            case "add":
                batch.inputs.add([new_input(str(random.integers(2**40))) for _ in range(3)])
            case "region":
                batch.regions.add(key, [Box(0, 0, 0.5, float(random.integers(1, 8)) / 8)])
            case "label":
                concepts = {str(random.choice(["dog", "cat", "cow"])): float(random.integers(5)) / 4}
                source = str(random.choice(["human:me", "human:you", "model:pixels@1"]))
                batch.annotations.add(region, source=source, concepts=concepts)
            case "retract":
                batch.annotations.delete([one.id for one in said[:1]])
            case "embed":
                batch.spaces.add("pixels@1", embedder="pixels", dimension=2)
                batch.embeddings.put("pixels@1", [region], random.random((1, 2)).astype(np.float32))
            case "update":
                batch.inputs.update(id, metadata={"n": int(random.integers(9))}, datasets=["train"])
            case "delete":
                batch.inputs.delete([id])
            case _ if boxes:
                batch.regions.delete(store.regions.ids_by_key(boxes[:1]).values())


def made(store: AnnotationStore) -> Snapshot:
    """A snapshot from nothing."""
    with store.read() as connection:
        return catch_up(connection)


@pytest.mark.parametrize("kinds", [LABELING, CHANGING], ids=["labels", "all changes"])
def test_following_changes_equals_starting_again(store, tmp_path, kinds):
    random = np.random.default_rng(0)
    step(store, "add", Snapshot.empty(), random)
    expected = made(store)
    step(store, "region", expected, random)
    looked_at = []
    with (
        closing(Snapshots(store.read, tmp_path / "one.cache")) as in_files,
        closing(Snapshots(store.read, None)) as in_memory,
    ):
        for _ in range(STEPS):
            step(store, str(random.choice(kinds)), expected, random)
            expected = made(store)
            for followed in (in_files.latest(), in_memory.latest()):
                assert values_of(followed) == values_of(expected)
                if random.integers(2):
                    assert_same(followed, expected)
                    looked_at.append((followed, frozen_copy(followed)))
        for old, copy in looked_at:
            assert_same(old, copy)
