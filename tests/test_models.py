"""The models of a collection, asked about pictures that are not in it."""

import numpy as np
import pytest
from made_up_models import CORNER, Light, opened

from toolkit.errors import InputError, UnknownNameError
from toolkit.images import encode_png, from_array
from toolkit.plugins import Reliability
from toolkit.testing import pictures
from toolkit.values.types import Detection

WHITE = encode_png(from_array(np.full((8, 8, 3), 255, np.uint8)))


@pytest.fixture
def photos():
    with opened(concept_models=("light",), detectors=("corner",)) as photos:
        yield photos


def test_they_are_a_mapping_of_versions(photos):
    assert dict(photos.models) == {"light": "light@1", "corner": "corner@1", "colors": "colors@1"}
    with pytest.raises(UnknownNameError, match="light"):
        photos.models.predict("lihgt", WHITE)


def test_each_kind_says_its_own_and_nothing_is_kept(photos, tmp_path):
    light, corner, colors = (photos.models.predict(name, WHITE) for name in ("light", "corner", "colors"))
    assert (light.concepts, light.vector, light.detections) == ({"bright": 1.0}, None, ())
    assert corner.detections == (Detection(CORNER, {"corner": 0.75}, 0.5),)
    assert np.allclose(colors.vector, 3**-0.5)
    (tmp_path / "white.png").write_bytes(WHITE)
    assert photos.models.predict("light", tmp_path / "white.png").concepts == light.concepts
    assert len(photos) == 0


def test_a_model_that_was_measured_says_how_reliable_it_is():
    class Measured(Light):
        name = "measured"
        reliability = Reliability(0.042, "510 photos of 17 of its classes")

    with opened(None, Measured, concept_models=("measured", "light")) as photos:
        assert photos.models["measured"] == "measured@1"
        assert str(photos.models["measured"].reliability) == (
            "calibration error 0.04 on 510 photos of 17 of its classes; "
            "not promised for other photos, or for broad concepts"
        )
        assert photos.models["light"].reliability is None


def test_a_concept_trained_here_is_one(photos):
    photos.add(pictures(20), progress=False)
    ids = list(photos)
    photos.annotate(ids[:5], concept="porch")
    photos.annotate(ids[5:10], concept="porch", value=0)
    photos.train("porch", progress=False)
    assert photos.models["trained-porch"] == "trained-porch@1"
    assert photos.models["trained-porch"].reliability.positives == 5
    encoded = encode_png(photos.image(ids[0]))
    (value,) = photos.models.predict("trained-porch", encoded).concepts.values()
    (hit,) = photos.search(
        photos.terms.concept("porch", source="model") & photos.terms.input(ids[0]), limit=1
    )
    assert 0 <= value <= 1
    said = [one for one in photos.annotations.of([ids[0]]) if one.source == "model:trained-porch@1"]
    assert value == pytest.approx(said[0].concepts["porch"], abs=0.02)
    assert hit.score > 0


def test_each_says_what_it_gives(photos):
    kinds = {name: version.kinds for name, version in photos.models.items()}
    assert kinds == {"light": ("concept_model",), "corner": ("detector",), "colors": ("embedder",)}


def test_a_forgotten_concept_predicts_no_more_and_labels_stay():
    with opened() as photos:
        photos.add(pictures(6), progress=False)
        some = list(photos)[:3]
        photos.annotate(some, concept="a")
        photos.train("a", exact=True, progress=False)
        assert photos.models["trained-a"].kinds == ("trained",)
        photos.models.forget("trained-a")
        assert "trained-a" not in photos.models
        assert {one.source for one in photos.annotations.of(list(photos))} == {"human:me"}
        with pytest.raises(UnknownNameError):
            photos.models.forget("trained-a")


def test_a_concept_trained_on_fewer_numbers_predicts_too(photos):
    photos.add(pictures(20), progress=False)
    photos.index(reduce=2, progress=False)
    ids = list(photos)
    photos.annotate(ids[:5], concept="porch")
    photos.annotate(ids[5:10], concept="porch", value=0)
    assert photos.train("porch", progress=False).space.startswith("colors@1~2-")
    (value,) = photos.models.predict("trained-porch", encode_png(photos.image(ids[0]))).concepts.values()
    said = [one for one in photos.annotations.of([ids[0]]) if one.source == "model:trained-porch@1"]
    assert value == pytest.approx(said[0].concepts["porch"], abs=0.02)


def test_what_is_no_picture_is_refused(photos):
    with pytest.raises(InputError):
        photos.models.predict("light", b"GIF no more")
