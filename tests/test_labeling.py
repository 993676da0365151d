"""What people say: by whom, of what part, all of it or nothing."""

import numpy as np
import pytest
from made_up_models import CORNER, annotations, opened, write_pictures

from toolkit.errors import InputError, QueryError, UnknownNameError
from toolkit.values.types import Box


@pytest.fixture
def photos(target, tmp_path):
    folder = tmp_path / "pictures"
    write_pictures(folder, 3)
    with opened(target) as collection:
        collection.add(folder)
        yield collection


def labels_of(photos, id):
    return [
        (one.source, one.box, dict(one.concepts), one.status, dict(one.info))
        for one in annotations(photos, id)
    ]


def test_a_label_of_one_input(photos):
    one, two, _ = photos
    (id,) = photos.annotate(one, concept="porch")
    assert labels_of(photos, one) == [("human:me", None, {"porch": 1.0}, "success", {})]
    assert [annotation.id for annotation in annotations(photos, one)] == [id]
    assert labels_of(photos, two) == []


def test_labels_of_many_inputs_by_another_user(photos):
    one, two, three = photos
    photos.annotate(
        [one, photos[two]], concepts={"porch": 0, "car": 1}, user="ann", status="checked", info={"a": 1}
    )
    expected = [("human:ann", None, {"porch": 0.0, "car": 1.0}, "checked", {"a": 1})]
    assert (labels_of(photos, one), labels_of(photos, two), labels_of(photos, three)) == (
        expected,
        expected,
        [],
    )


def test_people_keep_their_own_word(photos):
    one, *_ = photos
    photos.annotate(one, concept="porch", value=1, user="ann")
    photos.annotate(one, concept="porch", value=0, user="bob")
    assert [(source, concepts) for source, _, concepts, *_ in labels_of(photos, one)] == [
        ("human:ann", {"porch": 1.0}),
        ("human:bob", {"porch": 0.0}),
    ]


def test_saying_it_again_corrects_it(photos):
    one, *_ = photos
    first = photos.annotate(one, concept="porch", value=1)
    assert photos.annotate(one, concept="porch", value=0.0) == first
    assert [concepts for _, _, concepts, *_ in labels_of(photos, one)] == [{"porch": 0.0}]


def test_a_box_makes_a_region_and_embeds_it(photos):
    one, two, _ = photos
    photos.annotate([one, two], concept="porch", box=CORNER)
    assert [(box, concepts) for _, box, concepts, *_ in labels_of(photos, one)] == [(CORNER, {"porch": 1.0})]
    snapshot = photos.snapshot()
    assert (len(snapshot.rows), len(snapshot.spaces["colors@1"].rows)) == (5, 5)


def test_the_same_box_is_one_region(photos):
    one, *_ = photos
    region = photos.add_region(one, CORNER)
    photos.annotate(one, concept="porch", box=CORNER)
    assert (photos.add_region(one, CORNER), len(photos.snapshot().rows)) == (region, 4)
    assert region.startswith(f"{one}/")


def test_a_region_can_be_ranked_by_at_once(photos):
    one, *_ = photos
    region = photos.add_region(one, CORNER)
    (first, *_) = photos.search(photos.terms.region(region), level="region")
    assert (first.region_id, round(first.parts[0].raw, 5)) == (region, 1.0)


def test_trained_concepts_predict_a_new_region(photos):
    ids = list(photos)
    photos.add(np.full((9, 9, 3), 250, np.uint8))
    photos.add([np.full((9, 9, 3), value, np.uint8) for value in (240, 245, 1, 2, 3)])
    ids = list(photos)[3:]
    photos.annotate(ids[:3], concept="light")
    photos.annotate(ids[3:], concept="light", value=0)
    photos.train("light")
    photos.add_region(ids[0], CORNER)
    sources = [(source, box) for source, box, *_ in labels_of(photos, ids[0])]
    assert ("model:trained-light@1", CORNER) in sources


def test_a_word_of_the_collections_language_means_its_concept(photos):
    one, *_ = photos
    photos.concepts.add("n1", names={"en": "dog", "de": "Hund"})
    photos.annotate(one, concepts={"Dog": 1, "Hund": 0})
    assert [concepts for _, _, concepts, *_ in labels_of(photos, one)] == [{"n1": 1.0, "Hund": 0.0}]


