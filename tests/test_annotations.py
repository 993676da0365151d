"""Single annotations: looked up, listed, carried over, put and taken back."""

from dataclasses import replace

import numpy as np
import pytest
from made_up_models import CORNER, opened

from toolkit.errors import QueryError, UnknownNameError
from toolkit.images import encode_png, from_array
from toolkit.plugins.interfaces import Record
from toolkit.values.types import Annotation, Box


def picture(gray):
    return encode_png(from_array(np.full((8, 8, 3), gray, np.uint8)))


@pytest.fixture
def photos(target):
    with opened(target, concept_models=("light",)) as photos:
        photos.add([Record(picture(40 * at), id=f"p{at}") for at in range(3)], progress=False)
        yield photos


def annotation(id="", input="p0", box=None, source="human:me", **more):
    return Annotation(id, input, "", box, source, **more)


def test_they_are_a_mapping_by_id(photos):
    [id] = photos.annotate("p0", concept="porch", info={"a": 1})
    one = photos.annotations[id]
    assert (one.input_id, one.box, one.source, one.info) == ("p0", None, "human:me", {"a": 1})
    assert (len(photos.annotations), list(photos.annotations)[-1], id in photos.annotations) == (4, id, True)
    with pytest.raises(UnknownNameError):
        photos.annotations["nothing"]


def test_a_put_annotation_comes_back_as_it_was_given(photos):
    given = annotation("a1", box=CORNER, concepts={"car": 0.25}, status="pending", info={"batch": 7})
    assert photos.annotations.put([given]) == ["a1"]
    [region] = photos.regions.of("p0")
    times = {name: getattr(photos.annotations["a1"], name) for name in ("created_at", "modified_at")}
    assert photos.annotations["a1"] == replace(given, region_id=region, **times)


def test_putting_replaces_the_annotation(photos):
    photos.annotations.put([annotation("a1", concepts={"car": 1.0}, info={"a": 1})])
    photos.annotations.put([replace(photos.annotations["a1"], concepts={"bus": 1.0}, info={})])
    assert (photos.annotations["a1"].concepts, photos.annotations["a1"].info) == ({"bus": 1.0}, {})


def test_without_an_id_each_is_a_new_one(photos):
    ids = photos.annotations.put(
        [annotation(concepts={"car": 1.0}), annotation(concepts={"car": 0.0}), annotation()]
    )
    assert len({*ids}) == 3
    assert [photos.annotations[id].concepts for id in ids] == [{"car": 1.0}, {"car": 0.0}, {}]


def test_a_new_region_is_embedded_so_that_it_can_be_searched_at_once(photos):
    photos.annotations.put(
        [annotation(box=CORNER, concepts={"car": 1.0}), annotation(input="p1", box=CORNER)]
    )
    [region] = photos.regions.of("p1")
    hits = photos.search(photos.terms.region(region), level="region")
    assert region in {hit.region_id for hit in hits}


@pytest.mark.parametrize(
    "bad",
    [
        annotation(input="nobody"),
        annotation(concepts={"car": 2.0}),
        annotation(source=""),
        annotation("taken", box=CORNER),
        annotation("taken", source="human:ann"),
    ],
)
def test_all_are_put_or_none(photos, bad):
    photos.annotations.put([annotation("taken", concepts={"car": 1.0})])
    before = photos.snapshot().revision
    with pytest.raises((UnknownNameError, QueryError)):
        photos.annotations.put([annotation("good"), bad])
    assert (photos.snapshot().revision, "good" in photos.annotations) == (before, False)


def test_several_at_once_are_one_revision_of_any_sources(photos):
    before = photos.snapshot().revision
    photos.annotations.put(
        [annotation(), annotation(source="model:x@1", input="p1"), annotation(source="human:ann", box=CORNER)]
    )
    assert photos.snapshot().revision == before + 1


def test_pages_by_every_condition(photos):
    photos.annotations.put(
        [
            annotation("a", concepts={"car": 1.0}),
            annotation("b", input="p1", source="human:ann", status="pending"),
            annotation("c", input="p1", source="model:x@1"),
            annotation("d", input="p1", source="model:x@2"),
        ]
    )

    def found(**conditions):
        return [one.id for one in photos.annotations.page(**conditions) if one.source != "model:light@1"]

    assert found() == ["a", "b", "c", "d"]
    assert found(sources=["human"]) == ["a", "b"]
    assert found(sources=["model:x"]) == ["c", "d"]
    assert found(sources=["model:x@2", "human:ann"]) == ["b", "d"]
    assert found(sources=["hum", "model:x@"]) == []
    assert found(statuses=["pending"]) == ["b"]
    assert found(inputs=["p1", "nobody"], sources=["human"]) == ["b"]
    assert found(ids=["d", "a", "nothing"]) == ["a", "d"]
    assert found(ids=["d", "a"], inputs=["p0"]) == ["a"]
    assert found(ids=["a", "b", "c", "d"], offset=1, limit=2) == ["b", "c"]
    assert found(ids=[*map(str, range(70_000))]) == []
    assert [one.id for one in photos.annotations.page(sources=["human"], offset=1, limit=1)] == ["b"]


def test_the_annotations_of_some_inputs_and_their_regions(photos):
    photos.annotations.put([annotation("a"), annotation("b", box=CORNER), annotation("c", input="p1")])
    assert [one.id for one in photos.annotations.of(["p0"]) if one.source == "human:me"] == ["a", "b"]
    with pytest.raises(UnknownNameError):
        photos.annotations.of(["nobody"])


def test_walking_the_inputs_with_what_a_source_says_of_each(photos):
    photos.annotations.put([annotation("a", input="p2"), annotation("b", input="p0", box=Box(0, 0, 1, 0.5))])
    walked = [
        (one.id, [each.id for each in each_said])
        for one, each_said in photos.annotations.by_input(source="human")
    ]
    assert walked == [("p0", ["b"]), ("p1", []), ("p2", ["a"])]
    everybody = [len(each_said) for _, each_said in photos.annotations.by_input()]
    assert everybody == [2, 1, 2]


def test_one_concept_is_taken_back_and_with_the_last_the_annotation(photos):
    photos.annotations.put(
        [
            annotation("a", concepts={"car": 1.0, "bus": 0.0}),
            annotation("noted", concepts={"car": 1.0}, info={"a": 1}),
        ]
    )
    photos.annotations.remove_concept("a", "car")
    assert photos.annotations["a"].concepts == {"bus": 0.0}
    photos.annotations.remove_concept("a", "bus")
    photos.annotations.remove_concept("noted", "car")
    assert ("a" in photos.annotations, "noted" in photos.annotations) == (False, True)
    with pytest.raises(UnknownNameError, match="bus"):
        photos.annotations.remove_concept("noted", "bus")


def test_deleting_is_of_all_or_none(photos):
    photos.annotations.put([annotation("a"), annotation("b")])
    with pytest.raises(UnknownNameError):
        photos.annotations.delete(["a", "nothing"])
    photos.annotations.delete(["a", "b"])
    assert photos.annotations.page(sources=["human"]) == []
