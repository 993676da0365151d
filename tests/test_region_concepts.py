"""Concept models look at the regions that are there, each as a picture of its own, and at each once."""

import numpy as np
import pytest
from click.testing import CliRunner
from made_up_models import CORNER, Corner, Light, annotations, opened

import toolkit
from toolkit.cli import main
from toolkit.errors import NotIndexedError
from toolkit.terms import concept
from toolkit.values.types import Box

LEFT, RIGHT = Box(0.0, 0.0, 1.0, 0.5), Box(0.0, 0.5, 1.0, 1.0)


def half_white(shade=0):
    """Dark on the left, white on the right."""
    picture = np.full((16, 16, 3), shade, np.uint8)
    picture[:, 8:] = 255
    return picture


class Silent(Light):
    """Says nothing of anything."""

    name = "silent"

    def predict(self, images):
        return [{} for _ in images]


def said(photos, id):
    """What models say of the regions of an input."""
    return {
        (one.box, one.source): dict(one.concepts)
        for one in annotations(photos, id)
        if one.box is not None and one.source.startswith("model:")
    }


def two_regions(photos):
    photos.add(half_white(), progress=False)
    (id,) = photos
    return id, photos.add_region(id, LEFT), photos.add_region(id, RIGHT)


def test_each_region_is_looked_at_as_a_picture_of_its_own_and_a_query_finds_it():
    with opened(concept_models=["light"]) as photos:
        id, _, right = two_regions(photos)
        assert said(photos, id) == {}
        report = photos.index(regions=True, progress=False)
        assert (report.regions, report.indexed, report.failed) == (2, 0, ())
        assert said(photos, id) == {
            (LEFT, "model:light@1"): {"bright": 0.0},
            (RIGHT, "model:light@1"): {"bright": 1.0},
        }
        (hit, *_) = photos.search(concept("bright"), level="region")
        assert (hit.region_id, hit.box) == (right, RIGHT)
        (hit,) = photos.search(concept("bright"))
        assert hit.box == RIGHT


def test_a_region_is_looked_at_once_and_only_what_is_new_later():
    with opened(concept_models=["light"]) as photos:
        id, *_ = two_regions(photos)
        photos.index(regions=True, progress=False)
        revision = photos.snapshot().revision
        assert photos.index(regions=True, progress=False).regions == 0
        assert photos.snapshot().revision == revision
        photos.add_region(id, CORNER)
        assert photos.index(regions=True, progress=False).regions == 1


def test_a_model_that_says_nothing_of_a_region_is_not_asked_again():
    with opened(None, Silent, concept_models=["silent", "light"]) as photos:
        id, *_ = two_regions(photos)
        assert photos.index(regions=True, progress=False).regions == 4
        assert said(photos, id)[LEFT, "model:silent@1"] == {}
        assert photos.index(regions=True, progress=False).regions == 0


def test_without_being_asked_nothing_looks_at_regions():
    with opened(concept_models=["light"]) as photos:
        id, *_ = two_regions(photos)
        assert photos.index(progress=False).regions == 0
        assert said(photos, id) == {}


def test_a_new_version_of_a_model_takes_the_place_of_the_one_before(tmp_path, monkeypatch):
    with opened(tmp_path / "p.db", concept_models=["light"]) as photos:
        id, left, right = two_regions(photos)
        photos.index(regions=True, progress=False)
    monkeypatch.setattr(Light, "version", "2")
    with opened(tmp_path / "p.db", concept_models=["light"]) as photos:
        photos.index(progress=False)  # it looks at the picture anew: what it said of its parts before is void
        assert said(photos, id) == {}
        assert photos.regions.unclassified([id]) == [left, right]
        photos.index(regions=True, progress=False)
        assert {source for _, source in said(photos, id)} == {"model:light@2"}


def test_regions_of_which_no_model_has_said_anything_are_listed():
    with opened(concept_models=["light"]) as photos:
        id, left, right = two_regions(photos)
        photos.annotate(id, concept="wall", box=LEFT)  # a person has seen it; no model has
        assert photos.regions.unclassified([id]) == [left, right]
        photos.index(regions=True, progress=False)
        assert photos.regions.unclassified([id]) == []


def test_what_a_detector_named_has_a_concept():
    with opened(None, Corner, concept_models=["light"], detectors=["corner"]) as photos:
        photos.add(half_white(), progress=False)
        (id,) = photos
        assert photos.regions.unclassified([id]) == []
        assert photos.index(regions=True, progress=False).regions == 1  # a detector says other things of it


def test_without_a_concept_model_the_error_says_what_to_type():
    with opened() as photos, pytest.raises(NotIndexedError, match="concept_model=NAME, regions=True"):
        photos.index(regions=True, progress=False)


def test_how_much_is_done_is_reported_and_a_picture_whose_file_is_gone_stops_nothing(tmp_path):
    from PIL import Image

    for at in range(3):
        Image.fromarray(half_white(at)).save(tmp_path / f"{at}.png")
    with opened(tmp_path / "p.db", concept_models=["light"]) as photos:
        photos.add(tmp_path, progress=False)
        for id in photos:
            photos.add_region(id, RIGHT)
        (tmp_path / "1.png").unlink()
        shares = []
        report = photos.index(regions=True, progress=False, report=shares.append)
        assert report.regions == 2
        assert len(report.failed) + len(photos.missing()) >= 1
        assert shares == sorted(shares)
        assert shares[-1] == 1.0


def test_the_command_has_it_too(tmp_path):
    with toolkit.open(tmp_path / "p.db", workflow="pixels") as photos:
        two_regions(photos)
    done = CliRunner().invoke(main, ["index", str(tmp_path / "p.db"), "--regions"])
    assert (done.exit_code, done.stdout) == (0, "0 added, 2 regions classified\n")


def test_what_a_concept_model_says_keeps_no_region_that_its_detector_no_longer_finds(tmp_path, monkeypatch):
    with opened(tmp_path / "p.db", concept_models=["light"], detectors=["corner"]) as photos:
        photos.add(half_white(), progress=False)
        drawn = photos.add_region(*photos, RIGHT)
        photos.index(regions=True, progress=False)
        assert len(photos.regions) == 2
    monkeypatch.setattr(Corner, "version", "2")
    monkeypatch.setattr(Corner, "detect", lambda self, images: [[] for _ in images])
    with opened(tmp_path / "p.db", concept_models=["light"], detectors=["corner"]) as photos:
        photos.index(progress=False)
        assert list(photos.regions) == [drawn]