def test_a_word_that_several_go_by_is_a_new_concept(photos):
    one, *_ = photos
    photos.concepts.add("n1", names={"en": "bank"})
    photos.concepts.add("n2", names={"en": "bank"})
    photos.annotate(one, concept="bank")
    assert [concepts for _, _, concepts, *_ in labels_of(photos, one)] == [{"bank": 1.0}]


NAN = float("nan")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"concept": "porch", "value": 1.5}, QueryError, "has the value 1.5; a value is from 0"),
        ({"concept": "porch", "value": -0.1}, QueryError, "has the value -0.1"),
        ({"concept": "porch", "value": NAN}, QueryError, "has the value nan"),
        ({"concept": "porch", "value": None}, QueryError, "has the value None"),
        ({"concept": "porch", "value": "yes"}, QueryError, "has the value 'yes'"),
        ({"concepts": {"porch": 1, "car": 2}}, QueryError, "'car' has the value 2"),
        ({"concept": " "}, QueryError, "blank"),
        ({"concept": "porch", "user": "a\nb"}, QueryError, "is not a source"),
        ({"concept": "porch", "info": {"a": object()}}, QueryError, "not a JSON value"),
        ({}, QueryError, "nothing to say: give concept='porch'"),
    ],
)
def test_a_bad_value_writes_nothing(photos, arguments, error, message):
    before = photos.info()
    with pytest.raises(error, match=message):
        photos.annotate(list(photos), box=CORNER, **arguments)
    assert photos.info() == before


def test_an_unknown_input_writes_nothing(photos):
    before = photos.info()
    with pytest.raises(UnknownNameError, match="no input named 'nothing'"):
        photos.annotate([*photos, "nothing"], concept="porch", box=CORNER)
    assert photos.info() == before


def test_a_box_on_a_file_that_is_gone_writes_nothing(photos, tmp_path):
    (tmp_path / "pictures" / "001.png").unlink()
    before = photos.info()
    with pytest.raises(InputError, match=r"001\.png: no such file or directory"):
        photos.annotate(list(photos), concept="porch", box=CORNER)
    assert photos.info() == before


def test_without_an_embedder_no_file_is_needed(tmp_path):
    (path,) = write_pictures(tmp_path, 1)
    with opened(embedders=()) as photos:
        photos.add(path)
        path.unlink()
        (id,) = photos
        photos.annotate(id, concept="porch", box=CORNER)
        assert [box for _, box, *_ in labels_of(photos, id)] == [CORNER]


@pytest.mark.parametrize(
    "sides", [(0, 0, 0, 0), (0.5, 0, 0.4, 1), (-0.1, 0, 1, 1), (0, 0, 1, 1.1), (0, NAN, 1, 1)]
)
def test_a_box_outside_or_inverted_is_none(sides):
    with pytest.raises(QueryError, match="box"):
        Box(*sides)


def test_nothing_to_annotate_is_nothing(photos):
    assert photos.annotate([], concept="porch") == []


def test_concepts_stay_in_the_order_in_which_a_person_wrote_them(photos):
    one, two, _ = photos
    photos.annotate(two, concept="ant")  # a concept before the others
    photos.annotate(one, concepts={"zebra": 1, "ant": 1})
    photos.annotate(one, concepts={"cow": 1, "ant": 0})
    assert [list(dict(said).items()) for _, _, said, *_ in labels_of(photos, one)] == [
        [("zebra", 1.0), ("ant", 0.0), ("cow", 1.0)]
    ]


def test_a_name_that_no_database_finds_again_is_refused(photos):
    one, *_ = photos
    before = photos.snapshot().revision
    for write in (
        lambda: photos.annotate(one, concept="a\0b"),
        lambda: photos.annotate(one, concept="porch", user="a\0b"),
        lambda: photos.datasets.add("a\0b"),
        lambda: photos.inputs.update(one, datasets=["a\0b"]),
        lambda: photos.concepts.add("boat", names={"en": "a\0b"}),
    ):
        with pytest.raises(QueryError, match="NUL"):
            write()
    assert photos.snapshot().revision == before
