"""The inputs of a collection, looked at and changed one by one or page by page."""

import numpy as np
import pytest
from made_up_models import CORNER, Light, annotations, opened

from toolkit.errors import InputError, UnknownNameError
from toolkit.files.contents import sha256_of
from toolkit.images import encode_png, from_array
from toolkit.plugins.interfaces import Record
from toolkit.values.types import Detection, GeoPoint


def picture(gray):
    return encode_png(from_array(np.full((8, 8, 3), gray, np.uint8)))


@pytest.fixture
def photos():
    with opened(concept_models=("light",)) as photos:
        photos.add([Record(picture(10 * at), id=f"p{at}") for at in range(5)], progress=False)
        yield photos


def test_they_are_a_mapping_by_id(photos):
    assert list(photos.inputs) == ["p0", "p1", "p2", "p3", "p4"]
    assert (len(photos.inputs), "p3" in photos.inputs, "p9" in photos.inputs) == (5, True, False)
    assert photos.inputs["p3"] == photos["p3"]
    with pytest.raises(UnknownNameError, match="p4"):
        photos.inputs["p44"]


def test_some_come_in_the_order_they_are_asked_for(photos):
    assert [one.id for one in photos.inputs.by_ids(["p4", "p0"])] == ["p4", "p0"]
    assert photos.inputs.existing(["p4", "nobody", "p0"]) == {"p0", "p4"}
    with pytest.raises(UnknownNameError):
        photos.inputs.by_ids(["p0", "nobody"])


def test_any_number_of_ids_may_be_asked_for(photos):
    assert photos.inputs.existing([*map(str, range(70_000)), "p1"]) == {"p1"}


def test_pages_follow_one_another_in_order_of_creation(photos):
    pages = [[one.id for one in photos.inputs.page(offset=at, limit=2)] for at in (0, 2, 4, 6)]
    assert pages == [["p0", "p1"], ["p2", "p3"], ["p4"], []]


def test_they_are_counted_and_listed_by_status(photos):
    photos.inputs.update("p1", status="failed")
    assert photos.inputs.count_by_status() == {"success": 4, "failed": 1}
    assert [one.id for one in photos.inputs.page(status="failed")] == ["p1"]


def test_an_update_changes_what_is_given_and_nothing_else(photos):
    place = GeoPoint(48.0, 11.0)
    photos.inputs.update("p0", metadata={"a": 1, "b": 2}, geo=place, datasets=["summer"])
    photos.inputs.update("p0", metadata_patch={"a": None, "c": 3})
    one = photos.inputs["p0"]
    assert (dict(one.metadata), one.geo, one.datasets) == ({"b": 2, "c": 3}, place, ("summer",))
    photos.inputs.update("p0", geo=None)
    assert photos.inputs["p0"].geo is None
    with pytest.raises(UnknownNameError):
        photos.inputs.update("nobody", metadata={})


def test_where_each_is_embedded(photos):
    assert photos.inputs.spaces("p0") == ["colors@1"]


def test_records_are_added_each_with_its_outcome(photos):
    new = picture(200)
    outcomes = photos.inputs.add(
        [Record(new), Record(b"no picture", id="bad"), Record(picture(210), id="x/y"), Record(picture(0))]
    )
    assert photos.inputs[outcomes[0]].sha256 == sha256_of(new)
    assert [type(one) for one in outcomes[1:3]] == [InputError, InputError]
    assert (
        photos.inputs[outcomes[3]].sha256 == photos.inputs["p0"].sha256
    )  # its content is there: one more input
    assert len(photos.inputs) == 7
    assert Light.name in {one.source[6:11] for one in annotations(photos, outcomes[0])}


def test_an_input_that_shares_a_content_is_its_own(photos):
    first, second = photos.inputs.add([Record(picture(200), metadata={"of": one}) for one in ("ann", "bob")])
    assert first != second
    assert [photos.inputs[one].metadata["of"] for one in (first, second)] == ["ann", "bob"]
    photos.add(picture(200), progress=False)  # finds the earliest
    assert len(photos.inputs) == 7
    photos.delete(second)
    assert photos.image(first).size == (8, 8)
    [taken] = photos.inputs.add([Record(picture(200), id=first, metadata={"of": "eve"})])
    assert "is taken" in str(taken)
    assert photos.inputs[first].metadata == {"of": "ann"}


def test_bytes_may_say_where_they_came_from_even_twice(photos):
    url = "https://samples.example.org/a.png"
    photos.inputs.add([Record(picture(200), id="first"), Record(picture(201), id="second")], uris=[url, url])
    assert photos.inputs.from_uri(url) == ["first", "second"]
    assert photos.inputs["first"].uri == url
    assert photos.inputs.from_uri("https://samples.example.org/") == []


def test_of_two_that_came_from_one_place_the_second_is_an_error_where_there_may_be_one_only(photos):
    url = "https://samples.example.org/a.png"
    new = [Record(picture(200 + at), id=f"new{at}") for at in range(4)]
    outcomes = photos.inputs.add(new, uris=[url, url, "", url], once=[True, True, True, False])
    assert outcomes[0] == "new0"
    assert isinstance(outcomes[1], InputError)
    assert outcomes[2:] == ["new2", "new3"]
    assert photos.inputs.from_uri(url) == ["new0", "new3"]


def test_an_input_and_its_annotations_are_one_revision(photos):
    before = photos.snapshot().revision
    record = Record(picture(200), "new", {}, None, ("d",), {"porch": 1.0}, (Detection(CORNER, {"car": 0.0}),))
    assert photos.inputs.add([record], user="ann") == ["new"]
    assert photos.snapshot().revision == before + 1
    said = [(one.box, dict(one.concepts)) for one in annotations(photos, "new") if one.source == "human:ann"]
    assert said == [(None, {"porch": 1.0}), (CORNER, {"car": 0.0})]
    assert photos.regions.of("new") != {}


def test_an_input_with_an_impossible_annotation_is_not_added(photos):
    with pytest.raises(InputError, match=r"from 0 \(no\) to 1 \(yes\)"):
        photos.inputs.add([Record(picture(200), "new", concepts={"porch": 2.0})])
    assert "new" not in photos.inputs
