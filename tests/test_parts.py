"""A snapshot of some inputs is what the whole one would be if the store held no others."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_collection import MadeUp

from toolkit.errors import TooManyRowsError, UnknownNameError
from toolkit.values.settings import Settings
from toolkit.values.types import Box

NAMES = [f"{number:02}" for number in range(12)]


@pytest.fixture
def made(tmp_path):
    with MadeUp(*NAMES, target=tmp_path / "photos.db") as made:
        boxes = [made.region(name, Box(0, 0, 1, 0.5)) for name in NAMES[::3]]
        made.embed({row: (1.0, float(at), 0.0) for at, row in enumerate([*NAMES, *boxes])})
        made.say("dog", dict.fromkeys(NAMES[::2], 0.5))
        made.say("cat", {boxes[1]: 1.0}, source="human:eva")
        with made.store.write() as batch:
            batch.datasets.add("odd", made.store.inputs.keys(NAMES[1::2]))
        yield made


def test_a_part_has_the_rows_the_vectors_and_the_values_of_its_inputs(made):
    whole, part = made.photos.snapshot(), made.photos.snapshot(dataset="odd")
    assert part.is_part
    assert part.inputs.key.tolist() == whole.inputs.key[1::2].tolist()
    rows = np.flatnonzero(np.isin(whole.rows.input, np.arange(len(NAMES))[1::2]))
    assert part.rows.key.tolist() == whole.rows.key[rows].tolist()
    assert np.array_equal(part.rows.box, whole.rows.box[rows], equal_nan=True)
    (space,), (everything,) = part.spaces.values(), whole.spaces.values()
    vectors = everything.vectors[everything.position(rows)]
    assert np.array_equal(space.vectors[space.position(np.arange(len(rows)))], vectors)
    cats = list(part.columns.of(part.concept_index["cat"]))
    assert [column.values.tolist() for column in cats] == [[1.0]]
    assert part.datasets["odd"].tolist() == list(range(6))


def test_a_dataset_that_is_not_there_is_named(made):
    with pytest.raises(UnknownNameError, match="'odd'"):
        made.photos.snapshot(dataset="old")


def test_backgrounds_of_a_large_collection_are_measured_on_a_sample(made):
    resources = made.photos._resources
    resources.backgrounds.refresh(resources.snapshots.latest_or_sample)
    (name,) = made.photos.snapshot().spaces
    whole = made.store.properties.get(f"background:{name}")
    with made.store.write() as batch:
        batch.properties.set(f"background:{name}", None)
    resources.snapshots._current, resources.snapshots.most_rows = None, 1
    resources.backgrounds.refresh(resources.snapshots.latest_or_sample)
    assert made.store.properties.get(f"background:{name}")["rows"] == whole["rows"] == 16


def test_of_more_rows_than_the_setting_no_snapshot_is_made(made):
    with MadeUp(target=made.store.path, settings=Settings(snapshot_rows=10)) as many:
        with pytest.raises(TooManyRowsError, match="16 rows are more than the 10"):
            many.photos.snapshot()
        assert len(many.photos.snapshot(dataset="odd").inputs) == 6
