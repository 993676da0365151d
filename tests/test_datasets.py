"""The datasets of a collection."""

import numpy as np
import pytest
from made_up_models import opened

from toolkit.errors import UnknownNameError


@pytest.fixture
def photos():
    with opened() as photos:
        photos.add([np.full((8, 8, 3), gray, np.uint8) for gray in (0, 99)], progress=False)
        yield photos


def test_they_are_a_mapping_of_counts_in_order_of_creation(photos):
    first, second = photos
    photos.datasets.add("winter")
    photos.datasets.add("summer", [first, second])
    photos.datasets.add("summer", [first])
    assert list(photos.datasets.items()) == [("winter", 0), ("summer", 2)]
    assert photos.search(photos.terms.where(dataset="summer")).ids == [first, second]


def test_inputs_leave_one(photos):
    first, second = photos
    photos.datasets.add("summer", [first, second])
    photos.datasets.remove("summer", [first])
    assert photos.datasets["summer"] == 1
    assert photos.inputs[first].datasets == ()


def test_a_deleted_one_is_gone_and_its_inputs_stay(photos):
    first, second = photos
    photos.datasets.add("winter", [first])
    photos.datasets.add("summer", [first, second])
    assert photos.search(photos.terms.where(dataset="summer")).ids == [first, second]
    photos.datasets.delete("summer")
    assert dict(photos.datasets) == {"winter": 1}
    assert photos.inputs[first].datasets == ("winter",)
    assert photos.search(photos.terms.where(dataset="winter")).ids == [first]
    with pytest.raises(UnknownNameError, match="winter"):
        photos.datasets.delete("summer")


def test_an_unknown_dataset_is_refused_with_those_there_are(photos):
    photos.datasets.add("summer")
    with pytest.raises(UnknownNameError, match="summer"):
        photos.datasets["sommer"]
    with pytest.raises(UnknownNameError):
        photos.datasets.add("winter", ["nobody"])
    assert "winter" not in photos.datasets
