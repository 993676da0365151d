"""A snapshot says what the tables say, and catching up says the same as starting again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update
from written_store import WrittenStore

from toolkit.errors import StoreError
from toolkit.snapshot import Snapshot, TextColumn
from toolkit.store.snapshots.catch_up import catch_up
from toolkit.store.snapshots.layout import arrays_of, snapshot_of, words_of
from toolkit.store.snapshots.matrices import MemoryMatrices
from toolkit.store.sql import schema


@pytest.fixture
def store() -> Iterator[WrittenStore]:
    written = WrittenStore()
    yield written
    written.close()


def snapshot(store: WrittenStore, base: Snapshot | None = None, **options: Any) -> Snapshot:
    with store.read() as connection:
        return catch_up(connection, base, **options)


def assert_same(one: Snapshot, other: Snapshot) -> None:
    assert words_of(one) == words_of(other)
    ours, theirs = arrays_of(one), arrays_of(other)
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        assert array.dtype == theirs[name].dtype, name
        np.testing.assert_array_equal(array, theirs[name], err_msg=name)


def values_of(snapshot: Snapshot) -> dict[tuple[str, str, int], float]:
    """Every concept value by concept, source and row."""
    return {
        (concept, snapshot.sources[column.source], int(row)): round(float(value), 6)
        for index, concept in enumerate(snapshot.concepts)
        for column in snapshot.columns.of(index)
        for row, value in zip(column.rows, column.values, strict=True)
    }


def frozen_copy(snapshot: Snapshot) -> Snapshot:
    return snapshot_of(
        words_of(snapshot), {name: array.copy() for name, array in arrays_of(snapshot).items()}
    )


# --- what a snapshot says


def test_a_store_without_a_revision_is_an_empty_snapshot(store: WrittenStore) -> None:
    assert_same(snapshot(store), Snapshot.empty())


def test_inputs_come_in_order_of_creation_with_all_their_columns(store: WrittenStore) -> None:
    store.add(metadata='{"a":1}', latitude=1.5, longitude=-2.5)
    store.add(metadata='{"b":"hütte"}', status="pending")
    store.add()
    inputs = snapshot(store).inputs
    assert inputs.key.tolist() == [1, 2, 3]
    assert inputs.created_at.tolist() == [1.0, 2.0, 3.0]
    assert inputs.modified_at.tolist() == [1.0, 2.0, 3.0]
    np.testing.assert_array_equal(inputs.latitude, np.array([1.5, np.nan, np.nan], np.float32))
    np.testing.assert_array_equal(inputs.longitude, np.array([-2.5, np.nan, np.nan], np.float32))
    assert [inputs.metadata[index] for index in range(3)] == ['{"a":1}', '{"b":"hütte"}', ""]
    assert [snapshot(store).statuses[code] for code in inputs.status] == ["success", "pending", "success"]


def test_rows_are_the_whole_input_and_its_regions(store: WrittenStore) -> None:
    store.add(regions=2)
    store.add()
    store.add_region(1, (0.25, 0.5, 0.75, 1.0))
    rows = snapshot(store).rows
    assert rows.input.tolist() == [0, 0, 0, 1, 0]
    assert rows.whole.tolist() == [True, False, False, True, False]
    assert rows.whole_of_input.tolist() == [0, 3]
    assert rows.box[4].tolist() == [0.25, 0.5, 0.75, 1.0]


def test_concept_values_are_grouped_by_concept_and_source(store: WrittenStore) -> None:
    first, second = store.add(count=2)
    store.annotate(second, {"dog": 0.25, "cat": 1.0}, source="model:pixels@1")
    store.annotate(first, {"dog": 0.5}, source="model:pixels@1")
    store.annotate(first, {"dog": 0.0})
    now = snapshot(store)
    assert now.concepts == ("dog", "cat")
    assert now.sources == ("model:pixels@1", "human:me")
    assert [(c.source, c.rows.tolist(), c.values.tolist()) for c in now.columns.of(0)] == [
        (0, [0, 1], [0.5, 0.25]),
        (1, [0], [0.0]),
    ]
    assert [(c.source, c.rows.tolist(), c.values.tolist()) for c in now.columns.of(1)] == [(0, [1], [1.0])]


def test_annotations_come_in_order_of_creation(store: WrittenStore) -> None:
    first, second = store.add(count=2)
    store.annotate(second, {}, status="pending")
    store.annotate(first, {"dog": 1.0}, source="human:you", modified_at=9.0)
    annotations = snapshot(store).annotations
    assert annotations.row.tolist() == [1, 0]
    assert annotations.source.tolist() == [0, 1]
    assert [snapshot(store).statuses[code] for code in annotations.status] == ["pending", "success"]
    assert annotations.created_at.tolist() == [2.0, 3.0]
    assert annotations.modified_at.tolist() == [2.0, 9.0]
    assert [annotations.info[index] for index in range(2)] == ['{"of":2}', '{"of":1}']


def test_of_two_values_of_one_source_the_later_counts(store: WrittenStore) -> None:
    [row] = store.add()
    store.annotate(row, {"dog": 0.1, "cat": 0.1}, modified_at=7.0)
    store.annotate(row, {"dog": 0.2}, modified_at=5.0)
    store.annotate(row, {"cat": 0.3}, modified_at=7.0)
    assert values_of(snapshot(store)) == {("dog", "human:me", 0): 0.1, ("cat", "human:me", 0): 0.3}


def test_a_concept_without_values_has_an_index_and_no_column(store: WrittenStore) -> None:
    store.add_concept("unicorn")
    now = snapshot(store)
    assert now.concept_index == {"unicorn": 0}
    assert list(now.columns.of(0)) == []


def test_vectors_lie_in_the_order_they_were_embedded(store: WrittenStore) -> None:
    store.add(count=3)
    store.embed("pixels@1", {3: [3, 3], 2: [2, 2]})
    store.embed("pixels@1", {1: [1, 1]})
    space = snapshot(store).spaces["pixels@1"]
    assert space.vectors.tolist() == [[2, 2], [3, 3], [1, 1]]
    assert space.rows.tolist() == [1, 2, 0]
    assert space.position(np.array([0, 1, 2])).tolist() == [2, 0, 1]
    assert not space.in_row_order


def test_datasets_are_ascending_inputs(store: WrittenStore) -> None:
    store.add(count=3)
    store.put("train", [3, 1])
    store.put("empty", [])
    datasets = snapshot(store).datasets
    assert {name: members.tolist() for name, members in datasets.items()} == {"train": [0, 2], "empty": []}


def test_no_array_can_be_written_to(store: WrittenStore) -> None:
    store.add(count=2)
    store.embed("pixels@1", {1: [1, 1]})
    store.annotate(1, {"dog": 1.0})
    assert [name for name, array in arrays_of(snapshot(store)).items() if array.flags.writeable] == []


def test_a_vector_of_the_wrong_length_is_refused(store: WrittenStore) -> None:
    store.add()
    store.embed("pixels@1", {1: [1, 1]})
    with store.engine.begin() as connection:
        connection.execute(update(schema.embeddings).values(vector=b"12345"))
    with pytest.raises(StoreError, match=r"'pixels@1' has not 2 numbers"):
        snapshot(store)


def test_hundreds_of_statuses_are_distinct(store: WrittenStore) -> None:
    for number in range(300):
        store.add(status=f"state {number:03}")
    now = snapshot(store)
    assert [now.statuses[code] for code in now.inputs.status] == [
        f"state {number:03}" for number in range(300)
    ]


# --- catching up


def test_nothing_new_is_the_same_snapshot(store: WrittenStore) -> None:
    store.add()
    first = snapshot(store)
    assert snapshot(store, first) is first


def test_the_older_snapshot_stays_as_it_was(store: WrittenStore) -> None:
    matrices = MemoryMatrices()
    store.add(count=2)
    store.embed("pixels@1", {1: [1, 1], 2: [2, 2]})
    store.annotate(1, {"dog": 1.0})
    old = snapshot(store, matrices=matrices)
    before = frozen_copy(old)
    store.add(count=2)
    store.embed("pixels@1", {3: [3, 3], 1: [9, 9]})
    store.annotate(1, {"dog": 0.0})
    store.delete(schema.inputs, 2)
    snapshot(store, old, matrices=matrices)
    assert_same(old, before)


def test_more_vectors_are_appended_without_a_copy(store: WrittenStore) -> None:
    matrices = MemoryMatrices()
    store.add(count=6)
    store.embed("pixels@1", {key: [key, key] for key in range(1, 5)})
    old = snapshot(store, matrices=matrices)
    store.embed("pixels@1", {5: [5, 5]})
    new = snapshot(store, old, matrices=matrices)
    assert np.shares_memory(old.spaces["pixels@1"].vectors, new.spaces["pixels@1"].vectors)
    assert len(old.spaces["pixels@1"].vectors) == 4


def test_two_snapshots_caught_up_from_one_do_not_share_what_is_new(store: WrittenStore) -> None:
    matrices = MemoryMatrices()
    store.add(count=6)
    store.embed("pixels@1", {key: [key, key] for key in range(1, 5)})
    old = snapshot(store, matrices=matrices)
    store.embed("pixels@1", {5: [5, 5]})
    one = snapshot(store, old, matrices=matrices)
    store.embed("pixels@1", {5: [7, 7]})
    other = snapshot(store, old, matrices=matrices)
    assert one.spaces["pixels@1"].vectors[-1].tolist() == [5, 5]
    assert other.spaces["pixels@1"].vectors[-1].tolist() == [7, 7]


def test_a_snapshot_of_a_restored_backup_is_made_anew(store: WrittenStore) -> None:
    store.add()
    store.add(metadata='{"before":1}')
    base = snapshot(store)
    with store.engine.begin() as connection:  # the same revision number, reached in another way
        connection.execute(delete(schema.inputs).where(schema.inputs.c.key == 2))
        connection.execute(
            update(schema.revisions).where(schema.revisions.c.revision == 2).values(token="other")
        )
    assert_same(snapshot(store, base), snapshot(store))
    assert len(snapshot(store, base).inputs) == 1


def test_a_space_deleted_and_made_again_has_only_its_new_vectors(store: WrittenStore) -> None:
    store.add(count=2)
    store.embed("pixels@1", {1: [1, 1], 2: [2, 2]})
    base = snapshot(store)
    store.delete(schema.spaces, 1)
    store.embed("pixels@1", {2: [5, 5, 5]})
    now = snapshot(store, base)
    assert now.spaces["pixels@1"].vectors.tolist() == [[5, 5, 5]]
    assert_same(now, snapshot(store))


def test_deleting_an_input_deletes_its_annotations(store: WrittenStore) -> None:
    for key in store.add(count=3, regions=1):
        store.annotate(key, {"dog": key / 10})
    store.embed("pixels@1", {key: [key] for key in range(1, 7)})
    store.put("train", [1, 2, 3])
    base = snapshot(store)
    store.delete(schema.inputs, 2)
    now = snapshot(store, base)
    assert now.inputs.key.tolist() == [1, 3]
    assert now.rows.input.tolist() == [0, 0, 1, 1]
    assert values_of(now) == {("dog", "human:me", row): (row + 1 + 2 * (row > 1)) / 10 for row in range(4)}
    assert now.spaces["pixels@1"].vectors.ravel().tolist() == [1, 2, 5, 6]
    assert now.datasets["train"].tolist() == [0, 1]
    assert_same(now, snapshot(store))


def test_catching_up_reads_along_the_revisions_not_whole_tables(store: WrittenStore) -> None:
    store.add(count=3)
    store.embed("pixels@1", {1: [1, 1]})
    base = snapshot(store)
    store.annotate(1, {"dog": 1.0})
    statements: list[str] = []
    with store.read() as connection:
        driver = connection.connection.driver_connection
        driver.set_trace_callback(statements.append)
        catch_up(connection, base)
        driver.set_trace_callback(None)
        plans = [row[3] for query in statements for row in driver.execute(f"EXPLAIN QUERY PLAN {query}")]
    scanned = {plan.split()[1] for plan in plans if plan.startswith("SCAN")}
    assert scanned <= {"revisions", "concepts", "sources", "datasets", "spaces"}
    assert not any("TEMP B-TREE" in plan for plan in plans if "embeddings" in plan)


OPERATIONS = (
    "add", "add_region", "annotate", "annotate", "revise", "retract", "embed", "embed", "put", "take_out",
    "change_input", "move_region", "delete_input", "delete_region", "delete_space", "add_concept",
    "delete_concept",
)  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 2**20)), max_size=25)


def perform(store: WrittenStore, operation: str, seed: int) -> None:
    """One operation on something that is there, chosen by the seed; nothing if there is nothing."""
    rng = np.random.default_rng(seed)
    table = {
        "annotate": schema.regions, "move_region": schema.regions, "delete_region": schema.regions,
        "embed": schema.regions, "revise": schema.annotations, "retract": schema.annotations,
        "add_region": schema.inputs, "put": schema.inputs, "take_out": schema.inputs,
        "change_input": schema.inputs, "delete_input": schema.inputs, "delete_space": schema.spaces,
        "delete_concept": schema.concepts,
    }.get(operation)  # fmt: skip
    keys = store.keys(table) if table is not None else [0]
    if not keys:
        return
    key = int(rng.choice(keys))
    concepts = {str(name): float(rng.integers(5)) / 4 for name in rng.choice(["dog", "cat", "cow"], 2)}
    source = str(rng.choice(["human:me", "human:you", "model:pixels@1"]))
    status = str(rng.choice(["success", "pending", "approved"]))
    space, dimension = [("pixels@1", 2), ("other@1", 3)][rng.integers(2)]
    match operation:
        case "add":
            store.add(count=int(rng.integers(1, 4)), regions=int(rng.integers(3)), status=status)
        case "add_region":
            store.add_region(key, (0.0, 0.0, 1.0, 1 / (store.now + 100)))
        case "annotate":
            modified_at = float(rng.integers(3)) if rng.integers(2) else None
            store.annotate(key, concepts, source=source, status=status, modified_at=modified_at)
        case "revise":
            store.revise(key, concepts)
        case "retract":
            store.retract(key)
        case "embed":
            some = rng.choice(keys, min(len(keys), 3), replace=False)
            store.embed(space, {int(region): rng.random(dimension).tolist() for region in some})
        case "put":
            store.put(str(rng.choice(["train", "test"])), [key])
        case "take_out":
            store.take_out("train", key)
        case "change_input":
            store.change_input(
                key, metadata=f'{{"n":{seed}}}', latitude=float(rng.integers(90)), status=status
            )
        case "move_region":
            store.move_region(key, 1 / (store.now + 100))
        case "add_concept":
            store.add_concept(str(rng.choice(["bee", "ant"])))
        case _:
            assert table is not None
            store.delete_concept(key) if operation == "delete_concept" else store.delete(table, key)


@settings(max_examples=40, deadline=None)
@given(STEPS, st.data())
def test_catching_up_equals_starting_again(steps: list[tuple[str, int]], data: st.DataObject) -> None:
    store = WrittenStore()
    matrices = MemoryMatrices()
    kept: list[tuple[Snapshot, Snapshot]] = []
    current = None
    for operation, seed in [("add", 1), *steps]:
        perform(store, operation, seed)
        if data.draw(st.booleans(), label="catch up"):
            current = snapshot(store, current, matrices=matrices)
            assert_same(current, snapshot(store))
            kept.append((current, frozen_copy(current)))
    for old, copy in kept:
        assert_same(old, copy)
    store.close()


# --- labels lie over a snapshot


LABELS = st.lists(
    st.tuples(
        st.sampled_from(
            ("annotate", "annotate", "revise", "retract", "change_input", "embed", "add_concept")
        ),
        st.integers(0, 2**20),
    ),
    min_size=1,
    max_size=12,
)


def lies_over(new: Snapshot, old: Snapshot) -> bool:
    """Whether nothing was merged: the rows of the new one are the very object that the old one has."""
    return new.rows is old.rows


@pytest.fixture
def labeled(store: WrittenStore) -> WrittenStore:
    store.add(count=4, regions=1)
    for region in (1, 2, 5):
        store.annotate(region, {"dog": region / 8, "cat": 1.0}, source="model:pixels@1")
    store.embed("pixels@1", {1: [1, 1], 3: [2, 2]})
    store.put("train", [1, 3])
    return store


@settings(max_examples=25, deadline=None)
@given(LABELS, st.data())
def test_labels_read_one_by_one_equal_a_snapshot_made_from_nothing(
    steps: list[tuple[str, int]], data: st.DataObject
) -> None:
    store = WrittenStore()
    store.add(count=5, regions=1)
    store.annotate(2, {"dog": 0.5, "cat": 1.0}, source="model:pixels@1")
    matrices = MemoryMatrices()
    current = snapshot(store, matrices=matrices)
    looked_at: list[tuple[Snapshot, Snapshot]] = []
    for operation, seed in steps:
        perform(store, operation, seed)
        current = snapshot(store, current, matrices=matrices)
        expected = snapshot(store)
        assert values_of(current) == values_of(expected)  # concept by concept
        if data.draw(st.booleans(), label="look at all of it"):
            assert_same(current, expected)
            looked_at.append((current, frozen_copy(current)))
    assert_same(current, snapshot(store))
    for old, copy in looked_at:
        assert_same(old, copy)
    store.close()


def test_a_label_copies_no_large_array(labeled: WrittenStore) -> None:
    base = snapshot(labeled)
    labeled.annotate(4, {"dog": 1.0})
    one = snapshot(labeled, base)
    labeled.annotate(2, {"cat": 0.0})
    other = snapshot(labeled, one)
    assert lies_over(one, base)
    assert lies_over(other, one)
    assert other.spaces["pixels@1"] is base.spaces["pixels@1"]
    assert other.annotations.arrived == other.annotations.info.arrived == other.columns.arrived == set()
    assert_same(other, snapshot(labeled))


def test_the_column_of_a_concept_that_was_not_spoken_of_is_the_same_array(labeled: WrittenStore) -> None:
    base = snapshot(labeled)
    labeled.annotate(4, {"dog": 1.0})
    now = snapshot(labeled, base)
    (before,), (after,) = base.columns.of(base.concept_index["cat"]), now.columns.of(now.concept_index["cat"])
    assert after.rows is before.rows or np.shares_memory(after.rows, before.rows)
    assert [column.values.tolist() for column in now.columns.of(now.concept_index["dog"])] == [
        [0.125, 0.25, 0.625],
        [1.0],
    ]


def test_columns_that_lie_over_others_can_be_replaced_in_part(labeled: WrittenStore) -> None:
    base = snapshot(labeled)
    labeled.annotate(4, {"dog": 1.0})
    now = snapshot(labeled, base)
    halved = replace(now.columns, values=now.columns.values / 2)
    dog = now.concept_index["dog"]
    assert [column.values.tolist() for column in halved.of(dog)] == [
        [value / 2 for value in column.values.tolist()] for column in now.columns.of(dog)
    ]


def test_labels_are_merged_once_they_are_many(labeled: WrittenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toolkit.store.snapshots.overlay.FEW", 2)
    current = snapshot(labeled)
    over = []
    for region in (1, 2, 3, 4):
        labeled.annotate(region, {"dog": 1.0})
        new = snapshot(labeled, current)
        over.append(lies_over(new, current))
        current = new
    assert over == [True, True, False, True]
    assert_same(current, snapshot(labeled))


@pytest.mark.parametrize("change", ["a new status", "a status gone", "another dataset", "a concept gone"])
def test_what_lies_over_nothing_is_merged(labeled: WrittenStore, change: str) -> None:
    labeled.annotate(3, {"cow": 1.0}, status="pending")
    base = snapshot(labeled)
    match change:
        case "a new status":
            labeled.annotate(1, {"dog": 1.0}, status="approved")
        case "a status gone":
            labeled.retract(4)
        case "another dataset":
            labeled.take_out("train", 3)
        case _:
            labeled.delete_concept(1)
    now = snapshot(labeled, base)
    assert not lies_over(now, base)
    assert_same(now, snapshot(labeled))


# --- columns of text


@given(st.lists(st.text(max_size=5), max_size=8), st.data())
def test_texts_can_be_taken_in_any_order(texts: list[str], data: st.DataObject) -> None:
    column = TextColumn.of(texts)
    indices = st.lists(st.integers(0, len(texts) - 1)) if texts else st.just([])
    order = data.draw(indices)
    taken = column.take(np.array(order, np.int64))
    assert [taken[index] for index in range(len(taken))] == [texts[index] for index in order]


@given(st.lists(st.lists(st.text(max_size=5), max_size=4), max_size=4))
def test_joined_columns_are_one_after_the_other(parts: list[list[str]]) -> None:
    joined = TextColumn.joined([TextColumn.of(part) for part in parts])
    assert [joined[index] for index in range(len(joined))] == [text for part in parts for text in part]
