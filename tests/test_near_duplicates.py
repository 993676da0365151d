"""Pictures that are there more than once: the same file, or one that was edited."""

from __future__ import annotations

import json
from io import BytesIO

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image, ImageOps

import toolkit
from toolkit.cli import main
from toolkit.errors import NotIndexedError, QueryError
from toolkit.plugins import Record
from toolkit.similarity.duplicate_groups import find_duplicates
from toolkit.similarity.near_duplicates import Evidence
from toolkit.terms import image

COUNT = 60


def drawn(count=COUNT, seed=0):
    random = np.random.default_rng(seed)
    blocks = random.integers(0, 256, (count, 8, 8, 3)).astype(np.uint8)
    return [Image.fromarray(one).resize((96, 96), Image.Resampling.BICUBIC) for one in blocks]


def jpeg(picture, quality=95):
    file = BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


@pytest.fixture(scope="module")
def photos():
    """60 pictures; the eighth three times more, edited, and the twelfth once more."""
    some = drawn()
    edits = [
        some[7].resize((60, 60)),
        some[7].point(lambda level: min(255, level * 5 // 4)),
        some[7].crop((4, 4, 92, 92)),
    ]
    with toolkit.open(workflow="pixels") as collection:
        files = [jpeg(one) for one in [*some, *edits]] + [jpeg(some[11], 40)]
        collection.add(files, progress=False)
        yield collection


def test_edits_of_one_picture_are_one_group_and_the_largest_group_comes_first(photos):
    ids = list(photos)
    found = photos.near_duplicates()
    assert [set(group.ids) for group in found] == [{ids[7], *ids[60:63]}, {ids[11], ids[63]}]
    assert found[0][0].width == max(one.width for one in found[0])
    assert found.extra == [*found[0].ids[1:], *found[1].ids[1:]]


def test_every_pair_has_a_chance_and_a_reason(photos):
    group = photos.near_duplicates()[0]
    assert len(group.pairs) == 6
    assert all(0.1 <= pair.probability <= 1 for pair in group.pairs)
    assert all(pair.reason.startswith("nearer than their neighbors: ") for pair in group.pairs)
    assert all("times in pixels@1" in pair.reason for pair in group.pairs)


def test_a_collection_without_any_has_none():
    with toolkit.open(workflow="pixels") as collection:
        collection.add(drawn(seed=3), progress=False)
        assert len(collection.near_duplicates()) == 0
        assert repr(collection.near_duplicates()) == "no near-duplicates among 60 inputs, by file, pixels@1"


def test_an_empty_collection_and_one_of_two_have_none():
    with toolkit.open(workflow="pixels") as collection:
        assert len(collection.near_duplicates(evidence=())) == 0
        collection.add(drawn(2), progress=False)
        assert len(collection.near_duplicates()) == 0


def test_equal_files_need_no_embedding(tmp_path):
    file = jpeg(drawn(1)[0])
    with toolkit.open(workflow="none") as collection:
        collection.inputs.add([Record(file, id=name) for name in ("a", "b")])
        group = collection.near_duplicates(evidence=())[0]
        assert group.ids == ["a", "b"]
        assert [(pair.probability, pair.reason) for pair in group.pairs] == [(1.0, "the same file")]


def test_a_space_that_is_not_there_says_which_call_makes_it(photos):
    with pytest.raises(NotIndexedError, match="index"):
        photos.near_duplicates(evidence=("embedding", "timm"))


@pytest.mark.parametrize("precision", [0, -1, 1.5, float("nan")])
def test_a_precision_is_a_share(photos, precision):
    with pytest.raises(QueryError, match="precision"):
        photos.near_duplicates(precision=precision)


def test_evidence_is_several_words(photos):
    with pytest.raises(QueryError, match="evidence"):
        photos.near_duplicates(evidence="pixels")


def test_thirty_frames_are_one_group():
    random = np.random.default_rng(0)
    vectors = random.normal(size=(300, 256))
    vectors[:30] = vectors[0] + 0.1 * random.normal(size=(30, 256))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    evidence = [Evidence.of("net", vectors, is_pixels=False)]
    found = find_duplicates(evidence, np.arange(300), np.arange(300), precision=0.98)
    assert [group.tolist() for group in found.groups] == [list(range(30))]


def test_no_two_of_a_group_are_implausible(photos):
    for group in photos.near_duplicates(precision=0.5):
        assert min(pair.probability for pair in group.pairs) >= 0.1


def test_the_order_of_adding_does_not_change_the_groups(photos):
    ids = list(photos)
    files = {id: photos.thumbnail(id) for id in ids}
    sets = []
    for order in (ids, ids[::-1]):
        with toolkit.open(workflow="pixels") as collection:
            collection.inputs.add([Record(files[id], id=id) for id in order])
            sets.append({frozenset(group.ids) for group in collection.near_duplicates()})
    assert sets[0] == sets[1]


def test_hits_grouped_show_the_best_of_each_group(photos):
    ids = list(photos)
    hits = photos.search(image({"input": ids[7]}), limit=20)
    grouped = hits.grouped()
    assert set(grouped[0].ids) == {ids[7], *ids[60:63]}
    assert grouped.first.ids == [group[0].input.id for group in grouped]
    assert sum(map(len, grouped)) == 20
    assert "and 3 more like it" in grouped._repr_html_()


def test_no_hits_are_no_groups(photos):
    grouped = photos.search(image({"input": next(iter(photos))}), minimum=1.0, limit=5).grouped()
    assert len(grouped.first) == len(grouped)
    none = grouped[:0]
    assert (len(none), none.first.ids) == (0, [])
    assert "0 hits in 0 groups" in none._repr_html_()


def test_regions_of_one_picture_are_one_group():
    with toolkit.open(workflow="pixels") as collection:
        collection.add(drawn(12), detect="proposals", progress=False)
        hits = collection.search(image({"input": next(iter(collection))}), level="region", limit=30)
        assert len(hits.grouped()) == len(set(hits.ids))


def test_hostile_names_are_escaped(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for at, one in enumerate([*drawn(40), drawn(40)[5].resize((70, 70))]):
        one.save(folder / f"<b onclick=x>{at}.png")
    with toolkit.open(workflow="pixels") as collection:
        collection.add(folder, progress=False)
        found = collection.near_duplicates()
        assert len(found) == 1
        assert "<b onclick" not in found.html() + found._repr_html_()


def test_the_frame_has_a_row_for_each_picture(photos):
    frame = photos.near_duplicates().frame()
    assert frame.groupby("group").size().tolist() == [4, 2]
    assert frame["first"].sum() == 2


def test_the_command_prints_groups_as_text_json_and_html(tmp_path):
    path, page = tmp_path / "photos.db", tmp_path / "page.html"
    some = drawn()
    with toolkit.open(path, workflow="pixels") as collection:
        collection.add([jpeg(one) for one in [*some, ImageOps.expand(some[3], 2, "white")]], progress=False)
    run = CliRunner().invoke(main, ["near-duplicates", str(path), "--json", "--html", str(page)])
    told = json.loads(run.stdout)
    assert len(told["groups"]) == 1
    assert told["groups"][0]["pairs"][0]["probability"] > 0.5
    assert "data:image/jpeg" in page.read_text()
    text = CliRunner().invoke(main, ["near-duplicates", str(path)]).stdout
    assert text.startswith("1 group of 2 near-duplicates among 61 inputs, by file, pixels@1")
    assert (
        CliRunner()
        .invoke(main, ["near-duplicates", str(path), "--files"])
        .stdout.startswith("no near-duplicates")
    )


def test_what_does_not_stay_is_in_a_dataset_and_can_be_taken_back(photos):
    from toolkit.widgets import Widgets

    reviewer = Widgets(photos).near_duplicates()
    first = photos.near_duplicates()[0].ids
    reviewer.leave_rest(0)
    assert set(reviewer.leaving) == set(first[1:])
    assert photos.datasets["duplicates"] == 3
    reviewer.leave(first[1], stays=True)
    assert photos.datasets["duplicates"] == 2
    assert set(Widgets(photos).near_duplicates().leaving) == set(first[2:])
    reviewer.undo()
    reviewer.undo()
    assert (reviewer.leaving, reviewer.can_undo, photos.datasets["duplicates"]) == ([], False, 0)
    assert len(photos) == 64
