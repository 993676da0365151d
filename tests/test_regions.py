"""The regions of a collection by id."""

import numpy as np
import pytest
from made_up_models import CORNER, opened

from toolkit.errors import QueryError, UnknownNameError
from toolkit.values.types import Box

HALF = Box(0.0, 0.0, 1.0, 0.5)


@pytest.fixture
def photos():
    with opened() as photos:
        photos.add([np.full((8, 8, 3), gray, np.uint8) for gray in (0, 99)], progress=False)
        yield photos


def test_they_are_a_mapping_of_boxes_without_the_wholes(photos):
    first, second = photos
    corner, half = photos.add_region(first, CORNER), photos.add_region(second, HALF)
    assert dict(photos.regions) == {corner: CORNER, half: HALF}
    assert photos.regions.of(first) == {corner: CORNER}
    for id in (first, "nothing"):
        with pytest.raises(UnknownNameError):
            photos.regions[id]
        assert id not in photos.regions


def test_a_deleted_region_takes_its_annotations_with_it(photos):
    first, _ = photos
    [id] = photos.annotate(first, concept="car", box=CORNER)
    photos.regions.delete(*photos.regions)
    assert (len(photos.regions), id in photos.annotations) == (0, False)
    with pytest.raises(QueryError, match="whole"):
        photos.regions.delete(first)
